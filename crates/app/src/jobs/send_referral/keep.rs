//! What came of passing somebody on, kept for all to see.

use ats::Shown;
use domain::{OrganizationId, Passing, Receipt, ReferralId, WritebackState};
use jobs::{Held, Verdict};
use serde_json::json;
use storage::circuits::Failing;
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, events};

use super::due;
use crate::circuits::FarSide;
use crate::connections::HARVEST_PARKED;
use crate::jobs::show_at::feed::NAMES;
use crate::jobs::show_at::{count_failure, end, has_failed, settle};
use crate::reactions::note_about;
use crate::referrals::thread;
use crate::{App, Result};

/// What is blocked waits under this name.
pub(crate) const PARKED: &str = HARVEST_PARKED;

/// Were the steps kept?
pub(super) enum Kept {
    /// They were.
    Yes,
    /// Nobody is to be passed on any more.
    NotDue,
    /// Somebody else has changed them meanwhile.
    ByOthers,
}

/// Keeps steps, where nobody has changed them since they were `before`; where one `begins`, nobody can take the yes back from
/// then on.
pub(super) async fn keep_steps(
    app: &App,
    held: &Held,
    id: ReferralId,
    (before, after): (&str, &str),
    begins: bool,
) -> Result<Kept> {
    let organization = held.organization;
    let (before, after) = (before.to_owned(), after.to_owned());
    app.write(move |_, conn| {
        let Some(mut record) = due::record(conn, organization, id)? else {
            return Ok(Kept::NotDue);
        };
        if record.steps != before {
            return Ok(Kept::ByOthers);
        }
        record.steps.clone_from(&after);
        record.referral.begun |= begins;
        referrals::save(conn, &record)?;
        Ok(Kept::Yes)
    })
    .await
}

/// Stores how far it has come; on the timeline too, where it is news.
pub(super) fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: ReferralRecord,
    receipt: Receipt,
) -> storage::Result<()> {
    let after = Passing::of(receipt, app.now());
    keep_passing(app, conn, record, after)
}

fn keep_passing(
    app: &App,
    conn: &mut AnyConnection,
    mut record: ReferralRecord,
    after: Passing,
) -> storage::Result<()> {
    let before = record.referral.passing.as_ref();
    if before.is_some_and(|it| it.state == after.state && it.detail == after.detail) {
        return Ok(());
    }
    let name = format!("writeback.{}", after.state.as_str());
    let detail = json!({ "target": "greenhouse_note", "detail": after.detail });
    record.referral.passing = Some(after);
    referrals::save(conn, &record)?;
    let about = (record.organization, thread(record.id));
    events::insert(conn, &[note_about(app, app.now(), about, &name, detail)])
}

/// All of it is in Greenhouse: keeps that, and ends the job.
pub(super) async fn finish(
    app: &App,
    held: &Held,
    id: ReferralId,
    steps: String,
    (state, detail): (WritebackState, String),
) -> Result<()> {
    let held = held.clone();
    app.write(move |app, conn| {
        if let Some(record) = due::record(conn, held.organization, id)?
            && record.steps == steps
        {
            let passing = Passing {
                state,
                at: app.now(),
                detail: Some(detail.clone()),
            };
            keep_passing(app, conn, record, passing)?;
        }
        Ok(held.finish_in(conn)?)
    })
    .await
}

/// Keeps what came of a step that could not be taken, and ends or parks the job with that.
pub(super) async fn conclude(
    app: &App,
    held: &Held,
    id: ReferralId,
    failing: Option<&Failing>,
    shown: Shown,
) -> Verdict {
    let organization = held.organization;
    let failed = has_failed(&shown);
    let heard = matches!(shown.receipt, Receipt::Retrying { .. }) && !failed;
    let settled = settle(shown, &NAMES);
    let claim = held.clone();
    let kept = app
        .write(move |app, conn| {
            let (receipt, said) = if failed {
                count_failure(app, conn, FarSide::HARVEST, organization, settled.clone())?
            } else {
                settled.clone()
            };
            if let Some(record) = due::record(conn, organization, id)? {
                keep(app, conn, record, receipt)?;
            }
            end(app, conn, &claim, &said)?;
            Ok(said)
        })
        .await;
    if heard {
        answered(app, organization, failing).await;
    }
    match kept {
        Err(error) => Verdict::retry(error),
        Ok(Verdict::Park { .. }) => Verdict::Finished,
        Ok(verdict) => verdict,
    }
}

/// Parks the job where Harvest is left alone for now, and says so; answers whether it did.
pub(super) async fn is_left_alone(app: &App, held: &Held, id: ReferralId) -> Result<bool> {
    let held = held.clone();
    app.write(move |app, conn| {
        let Some(detail) = FarSide::HARVEST.enter(conn, &held, app.now())? else {
            return Ok(false);
        };
        if let Some(record) = due::record(conn, held.organization, id)? {
            keep(app, conn, record, Receipt::Retrying { detail })?;
        }
        Ok(true)
    })
    .await
}

/// Harvest has answered: what waits for that goes on.
pub(super) async fn answered(app: &App, organization: OrganizationId, failing: Option<&Failing>) {
    if let Err(error) = FarSide::HARVEST.answered(app, organization, failing).await {
        tracing::warn!(%error, "that Greenhouse answers again could not be kept; the next call keeps it");
    }
}
