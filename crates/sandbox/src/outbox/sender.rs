//! Brings deliveries to their webhooks, over HTTP, when their time has come by the sandbox's clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use tokio::sync::Semaphore;

use super::Outbox;
use super::delivery::{Attempt, Delivery, Kind, State};
use crate::call_log::{Ats, Call, Direction, Findings};
use crate::greenhouse::vendor::why_no_answer;
use crate::shared::Shared;
use crate::world::World;

/// Attempts under way at a time.
const AT_ONCE: usize = 50;

/// The longest sleep between two looks.
const LOOK: Duration = Duration::from_secs(5);

/// What a system's deliveries are subject to.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// How long an attempt waits for its answer.
    pub(crate) longest: Duration,
    /// The waits before further attempts of an event, in seconds.
    pub(crate) waits: Vec<u32>,
}

/// A system that has deliveries.
pub(crate) trait System: 'static {
    /// Which it is, in the log.
    const ATS: Ats;

    /// As whom it calls.
    const USER_AGENT: &'static str;

    /// Its deliveries.
    fn outbox(world: &World) -> &Outbox;

    /// The same, to change them.
    fn outbox_mut(world: &mut World) -> &mut Outbox;

    /// What a delivery is subject to.
    fn terms(world: &World, delivery: &Delivery) -> Terms;

    /// Whether an answer of this status means that the delivery was received.
    fn is_received(status: u16) -> bool;

    /// Called once a delivery was put off: it may be signed anew.
    fn put_off(_world: &mut World, _now: i64, _id: u64) {}
}

/// Attempts every delivery of a system that is due, for as long as the sandbox runs.
pub(crate) async fn deliver_on<S: System>(shared: web::Data<Shared>) {
    let shared = shared.into_inner();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    shared.change(|world, now| S::outbox_mut(world).requeue(now.timestamp_millis()));
    loop {
        let seen = shared.version();
        let now = shared.now().timestamp_millis();
        let first = shared.read(|world| S::outbox(world).first_due());
        if first.is_some_and(|at| at <= now) {
            for id in shared.change(|world, _| S::outbox_mut(world).take_due(now)) {
                let (shared, slots) = (shared.clone(), slots.clone());
                tokio::spawn(async move {
                    let _slot = slots.acquire().await;
                    attempt::<S>(&shared, id).await;
                });
            }
            continue;
        }
        let wait = first.map_or(LOOK, |at| {
            Duration::from_millis(u64::try_from(at - now).unwrap_or_default())
        });
        shared.version_after(seen, wait.min(LOOK)).await;
    }
}

/// One attempt, with what follows from its answer.
pub(crate) async fn attempt<S: System>(shared: &Shared, id: u64) {
    let shot = shared.read(|world| {
        let delivery = S::outbox(world).delivery(id).ok()?.clone();
        let terms = S::terms(world, &delivery);
        Some((delivery, terms))
    });
    let Some((delivery, terms)) = shot else {
        return;
    };
    let (at, begun) = (shared.now(), Instant::now());
    let (status, note) = send::<S>(shared, &delivery, terms.longest).await;
    let attempt = Attempt {
        at: at.timestamp_millis(),
        status,
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        note,
    };
    shared.change(|world, now| {
        world.record(call::<S>(&delivery, &attempt, at));
        finish::<S>(world, now.timestamp_millis(), id, attempt, &terms.waits);
    });
}

async fn send<S: System>(
    shared: &Shared,
    delivery: &Delivery,
    longest: Duration,
) -> (Option<u16>, Option<String>) {
    let mut request = shared
        .http
        .post(&delivery.url)
        .header(USER_AGENT, S::USER_AGENT)
        .header(CONTENT_TYPE, "application/json")
        .timeout(longest)
        .body(delivery.body.clone());
    for (name, value) in &delivery.headers {
        request = request.header(name, value);
    }
    match request.send().await {
        Ok(response) => (Some(response.status().as_u16()), None),
        Err(error) => (None, Some(why_no_answer(&error))),
    }
}

fn call<S: System>(
    delivery: &Delivery,
    attempt: &Attempt,
    at: chrono::DateTime<chrono::Utc>,
) -> Call {
    let (owner, about) = (delivery.owner_id.clone(), delivery.about_id.clone());
    let of_lever = S::ATS == Ats::Lever;
    Call {
        sequence: 0,
        at,
        ats: S::ATS,
        direction: Direction::ToVendor,
        call: "webhook".to_owned(),
        method: "POST".to_owned(),
        url: delivery.url.clone(),
        authorization: None,
        request_body: Some(delivery.body.clone()),
        status: attempt.status,
        response_body: None,
        milliseconds: attempt.milliseconds,
        note: attempt.note.clone(),
        findings: Findings::default(),
        organization_id: owner.parse().ok().filter(|_| !of_lever),
        take_home_test_id: None,
        account_id: Some(owner).filter(|_| of_lever),
        opportunity_id: about.filter(|_| of_lever),
    }
}

/// Writes the attempt down. An event that was not received is tried again, each time later; the rest is not.
fn finish<S: System>(world: &mut World, now: i64, id: u64, attempt: Attempt, waits: &[u32]) {
    let outbox = S::outbox_mut(world);
    let Some(delivery) = outbox.delivery_mut(id) else {
        return;
    };
    let received = attempt.status.is_some_and(S::is_received);
    delivery.attempts.push(attempt);
    delivery.next_attempt_at = None;
    if received {
        delivery.state = State::Delivered;
        return;
    }
    let wait = waits.get(delivery.attempts.len() - 1);
    let Some(wait) = wait.filter(|_| delivery.kind == Kind::Event) else {
        delivery.state = State::Failed;
        return;
    };
    outbox.put_off(id, now + i64::from(*wait) * 1_000);
    S::put_off(world, now, id);
}
