//! Shows an invite at one of its places in an ATS.

pub(super) mod feed;
mod greenhouse;
mod lever;

use std::sync::Arc;
use std::time::Duration;

use ats::Shown;
use chrono::{DateTime, Utc};
use domain::{
    ConnectionKind, InviteId, OrganizationId, PlaceId, Receipt, Target, Writeback, WritebackState,
};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::circuits::Failing;
use storage::jobs::NewJob;
use storage::parkings::Parking;
use storage::places::PlaceRecord;
use storage::{AnyConnection, circuits, events, invites, parkings, places};

use crate::circuits::FarSide;
use crate::connections::{found_allowed, note_trouble};
use crate::jobs::why_given_up;
use crate::reactions::note;
use crate::worker::{PatchCredential, Tools};
use crate::{App, Result};

/// How long to wait for an ATS that asks to wait and does not say how long.
const ASKED_TO_WAIT: Duration = Duration::from_secs(30);

/// Under which names an ATS's work waits.
pub(super) struct Names {
    /// What is blocked: whoever mends the connection wakes it.
    pub(super) connection: &'static str,
    /// What the ATS asked to wait.
    pub(super) throttle: &'static str,
    /// How long what is blocked waits where nobody wakes it.
    pub(super) blocked: Duration,
    /// Whose failures are counted, where they are.
    pub(super) side: Option<FarSide>,
}

/// Those of an ATS.
fn names(target: Target) -> &'static Names {
    match target {
        Target::GreenhouseStatus => &greenhouse::NAMES,
        Target::GreenhouseNote => &feed::NAMES,
        Target::LeverTags | Target::LeverNote => &lever::NAMES,
    }
}

/// Makes this place show what the invite now is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ShowAt {
    invite: InviteId,
    place: PlaceId,
}

impl Job for ShowAt {
    const KIND: &'static str = "show_at";
}

impl ShowAt {
    /// The job for `place`. Its key is the place: ten changes that nobody has shown yet are one job.
    pub(crate) fn job(app: &App, now: DateTime<Utc>, place: &PlaceRecord) -> NewJob {
        let job = Self {
            invite: place.invite,
            place: place.place.id,
        };
        let key = place.place.id.to_string();
        job.queued(app.draw(), place.organization, key, now)
            .in_order(order_of(place))
    }
}

/// An invite's write-backs go one after the other. What its feed shows does not wait for its stage, which may be out of reach for days.
fn order_of(place: &PlaceRecord) -> String {
    let invite = place.invite;
    match place.place.target {
        Target::GreenhouseNote => format!("feed {invite}"),
        Target::GreenhouseStatus | Target::LeverTags | Target::LeverNote => {
            format!("show {invite}")
        }
    }
}

/// What a write-back needs to know.
struct Due {
    place: PlaceRecord,
    writeback: Writeback,
    there: There,
    /// The ATS has failed lately.
    failing: Option<Failing>,
}

/// What its ATS needs to know.
enum There {
    Greenhouse(greenhouse::Due),
    Feed(Box<feed::Due>),
    Lever(Box<lever::Due>),
}

impl Due {
    /// Does what one write-back was asked to wait keep the others from asking? Lever's allowance does that by itself.
    fn heeds_throttle(&self) -> bool {
        matches!(self.there, There::Greenhouse(_))
    }

    /// Whose failures count with it: nobody's where the ATS is not called.
    fn side(&self) -> Option<FarSide> {
        let calls = match &self.there {
            There::Greenhouse(_) => true,
            There::Feed(due) => due.calls(),
            There::Lever(due) => due.calls(),
        };
        names(self.place.place.target).side.filter(|_| calls)
    }

    /// Until when the ATS is to be left alone.
    fn throttled(&self) -> Option<&Parking> {
        match &self.there {
            There::Greenhouse(due) => due.throttled.as_ref(),
            There::Feed(_) | There::Lever(_) => None,
        }
    }
}

