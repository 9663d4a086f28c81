//! Passes a candidate on to Greenhouse, once interviewer and candidate have both said yes.

use chrono::{DateTime, Utc};
use domain::{Passing, Receipt, ReferralId};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::jobs::NewJob;
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, events};

use crate::App;
use crate::connections::PARKED_FOR;
use crate::jobs::why_given_up;
use crate::reactions::note_about;
use crate::referrals::thread;
use crate::worker::Tools;

/// Jobs that need Harvest wait under this name; whoever connects it, or names an author, wakes them.
pub(crate) const PARKED: &str = "greenhouse_harvest";

/// Passes one candidate on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendReferral {
    referral: ReferralId,
}

impl Job for SendReferral {
    const KIND: &'static str = "send_referral";
}

impl SendReferral {
    /// The job for `record`. Those of one person are done one after the other: two at once might make the person twice.
    pub(crate) fn job(app: &App, now: DateTime<Utc>, record: &ReferralRecord) -> NewJob {
        let job = Self {
            referral: record.id,
        };
        job.queued(app.draw(), record.organization, record.id.to_string(), now)
            .in_order(format!("refer {}", record.candidate_id))
    }
}

impl Handler<Tools> for SendReferral {
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (held, id) = (held.clone(), self.referral);
        let parked = tools.app.write(move |app, conn| {
            let Some(record) = due(conn, &held, id)? else {
                held.finish_in(conn)?;
                return Ok(());
            };
            let detail = "Greenhouse is not connected: connect to Greenhouse on the Integrations page. It goes on by itself then"
                .to_owned();
            keep(app, conn, &record, Receipt::Blocked { detail: detail.clone() })?;
            held.park_in(conn, PARKED, app.now() + PARKED_FOR, &detail)?;
            Ok(())
        });
        match parked.await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::retry(error),
        }
    }

    /// It has failed for good, for all to see.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let Some(record) = due(conn, held, self.referral)? else {
            return Ok(());
        };
        let detail = why_given_up(reason);
        keep(&tools.app, conn, &record, Receipt::Failed { detail })
    }
}

/// What is still to be passed on.
fn due(
    conn: &mut AnyConnection,
    held: &Held,
    id: ReferralId,
) -> storage::Result<Option<ReferralRecord>> {
    let found = referrals::find(conn, held.organization, id)?;
    Ok(found.filter(|it| it.referral.is_due() && !it.candidate.is_erased()))
}

/// Stores how far it has come; on the timeline too, where it is news.
fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: &ReferralRecord,
    receipt: Receipt,
) -> storage::Result<()> {
    let now = app.now();
    let before = record.referral.passing.as_ref();
    let after = Passing::of(receipt, now);
    let same = before.is_some_and(|it| it.state == after.state && it.detail == after.detail);
    if same {
        return Ok(());
    }
    let mut changed = record.clone();
    let name = format!("writeback.{}", after.state.as_str());
    let detail = json!({ "target": "greenhouse_note", "detail": after.detail });
    changed.referral.passing = Some(after);
    referrals::save(conn, &changed)?;
    let about = (record.organization, thread(record.id));
    events::insert(conn, &[note_about(app, now, about, &name, detail)])
}

/// What was given up is to be done after all.
pub(crate) fn pass_on_again(
    app: &App,
    conn: &mut AnyConnection,
    held_by: domain::OrganizationId,
    job: &SendReferral,
) -> storage::Result<()> {
    let found = referrals::find(conn, held_by, job.referral)?;
    match found {
        Some(record) if record.referral.is_due() => {
            let detail = "queued again".to_owned();
            keep(app, conn, &record, Receipt::Retrying { detail })
        }
        _ => Ok(()),
    }
}
