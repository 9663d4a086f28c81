//! `jobs list` and `jobs replay`: work that was given up.

use app::App;
use app::audit::{self, Action};
use app::jobs::{count_dead, list_dead, replay_dead};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use domain::{JobId, OrganizationId};
use serde_json::{Value, json};
use storage::jobs::{DeadFilter, DeadJob};

use crate::answer::Answer;

#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// List jobs that were given up, newest first, at most 100 of them.
    #[command(after_help = "Example: baton-admin jobs list --kind show_at --reason 422")]
    List(Which),
    /// Queue jobs that were given up again, as if they had never been tried.
    #[command(
        after_help = "Example: baton-admin jobs replay --kind mail_invite --since 2026-12-01T00:00:00Z"
    )]
    Replay {
        /// This one.
        #[arg(required_unless_present_any = ["organization", "kind", "reason", "since", "all"])]
        id: Option<JobId>,
        #[command(flatten)]
        which: Which,
        /// Every one.
        #[arg(long, conflicts_with_all = ["id", "organization", "kind", "reason", "since"])]
        all: bool,
    },
}

/// Which of the jobs that were given up.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Of this organization.
    #[arg(long, value_name = "ID")]
    organization: Option<OrganizationId>,
    /// Of this kind.
    #[arg(long)]
    kind: Option<String>,
    /// With this text in the reason.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Given up at or after this moment (RFC 3339).
    #[arg(long, value_name = "MOMENT")]
    since: Option<DateTime<Utc>>,
}

impl Which {
    fn filter(self, id: Option<JobId>) -> DeadFilter {
        DeadFilter {
            id,
            organization: self.organization,
            kind: self.kind,
            reason: self.reason,
            since: self.since,
        }
    }
}

/// Carries a command out.
pub(crate) async fn run(app: &App, command: JobsCommand) -> app::Result<Answer> {
    match command {
        JobsCommand::List(which) => list(app, which.filter(None)).await,
        JobsCommand::Replay { id, which, .. } => replay(app, which.filter(id)).await,
    }
}

async fn list(app: &App, filter: DeadFilter) -> app::Result<Answer> {
    let page = storage::Page {
        limit: 100,
        before: None,
    };
    let many = count_dead(app, filter.clone()).await?;
    let found = list_dead(app, filter, page).await?;
    let mut lines: Vec<String> = found.iter().map(line).collect();
    lines.push(format!("{many} jobs were given up."));
    let json = json!({ "count": many, "jobs": found.iter().map(shown).collect::<Vec<_>>() });
    Ok(Answer::new(lines.join("\n"), json))
}

fn line(job: &DeadJob) -> String {
    let reason = job.reason.as_deref().unwrap_or("no reason is known");
    format!("{}  {}  {}  {reason}", job.id, job.organization, job.kind)
}

fn shown(job: &DeadJob) -> Value {
    json!({
        "id": job.id, "organization": job.organization, "kind": job.kind, "reason": job.reason,
        "attempts": job.attempts, "created_at": job.created_at, "died_at": job.died_at,
    })
}

async fn replay(app: &App, filter: DeadFilter) -> app::Result<Answer> {
    let replayed = replay_dead(app, filter, |app, conn, jobs| {
        for job in jobs {
            let object = format!("job:{}", job.id);
            let detail = json!({ "kind": job.kind });
            let action = Action::JobsReplayed;
            audit::note(app, conn, Some(job.organization), action, object, detail)?;
        }
        Ok(())
    });
    let replayed = replayed.await?;
    let lines = format!("Queued {} jobs again.", replayed.len());
    let ids: Vec<JobId> = replayed.iter().map(|job| job.id).collect();
    Ok(Answer::new(lines, json!({ "replayed": ids })))
}
