//! The audit log: does each entry follow from the one before?

use app::{App, audit};

use super::{Finding, failed};

/// Follows every chain to its end.
pub(super) async fn chains(app: &App) -> Vec<Finding> {
    let (chains, broken) = match audit::verify(app).await {
        Ok(found) => found,
        Err(error) => return failed("audit_log", &error),
    };
    if broken.is_empty() {
        let what = format!("{chains} chains are whole.");
        return vec![Finding::fine("audit_log", what)];
    }
    let say = |broken: &audit::Broken| {
        Finding::error(
            "audit_log",
            format!(
                "The log of organization {} was changed: entry {} does not follow from the one before.",
                broken.organization, broken.number
            ),
            "Somebody wrote to the database past Baton. Compare with a backup, and with the chain ends it was made with.",
        )
    };
    broken.iter().map(say).collect()
}
