//! The database: which it is, how it is set up, whether its schema is this release's.

use app::App;
use chrono::TimeDelta;
use storage::SchemaState;
use storage::inspection::{self, Engine};

use super::{Finding, failed};

/// How far the server's clock may be from ours.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(30);

/// Which database it is, and its settings.
pub(super) async fn engine(app: &App) -> Vec<Finding> {
    match app.read(|_, conn| Ok(inspection::engine(conn)?)).await {
        Ok(engine) => {
            let mut findings = vec![Finding::fine(
                "database",
                format!("{} {} answers.", engine.name, engine.version),
            )];
            findings.extend(
                engine
                    .settings
                    .iter()
                    .map(|(name, value)| setting(name, value)),
            );
            findings.extend(clock(app, &engine));
            findings
        }
        Err(error) => failed("database", &error),
    }
}

fn setting(name: &'static str, value: &str) -> Finding {
    let sound = match name {
        "journal_mode" => value == "wal",
        "quick_check" => value == "ok",
        "synchronous_commit" => value != "off",
        _ => value == "on",
    };
    if sound {
        return Finding::fine(name, format!("{value}."));
    }
    let advice = match name {
        "quick_check" => {
            "The file is damaged. Stop Baton, keep a copy of the file, and restore the last backup."
        }
        "journal_mode" => "Something else changed the file's mode. Restart Baton, which sets it.",
        "fsync" => {
            "Set fsync = on in postgresql.conf and reload: a power cut destroys the database otherwise."
        }
        "full_page_writes" => {
            "Set full_page_writes = on in postgresql.conf, unless the file system writes whole pages."
        }
        _ => {
            "Baton sets it on its own connections; another program may have changed it for the role."
        }
    };
    let what = format!("{name} is {value}.");
    match name {
        "full_page_writes" => Finding::warning(name, what, advice),
        _ => Finding::error(name, what, advice),
    }
}

fn clock(app: &App, engine: &Engine) -> Option<Finding> {
    let apart = (engine.clock? - app.now()).abs();
    Some(if apart > CLOCKS_APART {
        Finding::error(
            "clock",
            format!(
                "The server's clock and this machine's are {} s apart.",
                apart.num_seconds()
            ),
            "Let both follow a time server (NTP): Baton does not start with clocks this far apart.",
        )
    } else {
        Finding::fine("clock", "The server's and this machine's agree.")
    })
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
    fn a_server_that_may_lose_what_is_committed_is_an_error() {
        assert_eq!(setting("fsync", "off").severity, Severity::Error);
        assert_eq!(setting("fsync", "on").severity, Severity::Fine);
        assert_eq!(
            setting("synchronous_commit", "off").severity,
            Severity::Error
        );
        assert_eq!(
            setting("full_page_writes", "off").severity,
            Severity::Warning
        );
        assert_eq!(
            setting("quick_check", "row 7 missing").severity,
            Severity::Error
        );
    }
}