impl Handler<Tools> for ShowAt {
    /// A repeat does no harm: the receipt is looked at first, and each ATS takes the same once more or is looked at before.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let organization = held.organization;
        let (invite, id) = (self.invite, self.place);
        let credential = tools.patch_credential.clone();
        let due = tools
            .app
            .read(move |app, conn| due(app, conn, organization, invite, id, &credential))
            .await;
        let due = match due {
            Ok(Some(due)) => Arc::new(due),
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        if let Some(throttle) = due.throttled() {
            let left = (throttle.until - tools.app.now())
                .to_std()
                .unwrap_or_default();
            let name = names(due.place.place.target).throttle;
            return Verdict::park(name, &throttle.why, left);
        }
        if FarSide::is_in_doubt(due.failing.as_ref()) {
            match is_left_alone(&tools.app, held, &due).await {
                Ok(false) => {}
                Ok(true) => return Verdict::Finished,
                Err(error) => return Verdict::retry(error),
            }
        }
        if !held.may_still_act() {
            return Held::lost();
        }
        let shown = match &due.there {
            There::Greenhouse(there) => Ok(greenhouse::show(tools, held, &due.place, there).await),
            There::Feed(there) => feed::show(tools, held, &due.place, there).await,
            There::Lever(there) => lever::show(tools, held, &due.place, there).await,
        };
        match shown {
            Ok(shown) => store(tools, held, due, shown).await,
            Err(verdict) => verdict,
        }
    }

    /// The write-back has failed for good, for all to see.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let place = places::find_to_change(conn, held.organization, self.invite, self.place)?;
        let writeback = place.as_ref().and_then(|place| place.writeback.clone());
        let (Some(place), Some(before)) = (place, writeback.filter(Writeback::is_due)) else {
            return Ok(());
        };
        let detail = why_given_up(reason);
        receive(
            &tools.app,
            conn,
            &place,
            &before,
            Receipt::Failed { detail },
        )
    }
}

/// Keeps what came of it, and ends or parks the job with that.
async fn store(tools: &Tools, held: &Held, due: Arc<Due>, shown: Shown) -> Verdict {
    let organization = held.organization;
    let names = names(due.place.place.target);
    let throttle = due
        .heeds_throttle()
        .then(|| throttle(&shown, tools.app.now()))
        .flatten();
    let (side, subject, lack) = (due.side(), shown.subject.clone(), shown.lack.clone());
    let is_seen = shown.is_seen;
    let failed = side.filter(|_| has_failed(&shown));
    let settled = settle(shown, names);
    let (held, kept_due) = (held.clone(), Arc::clone(&due));
    let kept = tools
        .app
        .write(move |app, conn| {
            let (receipt, said) = match failed {
                Some(side) => count_failure(app, conn, side, organization, settled.clone())?,
                None => settled.clone(),
            };
            settle_permissions(app, conn, &kept_due, &receipt, lack.as_deref())?;
            if keep(app, conn, &kept_due, receipt, subject.as_deref())? && is_seen {
                note_seen(app, conn, &kept_due)?;
            }
            if let Some(throttle) = &throttle {
                parkings::set(conn, organization, names.throttle, throttle)?;
            }
            end(app, conn, &held, &said)?;
            Ok(said)
        })
        .await;
    if let (Some(side), None) = (side, failed)
        && let Err(error) = side
            .answered(&tools.app, organization, due.failing.as_ref())
            .await
    {
        tracing::warn!(%error, "that the ATS answers again could not be kept; the next call keeps it");
    }
    match kept {
        Err(error) => Verdict::retry(error),
        Ok(Verdict::Park { .. }) => Verdict::Finished,
        Ok(verdict) => verdict,
    }
}

/// It was read back: that is the receipt's second half.
fn note_seen(app: &App, conn: &mut AnyConnection, due: &Due) -> storage::Result<()> {
    let (place, target) = (&due.place, due.place.place.target);
    let (organization, invite) = (place.organization, place.invite);
    let first = places::note_seen(conn, organization, invite, target, app.now())?;
    if let (true, Some(record)) = (first, invites::find(conn, organization, invite)?) {
        let detail = serde_json::json!({ "target": target.as_str() });
        let fact = note(app, app.now(), &record, "writeback.seen", detail);
        events::insert(conn, &[fact])?;
    }
    Ok(())
}

