//! A delivery of Lever's webhook: judged, kept once, and answered. Deliveries that come together share one transaction.

use std::collections::{HashMap, HashSet};

use ats::lever::{Delivered, Delivery, Reason, judge};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionId, ConnectionKind, Standing};
use secrecy::SecretString;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::{self, ConnectionRecord};
use storage::inbox::{self, DeliveryKey};
use storage::jobs::{self, NewJob};
use storage::{AnyConnection, Grouped, trigger_stages};
use vault::token_hash;

use super::{note, of_reason};
use crate::connections::webhook_secret;
use crate::jobs::LeverOpportunity;
use crate::{App, Error, Result};

/// That deliveries come in is written down this often at most.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What became of a genuine delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is kept.
    Kept,
    /// It was kept before.
    Again,
}

/// One delivery.
#[derive(Debug)]
pub(crate) struct Receive {
    app: App,
    connection: ConnectionId,
    delivery: Delivery,
}

/// Keeps a delivery, once however often it comes; answers after the commit.
///
/// # Errors
/// [`Error::Unauthorized`] for an address that is nobody's and for a signature that is not Lever's, both alike; those of the
/// database.
pub async fn receive(app: &App, connection: ConnectionId, delivery: Delivery) -> Result<Received> {
    let asked = Receive {
        app: app.clone(),
        connection,
        delivery,
    };
    let received = app.lever_lane().ask(asked).await??;
    if received == Received::Kept {
        app.db().wake().notify();
    }
    Ok(received)
}

/// A connection that deliveries may be for.
#[derive(Debug)]
struct Known {
    record: ConnectionRecord,
    token: SecretString,
    triggers: Vec<String>,
}

/// What has to be known to judge a group of deliveries; later ones see what earlier ones did.
#[derive(Debug)]
pub(crate) struct World {
    now: DateTime<Utc>,
    connections: HashMap<ConnectionId, Known>,
    kept: HashSet<DeliveryKey>,
}

/// Rows to store.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    now: Option<DateTime<Utc>>,
    deliveries: Vec<DeliveryKey>,
    activities: Vec<ActivityRecord>,
    jobs: Vec<NewJob>,
    heard_of: HashMap<ConnectionId, ConnectionRecord>,
}

impl Grouped for Receive {
    type World = World;
    type Reply = Result<Received>;
    type Changes = Arrivals;

    fn load(conn: &mut AnyConnection, asks: &[&Self]) -> storage::Result<World> {
        let app = &asks[0].app;
        let mut connections = HashMap::new();
        let named: HashSet<ConnectionId> = asks.iter().map(|ask| ask.connection).collect();
        for id in named {
            if let Some(known) = known(app, conn, id)? {
                connections.insert(id, known);
            }
        }
        let keys: Vec<DeliveryKey> = asks
            .iter()
            .filter_map(|ask| Some(ask.key(&connections.get(&ask.connection)?.record)))
            .collect();
        Ok(World {
            now: app.now(),
            kept: inbox::known(conn, &keys)?,
            connections,
        })
    }

    fn decide(&self, world: &mut World, arrivals: &mut Arrivals) -> Result<Received> {
        let known = world
            .connections
            .get(&self.connection)
            .filter(|known| self.delivery.verify(&known.token))
            .ok_or(Error::Unauthorized)?;
        let key = self.key(&known.record);
        if !world.kept.insert(key.clone()) {
            return Ok(Received::Again);
        }
        arrivals.now = Some(world.now);
        arrivals.deliveries.push(key);
        self.take_in(known, world.now, arrivals);
        Ok(Received::Kept)
    }

    fn save(conn: &mut AnyConnection, arrivals: Arrivals) -> storage::Result<()> {
        let Some(now) = arrivals.now else {
            return Ok(());
        };
        inbox::insert(conn, &arrivals.deliveries, now)?;
        activities::insert(conn, &arrivals.activities)?;
        for record in arrivals.heard_of.values() {
            connections::note_received(conn, record.organization, record.kind, now)?;
        }
        jobs::enqueue(conn, &arrivals.jobs, now)
    }
}

impl Receive {
    fn key(&self, record: &ConnectionRecord) -> DeliveryKey {
        DeliveryKey {
            organization: record.organization,
            connection: record.id,
            token_hash: token_hash(&self.delivery.token),
        }
    }

    fn take_in(&self, known: &Known, now: DateTime<Utc>, arrivals: &mut Arrivals) {
        let (app, record) = (&self.app, &known.record);
        let (organization, source) = (record.organization, Source::Webhook);
        let delivered = match judge(&self.delivery, &known.triggers) {
            Delivered::Look(_) if record.standing == Standing::Disconnected => {
                Delivered::Ignored(Reason::Disconnected)
            }
            delivered => delivered,
        };
        let named = self.delivery.data.opportunity_id.as_ref();
        let opportunity = named.map(ToString::to_string);
        let about = opportunity.as_deref();
        let entry = match &delivered {
            Delivered::Test => note(app, organization, source, None, Decision::Test),
            Delivered::Ignored(reason) => of_reason(app, organization, source, about, reason),
            Delivered::Look(id) => {
                let job = LeverOpportunity::heard_of(record.id, id);
                arrivals.jobs.push(job.job(app, organization, now));
                note(app, organization, source, about, Decision::Received)
            }
        };
        // A test arrives whether or not Lever's own switch is on: it proves nothing.
        if delivered != Delivered::Test && is_stale(record, now) {
            arrivals.heard_of.insert(record.id, record.clone());
        }
        arrivals.activities.push(ActivityRecord {
            event: Some(shortened(self.delivery.event.as_str())),
            subject: entry.subject.map(|subject| shortened(&subject)),
            ..entry
        });
    }
}

fn is_stale(record: &ConnectionRecord, now: DateTime<Utc>) -> bool {
    record
        .webhook_received_at
        .is_none_or(|before| before <= now - NOTED_EVERY)
}

/// A connection whose deliveries can be told to be genuine.
fn known(
    app: &App,
    conn: &mut AnyConnection,
    connection: ConnectionId,
) -> storage::Result<Option<Known>> {
    let found = connections::by_id(conn, connection)?;
    let Some(record) = found.filter(|record| record.kind == ConnectionKind::Lever) else {
        return Ok(None);
    };
    let token = match webhook_secret(app, &record) {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(None),
        Err(error) => {
            tracing::error!(%error, organization = %record.organization, "a webhook's token cannot be read");
            return Ok(None);
        }
    };
    let triggers = trigger_stages::of(conn, record.organization)?;
    Ok(Some(Known {
        record,
        token,
        triggers: triggers.into_iter().map(|stage| stage.stage_id).collect(),
    }))
}

/// What a delivery says, at a length that is kept.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
