//! `backup` and `restore`.

use std::path::{Path, PathBuf};

use app::App;
use app::audit::{self, Action};
use app::erasure::{self, Erasure};
use clap::Args;
use serde_json::{Value, json};
use server::settings::Settings;
use storage::DatabaseUrl;
use storage::backup::{self, Copy, Facts, TableCount};

use super::Outcome;
use super::erase::{read_list, tombstones_at};
use crate::answer::Answer;

/// Where a backup comes from, and what happens on the way.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file made by `backup`.
    file: PathBuf,
    /// Put it in the place of what is there: an SQLite file is moved aside, rows on a server are deleted.
    #[arg(long)]
    replace: bool,
    /// People who were erased, as `erase --list --json` wrote them down: they are erased again before anything else. Those
    /// whom the replaced database names are known without it.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Writes a backup.
pub(crate) async fn back_up(settings: &Settings, app: &App, file: PathBuf) -> Outcome {
    let url = server::database_url(settings);
    let (to, made_at) = (file.clone(), app.now());
    let made = tokio::task::spawn_blocking(move || {
        backup::make(&url, &to, made_at, env!("CARGO_PKG_VERSION"))
    });
    let (facts, counts) = made
        .await
        .map_err(|_| "the backup ended unexpectedly".to_owned())?
        .map_err(|error| error.to_string())?;
    let rows = total(&counts);
    app.write(move |app, conn| {
        let detail = json!({ "rows": rows });
        audit::note(app, conn, None, Action::BackupMade, "database", detail)
    })
    .await
    .map_err(|error| error.to_string())?;
    let lines = format!(
        "Wrote {} ({rows} rows), opened it again and checked it.\n\
         It holds no key: keep `secrets.keys` (or the key file) apart from it, without them its secrets cannot be read.\n\
         Everything else in it is in clear: keep it where only you can read it, at most 35 days.\n\
         Keep the list of erased people apart from it, too: baton-admin erase --list --json",
        file.display()
    );
    Ok(Answer::new(
        lines,
        described(&facts, &counts, json!({ "file": file })),
    ))
}

fn total(counts: &[TableCount]) -> i64 {
    counts.iter().map(|count| count.rows).sum()
}

fn described(facts: &Facts, counts: &[TableCount], mut rest: Value) -> Value {
    let tables = counts
        .iter()
        .map(|count| (count.table.clone(), json!(count.rows)))
        .collect();
    rest["made_at"] = json!(facts.made_at);
    rest["release"] = json!(facts.release);
    rest["engine"] = json!(facts.engine);
    rest["audit_chains"] = facts
        .audit_chains
        .iter()
        .map(|(organization, number, hash)| {
            json!({ "organization": organization, "entries": number, "hash": hash })
        })
        .collect();
    rest["rows"] = Value::Object(tables);
    rest
}

/// Puts a backup where the settings say the database is. All that can fail is tried on a copy first.
pub(crate) async fn restore(settings: &Settings, by: audit::By, wanted: Restore) -> Outcome {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let url = server::database_url(settings);
    backup::check_room(&url, wanted.replace).map_err(|error| words(&error))?;
    let mut tombstones = tombstones_at(&url);
    if let Some(list) = &wanted.erasures {
        tombstones.extend(read_list(list)?);
    }
    let (copy, facts, counts) =
        Copy::of(&wanted.file, &beside(&url, &wanted.file)).map_err(|error| words(&error))?;
    let app = server::open_copy(settings, &copy.url())
        .map_err(|error| words(&error))?
        .acting(by);
    keys_fit(&app).await?;
    let erased = erase_again(&app, tombstones, &facts)
        .await
        .map_err(|error| words(&error))?;
    drop(app);
    copy.become_database(&url, wanted.replace)
        .map_err(|error| words(&error))?;
    let rows = total(&counts);
    let mut lines = format!(
        "Restored the backup of {} ({rows} rows). {erased} people who were erased since are erased in it again.",
        facts.made_at.format("%-d %B %Y, %H:%M UTC"),
    );
    if wanted.erasures.is_none() && !wanted.replace {
        lines.push_str(
            "\nPeople who were erased after the backup was made are known to it no more. Erase them again before you start \
             Baton: baton-admin restore … --erasures FILE, or baton-admin erase.",
        );
    }
    lines.push_str("\nThen start Baton, and run baton-admin doctor.");
    let rest = json!({ "file": wanted.file, "erased_again": erased });
    Ok(Answer::new(lines, described(&facts, &counts, rest)))
}

/// Where the copy is worked on: on the same disk as the place it goes to, if that is a file.
fn beside(url: &DatabaseUrl, file: &Path) -> PathBuf {
    match url {
        DatabaseUrl::Sqlite(place) => place.clone(),
        DatabaseUrl::Postgres(_) => {
            let mut name = file.as_os_str().to_owned();
            name.push(".copy");
            PathBuf::from(name)
        }
    }
}

async fn keys_fit(app: &App) -> Result<(), String> {
    let unreadable = app::reencryption::unreadable(app)
        .await
        .map_err(|error| error.to_string())?;
    if unreadable == 0 {
        return Ok(());
    }
    Err(format!(
        "{unreadable} secrets in the backup cannot be read with the keys in `secrets.keys`; give the keys that were in use when \
         it was made. Nothing was changed."
    ))
}

async fn erase_again(app: &App, tombstones: Vec<Erasure>, facts: &Facts) -> app::Result<usize> {
    let detail = json!({ "made_at": facts.made_at, "release": facts.release });
    app.write(move |app, conn| {
        erasure::take_over(conn, &tombstones)?;
        let detail = detail.clone();
        audit::note(app, conn, None, Action::BackupRestored, "database", detail)
    })
    .await?;
    erasure::finish_all(app).await
}
