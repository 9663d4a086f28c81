//! The keys that secrets at rest are encrypted with.

use std::collections::BTreeMap;

use app::{App, reencryption};

use super::{Finding, failed};

/// Is every key there that a stored secret needs, and can any be taken out?
pub(super) async fn keys(app: &App) -> Vec<Finding> {
    let uses = app.read(|_, conn| Ok(storage::secrets::key_ids(conn)?));
    let uses = match uses.await {
        Ok(uses) => uses,
        Err(error) => return failed("keys", &error),
    };
    let mut held: BTreeMap<String, i64> = BTreeMap::new();
    for used in uses {
        *held.entry(used.key_id).or_default() += used.rows;
    }
    let mut findings: Vec<Finding> = held
        .iter()
        .filter_map(|(id, rows)| judge(app, id, *rows))
        .collect();
    findings.extend(
        app.key_ids()
            .skip(1)
            .filter(|id| !held.contains_key(*id))
            .map(idle),
    );
    if findings.is_empty() {
        findings.push(readable(app).await);
    }
    findings
}

fn judge(app: &App, id: &str, rows: i64) -> Option<Finding> {
    if id == app.first_key() {
        return None;
    }
    Some(if id.is_empty() {
        Finding::error(
            "keys",
            format!("{rows} secrets are not encrypted, or damaged."),
            "Somebody wrote to the database past Baton. Restore a backup.",
        )
    } else if app.holds_key(id) {
        Finding::warning(
            "keys",
            format!("{rows} secrets are still encrypted with the older key `{id}`."),
            "Run baton-admin rotate-keys.",
        )
    } else {
        Finding::error(
            "keys",
            format!("{rows} secrets are encrypted with key `{id}`, which is not there."),
            "Put the key back into `secrets.keys`: without it they are lost.",
        )
    })
}

fn idle(id: &str) -> Finding {
    Finding::warning(
        "keys",
        format!("The older key `{id}` holds no secret any more."),
        "Take it out of `secrets.keys`, and restart.",
    )
}

async fn readable(app: &App) -> Finding {
    match reencryption::unreadable(app).await {
        Ok(0) => Finding::fine("keys", "Every secret can be read with the first key."),
        Ok(many) => Finding::error(
            "keys",
            format!(
                "{many} secrets cannot be read: the key of this id is another one than they were encrypted with, or they were \
                 moved or changed."
            ),
            "Put the right key into `secrets.keys`, or restore a backup.",
        ),
        Err(error) => failed("keys", &error).remove(0),
    }
}
