//! Shows an invite at one of its places in an ATS.

use std::sync::Arc;
use std::time::Duration;

use ats::greenhouse::partner::{CompletionClient, Credential, Key};
use chrono::{DateTime, Utc};
use domain::{
    ApiKeyKind, InviteId, OrganizationId, PlaceId, Receipt, Target, Writeback, WritebackState,
};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::api_keys::ApiKeyRecord;
use storage::circuits::Failing;
use storage::jobs::NewJob;
use storage::parkings::Parking;
use storage::places::PlaceRecord;
use storage::secrets::Place;
use storage::{AnyConnection, api_keys, circuits, events, invites, parkings, places};

use crate::circuits::FarSide;
use crate::jobs::why_given_up;
use crate::reactions::{note, view};
use crate::worker::{PatchCredential, Tools};
use crate::{App, Error, Result, secrets};

/// How long a blocked write-back waits where nobody wakes it.
const BLOCKED: Duration = Duration::from_secs(4 * 60 * 60);
/// How long to wait for an ATS that asks to wait and does not say how long.
const ASKED_TO_WAIT: Duration = Duration::from_secs(30);
/// Blocked write-backs are parked under their connection.
const CONNECTION: &str = "greenhouse_assessment";
/// And those that Greenhouse has asked to wait under this.
const THROTTLE: &str = "greenhouse_assessment throttle";
/// Whose failures are counted.
const SIDE: FarSide = FarSide::GREENHOUSE;

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
            .in_order(format!("show {}", place.invite))
    }
}

/// What a write-back needs to know.
struct Due {
    place: PlaceRecord,
    writeback: Writeback,
    credentials: Vec<Credential>,
    /// Greenhouse has asked this organization to wait.
    throttled: Option<Parking>,
    /// It has failed lately.
    failing: Option<Failing>,
}

