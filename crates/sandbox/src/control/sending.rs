//! Sending, moving, polling, and what came of it.

use actix_web::web;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Data, Id, USUAL_CONCURRENCY, carry_out, ok, parse};
use crate::greenhouse::reading;
use crate::greenhouse::sending::{self, Order};
use crate::greenhouse::summary::{self, TestSummary};
use crate::greenhouse::take_home_test::Reason;
use crate::refusal::Refusal;
use crate::shared::Shared;

pub(super) fn test_answer(shared: &Shared, id: u64) -> Result<TestSummary, Refusal> {
    shared.read(|world| world.test(id).map(|test| summary::summary(world, test)))
}

pub(super) async fn send(shared: Data, id: Id, body: web::Bytes) -> Answer {
    send_because(shared, *id, &body, Reason::SendTest).await
}

pub(super) async fn resend(shared: Data, id: Id, body: web::Bytes) -> Answer {
    send_because(shared, *id, &body, Reason::Resend).await
}

pub(super) async fn send_because(shared: Data, id: u64, body: &[u8], reason: Reason) -> Answer {
    let order: Order = parse(body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { sending::send(&inner, id, &order, reason).await }).await?;
    ok(test_answer(&shared, sent)?)
}

pub(super) async fn double_click(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Order = parse(&body)?;
    let inner = shared.clone().into_inner();
    let sent = carry_out(async move { sending::double_click(&inner, *id, &order).await }).await?;
    ok(test_answer(&shared, sent)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    stage_id: u64,
}

pub(super) async fn move_to_stage(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let Move { stage_id } = parse(&body)?;
    let inner = shared.into_inner();
    let moved =
        carry_out(async move { sending::move_to_stage(&inner, *id, stage_id).await }).await?;
    ok(moved)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkSend {
    application_ids: Vec<u64>,
    #[serde(default)]
    concurrency: Option<usize>,
    #[serde(default)]
    sent_by: Option<String>,
}

pub(super) async fn bulk_send(shared: Data, body: web::Bytes) -> Answer {
    let bulk: BulkSend = parse(&body)?;
    let inner = shared.into_inner();
    let report = carry_out(async move {
        let at_once = bulk.concurrency.unwrap_or(USUAL_CONCURRENCY);
        let order = Order {
            partner_test_id: None,
            sent_by: bulk.sent_by,
        };
        sending::bulk_send(&inner, &bulk.application_ids, at_once, &order).await
    });
    ok(report.await)
}

pub(super) async fn take_home_test(shared: Data, id: Id) -> Answer {
    ok(test_answer(&shared, *id)?)
}

pub(super) async fn repeat(shared: Data, id: Id) -> Answer {
    let (inner, test_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { sending::repeat(&inner, test_id).await }).await?;
    take_home_test(shared, id).await
}

pub(super) async fn poll_one(shared: Data, id: Id) -> Answer {
    let (inner, test_id) = (shared.clone().into_inner(), *id);
    carry_out(async move { reading::read_status(&inner, test_id).await }).await?;
    take_home_test(shared, id).await
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Poll {
    hours: u32,
}

/// One tick now, or so many hours of ticks.
pub(super) async fn poll(shared: Data, body: web::Bytes) -> Answer {
    let Poll { hours } = parse(&body)?;
    let inner = shared.into_inner();
    let report = carry_out(async move {
        match hours {
            0 => reading::poll_tick(&inner).await,
            hours => reading::poll_for(&inner, hours).await,
        }
    });
    ok(report.await)
}

#[derive(Deserialize)]
pub(super) struct SummaryQuery {
    take_home_test_id: Option<u64>,
}

pub(super) async fn all_tests(shared: Data, query: web::Query<SummaryQuery>) -> Answer {
    let tests = shared.read(|world| summary::summaries(world, query.take_home_test_id))?;
    ok(json!({"take_home_tests": tests}))
}