/// Parks the job where its ATS is left alone for now, and says so; answers whether it did.
async fn is_left_alone(app: &App, held: &Held, due: &Arc<Due>) -> Result<bool> {
    let Some(side) = due.side() else {
        return Ok(false);
    };
    let (held, due) = (held.clone(), Arc::clone(due));
    app.write(move |app, conn| {
        let Some(detail) = side.enter(conn, &held, app.now())? else {
            return Ok(false);
        };
        keep(app, conn, &due, Receipt::Retrying { detail }, None)?;
        Ok(true)
    })
    .await
}

/// Did it give no answer, or one that says that it cannot? Being asked to wait is an answer.
pub(super) fn has_failed(shown: &Shown) -> bool {
    let is_answer = shown.is_asked_to_wait || shown.is_answered;
    matches!(shown.receipt, Receipt::Retrying { .. }) && !is_answer
}

/// What the connection lacks by what came of it, or no longer lacks, is said with the connection.
fn settle_permissions(
    app: &App,
    conn: &mut AnyConnection,
    due: &Due,
    receipt: &Receipt,
    lack: Option<&str>,
) -> Result<()> {
    let There::Lever(there) = &due.there else {
        return Ok(());
    };
    let organization = due.place.organization;
    if lack.is_some() {
        return note_trouble(app, conn, organization, ConnectionKind::Lever, lack);
    }
    match (receipt, there.doubted()) {
        (Receipt::Sent { .. }, Some(lack)) => found_allowed(app, conn, organization, lack),
        _ => Ok(()),
    }
}

/// One failure more. Where the ATS is left alone from now on, this job is the one that tries again.
pub(super) fn count_failure(
    app: &App,
    conn: &mut AnyConnection,
    side: FarSide,
    organization: OrganizationId,
    (receipt, said): (Receipt, Verdict),
) -> storage::Result<(Receipt, Verdict)> {
    let now = app.now();
    let Receipt::Retrying { detail } = &receipt else {
        return Ok((receipt, said));
    };
    let Some(until) = side.failed(conn, organization, detail, now)? else {
        return Ok((receipt, said));
    };
    let why = side.words(detail);
    let detail = why.clone();
    let delay = (until - now).to_std().unwrap_or_default();
    Ok((
        Receipt::Retrying { detail },
        Verdict::RetryIn { why, delay },
    ))
}

/// In the transaction that keeps the receipt, so that whoever sees a blocked write-back finds its job parked.
pub(super) fn end(
    app: &App,
    conn: &mut AnyConnection,
    held: &Held,
    said: &Verdict,
) -> storage::Result<()> {
    match said {
        Verdict::Finished => held.finish_in(conn),
        Verdict::Park { under, why, delay } => held.park_in(conn, under, app.now() + *delay, why),
        _ => Ok(()),
    }
}

/// The ATS asked to be left alone: the organization's other write-backs need not each hear it.
fn throttle(shown: &Shown, now: DateTime<Utc>) -> Option<Parking> {
    let Receipt::Retrying { detail } = &shown.receipt else {
        return None;
    };
    let unsaid = shown.is_asked_to_wait.then_some(ASKED_TO_WAIT);
    let wait = shown.not_before.or(unsaid)?;
    Some(Parking {
        until: now + wait,
        why: detail.clone(),
    })
}

fn due(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    place: PlaceId,
    credential: &PatchCredential,
) -> Result<Option<Due>> {
    // What is called for before what is to be shown: whatever commits in between, at least that much is shown under its number.
    let found = places::of_invite(conn, organization, invite)?
        .into_iter()
        .find(|found| found.place.id == place);
    let Some(place) = found else { return Ok(None) };
    let Some(writeback) = place.writeback.clone().filter(Writeback::is_due) else {
        return Ok(None);
    };
    let Some(record) = invites::find(conn, organization, invite)? else {
        return Ok(None);
    };
    let there = match place.place.target {
        Target::GreenhouseStatus => {
            greenhouse::due(app, conn, &record, credential)?.map(There::Greenhouse)
        }
        Target::GreenhouseNote => Some(There::Feed(Box::new(feed::due(
            app, conn, &record, &place,
        )?))),
        Target::LeverTags | Target::LeverNote => {
            let due = lever::due(app, conn, &record, &place, &writeback)?;
            Some(There::Lever(Box::new(due)))
        }
    };
    let failing = match names(place.place.target).side {
        Some(side) => circuits::find(conn, organization, side.connection)?,
        None => None,
    };
    Ok(there.map(|there| Due {
        place,
        writeback,
        there,
        failing,
    }))
}

