//! Jobs that were given up: listed, and queued again.

use jobs::Job;
use storage::AnyConnection;
use storage::Page;
use storage::jobs::{DeadFilter, DeadJob, count_dead as count, dead, replay};

use super::mail_invite::mail_again;
use super::send_referral::pass_on_again;
use super::show_at::call_again;
use super::{MailInvite, SendReferral, ShowAt};
use crate::{App, Result};

/// So many are queued again in one transaction.
const SLICE: i64 = 50;

/// One page of the jobs that were given up, newest first.
///
/// # Errors
/// Those of the database.
pub async fn list_dead(app: &App, filter: DeadFilter, page: Page) -> Result<Vec<DeadJob>> {
    app.read(move |_, conn| Ok(dead(conn, &filter, page)?))
        .await
}

/// How many jobs were given up.
///
/// # Errors
/// Those of the database.
pub async fn count_dead(app: &App, filter: DeadFilter) -> Result<i64> {
    app.read(move |_, conn| Ok(count(conn, &filter)?)).await
}

/// Queues the jobs that `filter` lets through again, as if they had never been tried; what users see of them is `queued` or
/// `retrying` again. Answers which: for the audit log. `also` is done in each transaction, with the jobs it queues.
///
/// # Errors
/// Those of the database and of `also`. What earlier transactions queued stays queued.
pub async fn replay_dead<F>(app: &App, filter: DeadFilter, also: F) -> Result<Vec<DeadJob>>
where
    F: Fn(&App, &mut AnyConnection, &[DeadJob]) -> Result<()> + Clone + Send + 'static,
{
    let mut all = Vec::new();
    loop {
        let (filter, also) = (filter.clone(), also.clone());
        let slice = app.write(move |app, conn| {
            let replayed = replay(conn, &filter, SLICE, app.now())?;
            for job in &replayed {
                show_again(app, conn, job)?;
            }
            also(app, conn, &replayed)?;
            Ok(replayed)
        });
        let slice = slice.await?;
        if slice.is_empty() {
            return Ok(all);
        }
        all.extend(slice);
    }
}

/// What users saw of its death is no longer so.
fn show_again(app: &App, conn: &mut AnyConnection, job: &DeadJob) -> storage::Result<()> {
    match job.kind.as_str() {
        MailInvite::KIND => {
            if let Ok(mail) = serde_json::from_str(&job.payload) {
                mail_again(conn, job.organization, &mail)?;
            }
        }
        ShowAt::KIND => {
            if let Ok(show) = serde_json::from_str(&job.payload) {
                call_again(app, conn, job.organization, &show)?;
            }
        }
        SendReferral::KIND => {
            if let Ok(send) = serde_json::from_str(&job.payload) {
                pass_on_again(app, conn, job.organization, &send)?;
            }
        }
        _ => {}
    }
    Ok(())
}
