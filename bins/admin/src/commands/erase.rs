//! `erase`: people, and the list of those who were.

use std::path::Path;

use app::App;
use app::erasure::{self, Erasure};
use clap::Args;
use domain::{CandidateId, OrganizationId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::{DatabaseUrl, Db};

use crate::answer::Answer;

/// Whom to erase.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whom").required(true).args(["candidate", "email", "list"]))]
pub(crate) struct Erase {
    /// Whose candidate.
    #[arg(long, value_name = "ID", required_unless_present = "list")]
    organization: Option<OrganizationId>,
    /// By id.
    #[arg(long, value_name = "ID")]
    candidate: Option<CandidateId>,
    /// By address.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Erase nobody: list all who were erased, as ids. Keep it (with --json) apart from the backups, for `restore --erasures`.
    #[arg(long)]
    list: bool,
}

/// One line of the list.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    organization: OrganizationId,
    candidate: CandidateId,
    asked_at: chrono::DateTime<chrono::Utc>,
}

impl From<&Erasure> for Entry {
    fn from(erasure: &Erasure) -> Self {
        Self {
            organization: erasure.organization,
            candidate: erasure.candidate,
            asked_at: erasure.asked_at,
        }
    }
}

impl From<Entry> for Erasure {
    fn from(entry: Entry) -> Self {
        Self {
            organization: entry.organization,
            candidate: entry.candidate,
            asked_at: entry.asked_at,
            finished_at: None,
        }
    }
}

/// Erases somebody, or lists who was.
pub(crate) async fn run(app: &App, wanted: Erase) -> app::Result<Answer> {
    let Some(organization) = wanted.organization.filter(|_| !wanted.list) else {
        return list(app).await;
    };
    let candidate = match (wanted.candidate, wanted.email) {
        (Some(candidate), _) => candidate,
        (None, email) => {
            let email = email.unwrap_or_default();
            app.read(move |_, conn| erasure::by_email(conn, organization, &email))
                .await?
        }
    };
    let many = erasure::erase(app, organization, candidate).await?;
    let lines = format!(
        "Erased candidate {candidate}: names, addresses, answers and reports of {many} invites. The invites stay as numbers.\n\
         Backups made before still hold the person: keep them at most 35 days, and keep the list of erased people for a \
         restore (baton-admin erase --list --json)."
    );
    Ok(Answer::new(
        lines,
        json!({ "candidate": candidate, "organization": organization, "invites": many }),
    ))
}

async fn list(app: &App) -> app::Result<Answer> {
    let found = app
        .read(|_, conn| Ok(storage::erasures::all(conn)?))
        .await?;
    let entries: Vec<Entry> = found.iter().map(Entry::from).collect();
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let (organization, candidate) = (entry.organization, entry.candidate);
            format!(
                "{}  {organization}  {candidate}",
                entry.asked_at.to_rfc3339()
            )
        })
        .collect();
    Ok(Answer::new(lines.join("\n"), json!(entries)))
}

/// Reads what [`list`] wrote.
pub(super) fn read_list(file: &Path) -> Result<Vec<Erasure>, String> {
    let unread = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| unread(&error))?;
    let entries: Vec<Entry> = serde_json::from_str(&text).map_err(|error| unread(&error))?;
    Ok(entries.into_iter().map(Into::into).collect())
}

/// Whom the database knows as erased that is about to be replaced; nobody, where there is none or it cannot be read.
pub(super) fn tombstones_at(url: &DatabaseUrl) -> Vec<Erasure> {
    if matches!(url, DatabaseUrl::Sqlite(path) if !path.exists()) {
        return Vec::new();
    }
    Db::look(url, storage::erasures::all).unwrap_or_default()
}
