//! The database: which it is, how it is set up, whether its schema is this release's.

use app::App;
use domain::SystemClock;
use server::settings::Settings;
use storage::inspection;
use storage::{Objection, SchemaState};

use super::{Finding, failed};

/// Which database it is, and whether its file is whole.
pub(super) async fn engine(app: &App) -> Vec<Finding> {
    let looked = app.read(|_, conn| Ok((inspection::engine(conn)?, inspection::damage(conn)?)));
    let (engine, damage) = match looked.await {
        Ok(looked) => looked,
        Err(error) => return failed("database", &error),
    };
    let answers = format!("{} {} answers.", engine.name, engine.version);
    let mut findings = vec![Finding::fine("database", answers)];
    findings.extend(damage.map(|said| {
        Finding::error(
            "database_file",
            format!("The file is damaged: {said}."),
            "Stop Baton, keep a copy of the file, and restore the last backup.",
        )
    }));
    findings
}

/// What a start would object to.
pub(super) fn set_up(settings: &Settings) -> Vec<Finding> {
    match storage::examine(&server::database_url(settings), &SystemClock) {
        Ok(found) if found.is_empty() => {
            let fine = "It keeps what it says it keeps.";
            vec![Finding::fine("database_set_up", fine)]
        }
        Ok(found) => found.iter().map(objection).collect(),
        Err(error) => failed("database_set_up", &error.into()),
    }
}

fn objection(found: &Objection) -> Finding {
    let (what, advice) = (sentence(&found.what), sentence(found.advice));
    match found.forbids {
        true => Finding::error("database_set_up", what, advice),
        false => Finding::warning("database_set_up", what, advice),
    }
}

/// As a line of its own.
fn sentence(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Is the schema this release's?
pub(super) async fn schema(app: &App) -> app::Result<Finding> {
    let state = app.read(|_, conn| Ok(storage::schema_state(conn)?)).await?;
    Ok(match state {
        SchemaState::Fits => Finding::fine("schema", "It fits this release."),
        SchemaState::Behind(lacking) => Finding::error(
            "schema",
            format!("{} migrations of this release are missing.", lacking.len()),
            "Run baton-admin migrate, or start Baton with `database.migrate` on.",
        ),
        SchemaState::Ahead(version) => Finding::error(
            "schema",
            format!(
                "Its migration {version} is of a later release, which took away what this one needs."
            ),
            "Run the later release.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    #[test]
    fn what_keeps_programs_from_starting_is_an_error_and_the_rest_a_warning() {
        let mut found = Objection {
            forbids: true,
            what: "it forgets".into(),
            advice: "set it up anew",
        };
        let finding = objection(&found);
        assert_eq!(
            (finding.severity, finding.what.as_str()),
            (Severity::Error, "It forgets.")
        );
        assert_eq!(finding.advice.as_deref(), Some("Set it up anew."));
        found.forbids = false;
        assert_eq!(objection(&found).severity, Severity::Warning);
    }
}