impl Handler<Tools> for ShowAt {
    /// A repeat does no harm: the receipt is looked at first, and Greenhouse takes a second PATCH like the first.
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
        if let Some(throttle) = &due.throttled {
            let left = (throttle.until - tools.app.now())
                .to_std()
                .unwrap_or_default();
            return Verdict::park(THROTTLE, &throttle.why, left);
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
        let shown = match due.place.place.target {
            Target::GreenhouseStatus => {
                let url = &due.place.place.subject;
                let client = traced(tools, held);
                ats::greenhouse::partner::complete(&client, url, &due.credentials).await
            }
        };
        let throttle = throttle(&shown, tools.app.now());
        let has_failed = has_failed(&shown);
        let settled = settle(shown);
        let (held, shown) = (held.clone(), Arc::clone(&due));
        let kept = tools
            .app
            .write(move |app, conn| {
                let (receipt, said) = match has_failed {
                    true => count_failure(app, conn, organization, settled.clone())?,
                    false => settled.clone(),
                };
                keep(app, conn, &shown, receipt)?;
                if let Some(throttle) = &throttle {
                    parkings::set(conn, organization, THROTTLE, throttle)?;
                }
                end(app, conn, &held, &said)?;
                Ok(said)
            })
            .await;
        if !has_failed {
            let known = due.failing.as_ref();
            if let Err(error) = SIDE.answered(&tools.app, organization, known).await {
                tracing::warn!(%error, "that Greenhouse answers again could not be kept; the next call keeps it");
            }
        }
        match kept {
            Err(error) => Verdict::retry(error),
            Ok(Verdict::Park { .. }) => Verdict::Finished,
            Ok(verdict) => verdict,
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
        let places = places::of_invite(conn, held.organization, self.invite)?;
        let place = places
            .into_iter()
            .find(|found| found.place.id == self.place);
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

/// In the transaction that keeps the receipt, so that whoever sees a blocked write-back finds its job parked.
fn end(app: &App, conn: &mut AnyConnection, held: &Held, said: &Verdict) -> storage::Result<()> {
    match said {
        Verdict::Finished => held.finish_in(conn),
        Verdict::Park { under, why, delay } => held.park_in(conn, under, app.now() + *delay, why),
        _ => Ok(()),
    }
}

/// Parks the job where Greenhouse is left alone for now, and says so; answers whether it did.
async fn is_left_alone(app: &App, held: &Held, due: &Arc<Due>) -> Result<bool> {
    let (held, due) = (held.clone(), Arc::clone(due));
    app.write(move |app, conn| {
        let Some(detail) = SIDE.enter(conn, &held, app.now())? else {
            return Ok(false);
        };
        keep(app, conn, &due, Receipt::Retrying { detail })?;
        Ok(true)
    })
    .await
}

/// Did it give no answer, or one that says that it cannot? Being asked to wait is an answer.
fn has_failed(shown: &ats::Shown) -> bool {
    matches!(shown.receipt, Receipt::Retrying { .. }) && !shown.is_asked_to_wait
}

/// One failure more. Where Greenhouse is left alone from now on, this job is the one that tries again.
fn count_failure(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (receipt, said): (Receipt, Verdict),
) -> storage::Result<(Receipt, Verdict)> {
    let now = app.now();
    let Receipt::Retrying { detail } = &receipt else {
        return Ok((receipt, said));
    };
    let Some(until) = SIDE.failed(conn, organization, detail, now)? else {
        return Ok((receipt, said));
    };
    let why = SIDE.words(detail);
    let detail = why.clone();
    let delay = (until - now).to_std().unwrap_or_default();
    Ok((
        Receipt::Retrying { detail },
        Verdict::RetryIn { why, delay },
    ))
}

/// The client whose calls are part of the job's trace.
fn traced(tools: &Tools, held: &Held) -> CompletionClient {
    let Some(trace) = held.trace() else {
        return tools.completion.clone();
    };
    let mut call = [0; 8];
    tools.app.random().fill(&mut call);
    let trace = trace.at(u64::from_be_bytes(call));
    tools.completion.in_trace(&trace.to_string())
}

/// Greenhouse asked to be left alone: the organization's other write-backs need not each hear it.
fn throttle(shown: &ats::Shown, now: DateTime<Utc>) -> Option<Parking> {
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
    let Some(record) = invites::find(conn, organization, invite)? else {
        return Ok(None);
    };
    let found = places::of_invite(conn, organization, invite)?
        .into_iter()
        .find(|found| found.place.id == place);
    let Some(place) = found else { return Ok(None) };
    let Some(writeback) = place.writeback.clone().filter(Writeback::is_due) else {
        return Ok(None);
    };
    if !view(&record, app.now()).is_finished() {
        return Ok(None);
    }
    let credentials = match credential {
        PatchCredential::OrganizationKey => organization_keys(app, conn, organization)?,
        PatchCredential::PartnerPair(pair) => vec![pair.clone()],
    };
    Ok(Some(Due {
        place,
        writeback,
        credentials,
        throttled: parkings::find(conn, organization, THROTTLE, app.now())?,
        failing: circuits::find(conn, organization, SIDE.connection)?,
    }))
}

/// The organization's active keys: first the one that Greenhouse itself last called with, then the newest.
fn organization_keys(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<Credential>> {
    let kind = ApiKeyKind::GreenhouseAssessment;
    let mut keys = api_keys::active(conn, organization, kind, app.now())?;
    // They come newest first, and the sort keeps that order among those never used.
    keys.sort_by_key(|key| std::cmp::Reverse(key.last_used_at));
    keys.iter().map(|key| credential(app, key)).collect()
}

fn credential(app: &App, record: &ApiKeyRecord) -> Result<Credential> {
    let place = Place::ApiKey(record.organization, record.id);
    let stored = record
        .encrypted_key
        .as_deref()
        .ok_or(Error::Internal("a Greenhouse key is kept encrypted"))?;
    let plain = secrets::open(app, &place, stored)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Error::Internal("a key is text"))?;
    let key = Key::new(text).map_err(|_| Error::Internal("a key of ours fits Greenhouse"))?;
    Ok(Credential::OrganizationKey(key))
}

fn settle(shown: ats::Shown) -> (Receipt, Verdict) {
    match shown.receipt {
        Receipt::Retrying { detail } if shown.is_asked_to_wait => {
            let delay = shown.not_before.unwrap_or(ASKED_TO_WAIT);
            let verdict = Verdict::park(THROTTLE, &detail, delay);
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
            let verdict = Verdict::park(CONNECTION, &detail, BLOCKED);
            (Receipt::Blocked { detail }, verdict)
        }
        Receipt::Failed { detail } => {
            let verdict = Verdict::discard(&detail);
            (Receipt::Failed { detail }, verdict)
        }
        sent @ Receipt::Sent { .. } => (sent, Verdict::Finished),
    }
}

/// Keeps the receipt with the write-back it belongs to: where that was called for anew meanwhile, the new one stays due.
fn keep(app: &App, conn: &mut AnyConnection, due: &Due, receipt: Receipt) -> storage::Result<()> {
    let present = place_of(conn, &due.place)?.and_then(|found| found.writeback);
    match present.filter(|found| found.revision == due.writeback.revision) {
        Some(before) => receive(app, conn, &due.place, &before, receipt),
        None => Ok(()),
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
            "revision": after.revision,
            "detail": after.detail,
        });
        events::insert(conn, &[note(app, now, &record, &name, detail)])?;
    }
    Ok(())
}

fn place_of(conn: &mut AnyConnection, place: &PlaceRecord) -> storage::Result<Option<PlaceRecord>> {
    let places = places::of_invite(conn, place.organization, place.invite)?;
    Ok(places
        .into_iter()
        .find(|found| found.place.id == place.place.id))
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
        CONNECTION,
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
    let places = places::of_invite(conn, organization, job.invite)?;
    let Some(place) = places.into_iter().find(|found| found.place.id == job.place) else {
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
