//! Reading `test_status`: after a PATCH, hourly for legacy partners, or when asked to.

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde::Serialize;

use super::organization::Polling;
use super::recruiting::ApplicationStatus;
use super::sending::known_at_error;
use super::take_home_test::{SentTest, State};
use super::validator::{self, StatusAnswer};
use super::vendor::{self, Ask};
use super::wire;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

/// Reads in flight at a time during a tick.
const READS_AT_ONCE: usize = 20;

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Read {
    /// Complete, and different from what was known.
    News,
    /// Complete, as was known already.
    SameResult,
    /// Not finished.
    NotComplete,
    /// No usable answer.
    Unusable,
}

/// Reads one test's status and shows what it says.
///
/// # Errors
/// The test is unknown, or has no interview id to ask with.
pub(crate) async fn read_status(shared: &Shared, take_home_test_id: u64) -> Result<Read, Refusal> {
    let (ask, rules, key, application, known) = shared.read(|world| {
        let test = world.test(take_home_test_id)?;
        let application = world.application(test.application_id)?.clone();
        let organization = world.organization(test.organization_id)?;
        let ask = order_read(test, &vendor::endpoints(organization)?.test_status)?;
        let known = known_at_error(test, &application);
        let key = organization.key.clone();
        Ok((ask, vendor::rules(organization), key, application, known))
    })?;
    let mut call = vendor::ask(shared, ask).await?;
    let (findings, answer) = vendor::judge(&call, |body| validator::test_status(body, rules));
    call.findings = findings;
    vendor::warn_of_leaks(
        &mut call,
        key.as_ref().map(|key| key.0.as_str()),
        Some(&application),
    );
    let read = shared.change(|world, now| {
        let read = apply(
            world,
            now,
            take_home_test_id,
            answer,
            &mut call.findings.warnings,
        );
        world.record(call.clone());
        read
    });
    vendor::report(shared, &call, known).await;
    Ok(read)
}

fn order_read(test: &SentTest, registered: &url::Url) -> Result<Ask, Refusal> {
    let id = test.partner_interview_id.as_deref().ok_or_else(|| {
        Refusal::Conflict(
            "The partner has not answered with an interview id: there is nothing to ask for."
                .to_owned(),
        )
    })?;
    Ok(Ask {
        call: "test_status",
        method: Method::GET,
        url: wire::status_url(registered, id),
        body: None,
        organization_id: test.organization_id,
        take_home_test_id: Some(test.take_home_test_id),
    })
}

/// Takes an answer in. Results are shown for active candidates only.
fn apply(
    world: &mut World,
    now: DateTime<Utc>,
    take_home_test_id: u64,
    answer: Option<StatusAnswer>,
    warnings: &mut Vec<String>,
) -> Read {
    let active = world
        .test(take_home_test_id)
        .is_ok_and(|test| is_active(world, test));
    let Some(test) = world.tests.get_mut(&take_home_test_id) else {
        return Read::Unusable;
    };
    test.reads += 1;
    test.last_read_at = Some(now);
    let Some(answer) = answer else {
        return Read::Unusable;
    };
    if answer.partner_status != "complete" {
        if test.state == State::ToBeGraded {
            warnings.push("partner_status was complete before and must stay so".to_owned());
        } else {
            test.partner_status = Some(answer.partner_status);
        }
        return Read::NotComplete;
    }
    if !active {
        return Read::SameResult;
    }
    take_result(test, now, answer)
}

fn take_result(test: &mut SentTest, now: DateTime<Utc>, answer: StatusAnswer) -> Read {
    let known = test.state == State::ToBeGraded
        && test.score == answer.score
        && test.profile_url == answer.profile_url
        && test.metadata == answer.metadata;
    test.partner_status = Some(answer.partner_status);
    test.state = State::ToBeGraded;
    test.completed_at.get_or_insert(now);
    test.score = answer.score;
    test.profile_url = answer.profile_url;
    test.metadata = answer.metadata;
    test.result_hidden = answer.hidden;
    if known { Read::SameResult } else { Read::News }
}

fn is_active(world: &World, test: &SentTest) -> bool {
    let application = world.applications.get(&test.application_id);
    application.is_some_and(|application| application.status == ApplicationStatus::Active)
}

/// What a tick of the polling clock did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TickReport {
    /// Statuses read.
    pub(crate) reads: usize,
    /// Of these, complete for the first time or changed.
    pub(crate) news: usize,
    /// Tests given up after eight weeks.
    pub(crate) gave_up: usize,
}

/// Lets the virtual clock run on hour by hour, with a tick after each.
pub(crate) async fn poll_for(shared: &Shared, hours: u32) -> TickReport {
    let mut total = TickReport::default();
    for _ in 0..hours {
        shared.change(|world, _| world.advance_clock(3_600));
        let tick = poll_tick(shared).await;
        total.reads += tick.reads;
        total.news += tick.news;
        total.gave_up += tick.gave_up;
    }
    total
}

/// Reads every test of a legacy partner whose hour is over; gives up those that are eight weeks old.
pub(crate) async fn poll_tick(shared: &Shared) -> TickReport {
    let now = shared.now();
    let gave_up = match shared.read(|world| overdue(world, now)) {
        // Nothing changes, so nobody is woken.
        overdue if overdue.is_empty() => 0,
        overdue => shared.change(|world, _| give_up(world, &overdue)),
    };
    let due = shared.read(|world| due(world, now));
    let reads: Vec<_> = futures_util::stream::iter(due)
        .map(|id| read_status(shared, id))
        .buffer_unordered(READS_AT_ONCE)
        .collect()
        .await;
    TickReport {
        reads: reads.len(),
        news: reads
            .iter()
            .filter(|read| matches!(read, Ok(Read::News)))
            .count(),
        gave_up,
    }
}

/// Tests that are read without a PATCH. Hired candidates are left alone; what becomes of rejected ones is not
/// documented, so they are read on.
fn polled(world: &World) -> impl Iterator<Item = &SentTest> {
    world.tests.values().filter(|test| {
        let organization = world.organizations.get(&test.organization_id);
        let application = world.applications.get(&test.application_id);
        test.state == State::Waiting
            && organization.is_some_and(|organization| organization.polling != Polling::PatchOnly)
            && application.is_some_and(|application| application.status != ApplicationStatus::Hired)
    })
}

fn overdue(world: &World, now: DateTime<Utc>) -> Vec<u64> {
    polled(world)
        .filter(|test| test.is_overdue(now))
        .map(|test| test.take_home_test_id)
        .collect()
}

fn give_up(world: &mut World, overdue: &[u64]) -> usize {
    for id in overdue {
        if let Some(test) = world.tests.get_mut(id) {
            test.state = State::GaveUp;
        }
    }
    overdue.len()
}

/// The tests whose hourly read is due.
fn due(world: &World, now: DateTime<Utc>) -> Vec<u64> {
    polled(world)
        .filter(|test| test.is_poll_due(now))
        .map(|test| test.take_home_test_id)
        .collect()
}