pub(super) fn settle(shown: Shown, names: &Names) -> (Receipt, Verdict) {
    match shown.receipt {
        Receipt::Retrying { detail } if shown.is_asked_to_wait => {
            let delay = shown.not_before.unwrap_or(ASKED_TO_WAIT);
            let verdict = Verdict::park(names.throttle, &detail, delay);
            (Receipt::Retrying { detail }, verdict)
        }
        Receipt::Retrying { detail } => {
            let verdict = Verdict::Retry {
                why: detail.clone(),
                not_before: shown.not_before,
            };
            (Receipt::Retrying { detail }, verdict)
        }
        Receipt::Blocked { detail } => {
            let verdict = Verdict::park(names.connection, &detail, names.blocked);
            (Receipt::Blocked { detail }, verdict)
        }
        Receipt::Failed { detail } => {
            let verdict = Verdict::discard(&detail);
            (Receipt::Failed { detail }, verdict)
        }
        sent @ Receipt::Sent { .. } => (sent, Verdict::Finished),
    }
}

/// Keeps what is known of the place from now on, and the receipt with the write-back that it belongs to; answers whether that is
/// still it: where it was called for anew meanwhile, the new one stays due.
fn keep(
    app: &App,
    conn: &mut AnyConnection,
    due: &Due,
    receipt: Receipt,
    subject: Option<&str>,
) -> storage::Result<bool> {
    // Held from here on: what is called for meanwhile must not be written over.
    let Some(present) = place_of(conn, &due.place)? else {
        return Ok(false);
    };
    // Of a note nobody else changes what is known.
    let is_note = matches!(
        present.place.target,
        Target::GreenhouseNote | Target::LeverNote
    );
    let is_same_place = is_note || present.place.subject == due.place.place.subject;
    let shown = present
        .writeback
        .filter(|it| is_same_place && it.revision == due.writeback.revision);
    if let Some(subject) = subject
        && (is_note || shown.is_some())
    {
        let (organization, invite) = (present.organization, present.invite);
        places::set_subject(conn, organization, invite, present.place.id, subject)?;
    }
    match shown {
        Some(before) => receive(app, conn, &due.place, &before, receipt).map(|()| true),
        None => Ok(false),
    }
}

/// Stores what the receipt makes of a write-back; on the timeline too, where it is news.
fn receive(
    app: &App,
    conn: &mut AnyConnection,
    place: &PlaceRecord,
    before: &Writeback,
    receipt: Receipt,
) -> storage::Result<()> {
    let now = app.now();
    let (organization, invite) = (place.organization, place.invite);
    let after = before.receive(receipt, now);
    places::set_writeback(conn, organization, invite, place.place.id, &after)?;
    let news = after.progress != before.progress || after.detail != before.detail;
    if let (true, Some(record)) = (news, invites::find(conn, organization, invite)?) {
        let name = format!("writeback.{}", after.progress.as_str());
        let detail = serde_json::json!({
            "target": after.target.as_str(),
            "revision": after.shown_revision().unwrap_or(0),
            "detail": after.detail,
        });
        events::insert(conn, &[note(app, now, &record, &name, detail)])?;
    }
    Ok(())
}

fn place_of(conn: &mut AnyConnection, place: &PlaceRecord) -> storage::Result<Option<PlaceRecord>> {
    places::find_to_change(conn, place.organization, place.invite, place.place.id)
}

/// Lets an organization's blocked write-backs go on at once: Greenhouse has just shown that it holds an active key. A slice of
/// them; answers whether there are more.
pub(crate) fn wake_blocked(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<bool> {
    Ok(storage::jobs::unpark(
        conn,
        organization,
        greenhouse::NAMES.connection,
        app.now(),
    )?)
}

/// Calls again for a write-back that was given up.
pub(crate) fn call_again(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: &ShowAt,
) -> storage::Result<()> {
    let Some(place) = places::find_to_change(conn, organization, job.invite, job.place)? else {
        return Ok(());
    };
    match place.writeback.clone() {
        Some(before) if before.progress == WritebackState::Failed => {
            let detail = "queued again".to_owned();
            receive(app, conn, &place, &before, Receipt::Retrying { detail })
        }
        _ => Ok(()),
    }
}
