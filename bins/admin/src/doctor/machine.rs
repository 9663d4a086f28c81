//! The machine: room on the disk, and backups.

use std::path::Path;
use std::process::Command;

use app::App;
use app::audit::Action;
use chrono::TimeDelta;
use server::settings::{DatabaseUrl, Settings};
use storage::inspection;

use super::{Finding, failed};

/// Less room is soon used up, in MiB.
const LITTLE: u64 = 1024;
/// Less room stops writes within hours, in MiB.
const NONE: u64 = 100;
/// A backup that is older does not help much.
const OLD: TimeDelta = TimeDelta::days(2);

/// Room on the disk that an SQLite database lies on; a server's disk cannot be seen from here.
pub(super) fn disk(settings: &Settings) -> Vec<Finding> {
    let DatabaseUrl::Sqlite(path) = &settings.database.url else {
        return Vec::new();
    };
    let folder = path.parent().filter(|folder| folder.exists());
    let Some(free) = free_mebibytes(folder.unwrap_or(Path::new("."))) else {
        return Vec::new();
    };
    vec![judge_room(free)]
}

fn judge_room(free: u64) -> Finding {
    let what = format!("{free} MiB are free where the database lies.");
    let advice = "Make room, or move the database: a full disk stops all writing.";
    match free {
        0..NONE => Finding::error("disk", what, advice),
        NONE..LITTLE => Finding::warning("disk", what, advice),
        _ => Finding::fine("disk", what),
    }
}

/// What `df` says: POSIX gives its fourth column as free kibibytes.
fn free_mebibytes(folder: &Path) -> Option<u64> {
    let said = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    let line = text.lines().nth(1)?;
    let kibibytes: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes / 1024)
}

/// When the last backup was made.
pub(super) async fn backups(app: &App) -> Vec<Finding> {
    let last = app.read(|_, conn| Ok(inspection::last_noted(conn, Action::BackupMade.as_str())?));
    let last = match last.await {
        Ok(last) => last,
        Err(error) => return failed("backups", &error),
    };
    let advice = "Run baton-admin backup FILE each day, and try a restore now and then.";
    vec![match last {
        Some(at) if app.now() - at <= OLD => Finding::fine(
            "backups",
            format!(
                "The last one was made {} hours ago.",
                (app.now() - at).num_hours()
            ),
        ),
        Some(at) => Finding::warning(
            "backups",
            format!(
                "The last one was made {} days ago.",
                (app.now() - at).num_days()
            ),
            advice,
        ),
        None => Finding::warning("backups", "baton-admin has made none yet.", advice),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    #[test]
    fn room_is_judged_by_how_long_it_lasts() {
        assert_eq!(judge_room(50).severity, Severity::Error);
        assert_eq!(judge_room(500).severity, Severity::Warning);
        assert_eq!(judge_room(50_000).severity, Severity::Fine);
    }

    #[test]
    fn free_room_is_read_from_df() {
        assert!(free_mebibytes(Path::new("/")).is_some());
    }
}
