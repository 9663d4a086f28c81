//! A delivery of Greenhouse's webhooks: judged, kept once, and answered. It names ids; what is true is asked of Harvest later.

use ats::greenhouse::harvest::{Event, Heard, Reason, heard};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionId, ConnectionKind, Standing};
use secrecy::SecretString;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::{self, ConnectionRecord};
use storage::inbox::{self, DeliveryKey};
use storage::jobs::{self, NewJob};
use vault::body_hash;

use super::{application, note, of_reason, person};
use crate::connections::webhook_secret;
use crate::intake::Received;
use crate::jobs::{Gone, HarvestApplication, HarvestPerson};
use crate::{AnyConnection, App, Error, Result};

/// That deliveries come in is written down this often at most.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Keeps a delivery, once however often it comes; answers after the commit. `signature` is the header's value, `body` the bytes
/// as they came.
///
/// # Errors
/// [`Error::Unauthorized`] for an address that is nobody's and for a signature that is not Greenhouse's, both alike; those of
/// the database.
pub async fn receive(
    app: &App,
    connection: ConnectionId,
    signature: &[u8],
    body: &[u8],
) -> Result<Received> {
    let known = app
        .read(move |app, conn| known(app, conn, connection))
        .await?;
    let (record, key) = known.ok_or(Error::Unauthorized)?;
    let heard = heard(&key, signature, body).ok_or(Error::Unauthorized)?;
    let delivery = DeliveryKey {
        organization: record.organization,
        connection: record.id,
        token_hash: body_hash(body),
    };
    let kept = app
        .write(move |app, conn| keep(app, conn, &record, &delivery, &heard))
        .await;
    match kept {
        Ok(received) => Ok(received),
        // The same came at the same moment.
        Err(Error::Storage(storage::Error::Taken(_))) => Ok(Received::Again),
        Err(error) => Err(error),
    }
}

/// A connection whose deliveries can be told to be genuine.
fn known(
    app: &App,
    conn: &mut AnyConnection,
    connection: ConnectionId,
) -> Result<Option<(ConnectionRecord, SecretString)>> {
    let found = connections::by_id(conn, connection)?;
    let ours = found.filter(|record| record.kind == ConnectionKind::GreenhouseHarvest);
    let Some(record) = ours else { return Ok(None) };
    let key = webhook_secret(app, &record)?;
    Ok(key.map(|key| (record, key)))
}

fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    delivery: &DeliveryKey,
    heard: &Heard,
) -> Result<Received> {
    let now = app.now();
    if !inbox::known(conn, std::slice::from_ref(delivery))?.is_empty() {
        return Ok(Received::Again);
    }
    inbox::insert(conn, std::slice::from_ref(delivery), now)?;
    if is_stale(record, now) {
        connections::note_received(conn, record.organization, record.kind, now)?;
    }
    let (entry, job) = taken_in(app, record, heard);
    let entry = ActivityRecord {
        event: Some(heard.action.chars().take(200).collect()),
        ..entry
    };
    activities::insert(conn, &[entry])?;
    if let Some(job) = job {
        jobs::enqueue(conn, &[job], now)?;
    }
    Ok(Received::Kept)
}

fn is_stale(record: &ConnectionRecord, now: DateTime<Utc>) -> bool {
    record
        .webhook_received_at
        .is_none_or(|before| before <= now - NOTED_EVERY)
}

/// What is written down, and what is to be done.
fn taken_in(
    app: &App,
    record: &ConnectionRecord,
    heard: &Heard,
) -> (ActivityRecord, Option<NewJob>) {
    let organization = record.organization;
    let connected = record.standing != Standing::Disconnected;
    let event = match &heard.event {
        Ok(Event::Ping) => {
            let entry = note(app, organization, Source::Webhook, None, Decision::Test);
            return (entry, None);
        }
        Ok(event) if connected => Ok(event),
        Ok(_) => Err(&Reason::Disconnected),
        Err(reason) => Err(reason),
    };
    match event {
        Ok(event) => {
            let (subject, job) = look(app, record, *event);
            let source = Source::Webhook;
            let entry = note(
                app,
                organization,
                source,
                Some(&subject),
                Decision::Received,
            );
            (entry, job)
        }
        Err(reason) => (
            of_reason(app, organization, Source::Webhook, None, reason),
            None,
        ),
    }
}

fn look(app: &App, record: &ConnectionRecord, event: Event) -> (String, Option<NewJob>) {
    let (organization, now) = (record.organization, app.now());
    let gone = |gone: Gone| Some(HarvestPerson::of(gone).job(app, organization, now));
    match event {
        Event::Ping => (String::new(), None),
        Event::Application(id) => {
            let job = HarvestApplication::heard_of(record.id, id);
            (application(id), Some(job.job(app, organization, now)))
        }
        Event::PersonGone(id) => (person(id), gone(Gone::Person { id })),
        Event::Merged(id, into) => (person(id), gone(Gone::Merged { id, into })),
        Event::ApplicationGone(id) => (application(id), gone(Gone::Application { id })),
    }
}
