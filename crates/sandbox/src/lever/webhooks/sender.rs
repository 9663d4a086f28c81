//! Brings deliveries to their webhooks, over HTTP, when their time has come by the sandbox's clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use tokio::sync::Semaphore;

use super::delivery::{Attempt, Delivery, Kind, State};
use crate::call_log::{Ats, Call, Direction, Findings};
use crate::greenhouse::vendor::why_no_answer;
use crate::lever::settings::Token;
use crate::lever::world::Lever;
use crate::shared::Shared;

/// Attempts under way at a time.
const AT_ONCE: usize = 50;

/// The longest sleep between two looks.
const LOOK: Duration = Duration::from_secs(5);

/// Attempts every delivery that is due, for as long as the sandbox runs.
pub(crate) async fn deliver_on(shared: web::Data<Shared>) {
    let shared = shared.into_inner();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    shared.change(|world, now| requeue(&mut world.lever, now.timestamp_millis()));
    loop {
        let seen = shared.version();
        let now = shared.now().timestamp_millis();
        let first = shared.read(|world| world.lever.due.first().copied());
        if first.is_some_and(|(at, _)| at <= now) {
            for id in shared.change(|world, _| take_due(&mut world.lever, now)) {
                let (shared, slots) = (shared.clone(), slots.clone());
                tokio::spawn(async move {
                    let _slot = slots.acquire().await;
                    attempt(&shared, id).await;
                });
            }
            continue;
        }
        let wait = first.map_or(LOOK, |(at, _)| {
            Duration::from_millis(u64::try_from(at - now).unwrap_or_default())
        });
        shared.version_after(seen, wait.min(LOOK)).await;
    }
}

/// Attempts that were under way when the sandbox stopped are made again.
fn requeue(lever: &mut Lever, now: i64) {
    let waiting = lever.deliveries.values_mut();
    for delivery in waiting.filter(|delivery| delivery.state == State::Waiting) {
        let at = delivery.next_attempt_at.unwrap_or(now);
        delivery.next_attempt_at = Some(at);
        lever.due.insert((at, delivery.id));
    }
}

fn take_due(lever: &mut Lever, now: i64) -> Vec<u64> {
    let later = lever.due.split_off(&(now + 1, 0));
    let due = std::mem::replace(&mut lever.due, later);
    due.into_iter().map(|(_, id)| id).collect()
}

/// One attempt, with what follows from its answer.
pub(crate) async fn attempt(shared: &Shared, id: u64) {
    let shot = shared.read(|world| {
        let delivery = world.lever.deliveries.get(&id)?.clone();
        let account = world.lever.accounts.get(&delivery.account_id);
        let settings = account
            .map(|account| account.settings.clone())
            .unwrap_or_default();
        let longest = Duration::from_secs(settings.delivery_timeout_seconds.into());
        Some((delivery, longest))
    });
    let Some((delivery, longest)) = shot else {
        return;
    };
    let (at, begun) = (shared.now(), Instant::now());
    let request = shared
        .http
        .post(&delivery.url)
        .header(USER_AGENT, "Lever-Webhooks")
        .header(CONTENT_TYPE, "application/json")
        .timeout(longest)
        .body(delivery.body.clone());
    let (status, note) = match request.send().await {
        Ok(response) => (Some(response.status().as_u16()), None),
        Err(error) => (None, Some(why_no_answer(&error))),
    };
    let attempt = Attempt {
        at: at.timestamp_millis(),
        status,
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        note,
    };
    shared.change(|world, now| {
        world.record(call(&delivery, &attempt, at));
        finish(&mut world.lever, now.timestamp_millis(), id, attempt);
    });
}

fn call(delivery: &Delivery, attempt: &Attempt, at: chrono::DateTime<chrono::Utc>) -> Call {
    Call {
        sequence: 0,
        at,
        ats: Ats::Lever,
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
        organization_id: None,
        take_home_test_id: None,
        account_id: Some(delivery.account_id.clone()),
        opportunity_id: delivery.opportunity_id.clone(),
    }
}

/// Writes the attempt down. An event that was not received is tried again, each time later; the rest is not.
fn finish(lever: &mut Lever, now: i64, id: u64, attempt: Attempt) {
    let Some(delivery) = lever.deliveries.get_mut(&id) else {
        return;
    };
    let received = attempt
        .status
        .is_some_and(|status| (200..300).contains(&status));
    delivery.attempts.push(attempt);
    delivery.next_attempt_at = None;
    if received {
        delivery.state = State::Delivered;
        return;
    }
    let account = lever.accounts.get(&delivery.account_id);
    let settings = account
        .map(|account| account.settings.clone())
        .unwrap_or_default();
    let wait = settings
        .retry_after_seconds
        .get(delivery.attempts.len() - 1);
    let Some(wait) = wait.filter(|_| delivery.kind == Kind::Event) else {
        delivery.state = State::Failed;
        return;
    };
    let at = now + i64::from(*wait) * 1_000;
    delivery.state = State::Waiting;
    delivery.next_attempt_at = Some(at);
    if settings.retry_token == Token::New
        && let Some(webhook) = lever.webhooks.get(&delivery.webhook_id)
    {
        delivery.sign_anew(now, webhook);
    }
    lever.due.insert((at, id));
}
