//! What is done after the commit: each job's payload and handler in one file.

mod at_harvest;
mod at_lever;
mod dead;
mod harvest_application;
mod harvest_person;
mod harvest_sweep;
mod lever_opportunity;
mod lever_sweep;
mod mail_invite;
mod mail_notice;
mod place_in_feed;
mod send_referral;
mod show_at;
mod way;

use ::jobs::{Held, Verdict};
use domain::{ConnectionKind, OrganizationId, Standing};
use storage::AnyConnection;
use storage::connections::{self, ConnectionRecord};

use crate::{App, Result};

pub use dead::{count_dead, list_dead, replay_dead};
pub(crate) use harvest_application::HarvestApplication;
pub(crate) use harvest_person::{Gone, HarvestPerson};
pub(crate) use harvest_sweep::HarvestSweep;
pub(crate) use lever_opportunity::LeverOpportunity;
pub(crate) use lever_sweep::LeverSweep;
pub(crate) use mail_invite::MailInvite;
pub(crate) use mail_notice::{About, MailNotice, tell_admins, tell_operator};
pub(crate) use place_in_feed::PlaceInFeed;
pub(crate) use send_referral::{PARKED as REFERRALS_PARKED, SendReferral};
pub(crate) use show_at::{ShowAt, wake_blocked};

/// An organization's connection of a kind, unless somebody ended it.
async fn standing(
    app: &App,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<Option<ConnectionRecord>> {
    app.read(move |_, conn| {
        let found = connections::find(conn, organization, kind)?;
        let ended = [Standing::NotConfigured, Standing::Disconnected];
        Ok(found.filter(|it| !ended.contains(&it.standing)))
    })
    .await
}

/// Ends the job together with the last that it does: both are kept, or neither.
pub(crate) async fn finish_with<F>(app: &App, held: &Held, last: F) -> Verdict
where
    F: Fn(&App, &mut AnyConnection) -> Result<()> + Send + 'static,
{
    let held = held.clone();
    let done = app.write(move |app, conn| {
        last(app, conn)?;
        Ok(held.finish_in(conn)?)
    });
    match done.await {
        Ok(()) => Verdict::Finished,
        Err(error) => Verdict::retry(error),
    }
}

/// Why a job was given up, for people.
pub(crate) fn why_given_up(reason: &str) -> String {
    match reason {
        "crashed" => "given up: one worker after the other ended while it was at it, the last ones with nothing else in hand".to_owned(),
        other => format!("given up after three days. {other}"),
    }
}
