//! Sending tests: one, many, twice, again, and by a stage's rule.

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::reading;
use super::recruiting::{Application, ApplicationStatus};
use super::setup;
use super::take_home_test::{Reason, SentTest, State};
use super::validator::{self, Strictness};
use super::vendor::{self, Ask};
use super::wire::{self, KnownAtError, Links};
use crate::call_log::Call;
use crate::harvest::doings;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

/// Most POSTs at a time in a bulk send.
const MOST_AT_ONCE: usize = 200;

/// What a person may choose when sending.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Order {
    /// Another test than the stage's.
    pub(crate) partner_test_id: Option<String>,
    /// The Greenhouse user's e-mail address.
    pub(crate) sent_by: Option<String>,
}

/// **Send Test** (or a rule, or **Send again**): one POST. Gives back the id of the take home test, whatever the
/// vendor answered: the sent test says how it went.
///
/// # Errors
/// The candidate's or the stage's state forbids sending.
pub(crate) async fn send(
    shared: &Shared,
    application_id: u64,
    order: &Order,
    reason: Reason,
) -> Result<u64, Refusal> {
    let id = shared.change(|world, now| prepare(world, now, application_id, order, reason))?;
    post(shared, id).await?;
    Ok(id)
}

/// Two POSTs at the same time with the same `url`, as from a double click.
///
/// # Errors
/// As [`send`].
pub(crate) async fn double_click(
    shared: &Shared,
    application_id: u64,
    order: &Order,
) -> Result<u64, Refusal> {
    let reason = Reason::DoubleClick;
    let id = shared.change(|world, now| prepare(world, now, application_id, order, reason))?;
    let (first, second) = tokio::join!(post(shared, id), post(shared, id));
    first.and(second)?;
    Ok(id)
}

/// Sends an existing take home test once more under the same `url`, with what the application says now.
///
/// # Errors
/// The test is unknown.
pub(crate) async fn repeat(shared: &Shared, take_home_test_id: u64) -> Result<u64, Refusal> {
    post(shared, take_home_test_id).await?;
    Ok(take_home_test_id)
}

/// What became of a bulk send.
#[derive(Debug, Default, Serialize)]
pub(crate) struct BulkReport {
    /// Take home tests that the vendor took.
    pub(crate) sent: Vec<u64>,
    /// Take home tests that it did not take.
    pub(crate) failed: Vec<u64>,
    /// Candidates who were left out.
    pub(crate) skipped: Vec<Skipped>,
}

/// A candidate left out of a bulk send.
#[derive(Debug, Serialize)]
pub(crate) struct Skipped {
    pub(crate) application_id: u64,
    /// Why, in words.
    pub(crate) reason: String,
}

/// Sends to many candidates, `at_once` POSTs at a time.
pub(crate) async fn bulk_send(
    shared: &Shared,
    application_ids: &[u64],
    at_once: usize,
    order: &Order,
) -> BulkReport {
    let mut sends = futures_util::stream::iter(application_ids.to_vec())
        .map(|id| async move { (id, send(shared, id, order, Reason::Bulk).await) })
        .buffer_unordered(at_once.clamp(1, MOST_AT_ONCE));
    let mut report = BulkReport::default();
    while let Some((application_id, outcome)) = sends.next().await {
        match outcome {
            Ok(id) if was_taken(shared, id) => report.sent.push(id),
            Ok(id) => report.failed.push(id),
            Err(refusal) => report.skipped.push(Skipped {
                application_id,
                reason: refusal.to_string(),
            }),
        }
    }
    report
}

fn was_taken(shared: &Shared, id: u64) -> bool {
    shared.read(|world| {
        world
            .test(id)
            .is_ok_and(|test| test.partner_interview_id.is_some())
    })
}

/// What moving a candidate led to.
#[derive(Debug, Serialize)]
pub(crate) struct Moved {
    /// The test that the stage's rule sent.
    pub(crate) take_home_test_id: Option<u64>,
    /// Why the rule sent nothing, where it was on.
    pub(crate) not_sent_because: Option<String>,
}

/// Moves a candidate; where the stage's rule is on, the e-mail valid and the candidate not marked *Do Not Email*, the
/// test is sent.
///
/// # Errors
/// Application or stage unknown, a stage of another job, a candidate who is out.
pub(crate) async fn move_to_stage(
    shared: &Shared,
    application_id: u64,
    stage_id: u64,
) -> Result<Moved, Refusal> {
    let rule_is_on =
        shared.change(|world, now| enter_stage(world, now, application_id, stage_id))?;
    let mut moved = Moved {
        take_home_test_id: None,
        not_sent_because: None,
    };
    if !rule_is_on {
        return Ok(moved);
    }
    let held_back = shared.read(|world| why_rule_holds_back(world, application_id));
    match held_back {
        Some(why) => moved.not_sent_because = Some(why.to_owned()),
        None => match send(shared, application_id, &Order::default(), Reason::StageRule).await {
            Ok(id) => moved.take_home_test_id = Some(id),
            Err(refusal) => moved.not_sent_because = Some(refusal.to_string()),
        },
    }
    Ok(moved)
}

/// Puts the candidate there; says whether the stage's rule is on.
fn enter_stage(
    world: &mut World,
    now: DateTime<Utc>,
    application_id: u64,
    stage_id: u64,
) -> Result<bool, Refusal> {
    world.sync_harvest(now);
    let application = world.application(application_id)?;
    require_active(application)?;
    setup::stage_of(world, application.job_id, stage_id)?;
    let before = application.stage_id;
    let already_there = before == stage_id;
    world.application_mut(application_id)?.stage_id = stage_id;
    if !already_there {
        doings::moved(world, now, application_id, before, true);
    }
    let take_home = world.stage(stage_id)?.take_home.as_ref();
    Ok(!already_there && take_home.is_some_and(|take_home| take_home.auto_send))
}

fn why_rule_holds_back(world: &World, application_id: u64) -> Option<&'static str> {
    let application = world.applications.get(&application_id)?;
    let has_address = application
        .email
        .as_ref()
        .is_some_and(|email| email.contains('@'));
    if application.do_not_email {
        Some("The candidate is marked Do Not Email.")
    } else if !has_address {
        Some("The candidate has no e-mail address.")
    } else {
        None
    }
}

fn require_active(application: &Application) -> Result<(), Refusal> {
    let why = match application.status {
        ApplicationStatus::Active => return Ok(()),
        ApplicationStatus::Rejected => "was rejected: unreject first",
        ApplicationStatus::Hired => "was hired",
    };
    Err(Refusal::Conflict(format!("{} {why}.", application.name())))
}

/// Makes the sent test, or takes up one that failed.
fn prepare(
    world: &mut World,
    now: DateTime<Utc>,
    application_id: u64,
    order: &Order,
    reason: Reason,
) -> Result<u64, Refusal> {
    let application = world.application(application_id)?.clone();
    require_active(&application)?;
    if application.email.is_none() {
        let name = application.name();
        return Err(Refusal::Conflict(format!(
            "{name} has no e-mail address: enter one first."
        )));
    }
    let (partner_test_id, partner_test_name) = chosen_test(world, application.stage_id, order)?;
    let organization = world.organization_of_job(application.job_id)?;
    vendor::endpoints(organization)?;
    let organization_id = organization.id;
    if reason != Reason::Resend
        && let Some(earlier) = world.latest_test(application_id, application.stage_id)
    {
        return take_up(world, earlier.take_home_test_id);
    }
    let id = world.draw_id();
    let test = SentTest {
        take_home_test_id: id,
        organization_id,
        application_id,
        stage_id: application.stage_id,
        partner_test_id,
        partner_test_name,
        sent_by: order.sent_by.clone(),
        reason,
        sent_at: now,
        state: State::Sending,
        failure: None,
        sends: 0,
        interview_ids: Vec::new(),
        partner_interview_id: None,
        partner_status: None,
        reads: 0,
        last_read_at: None,
        patches: 0,
        refused_patches: 0,
        early_patches: 0,
        idle_patches: 0,
        last_patch_at: None,
        completed_at: None,
        score: None,
        profile_url: None,
        metadata: Vec::new(),
        result_hidden: false,
    };
    world.tests.insert(id, test);
    Ok(id)
}

/// A send that failed may be tried again under its own `url`; one that went out may not.
fn take_up(world: &mut World, take_home_test_id: u64) -> Result<u64, Refusal> {
    match world.tests.get_mut(&take_home_test_id) {
        Some(test) if test.state == State::SendFailed => {
            test.state = State::Sending;
            Ok(take_home_test_id)
        }
        _ => Err(Refusal::Conflict(
            "The test was sent already: use Send again for another one.".to_owned(),
        )),
    }
}

/// The order's test, else the stage's.
fn chosen_test(
    world: &World,
    stage_id: u64,
    order: &Order,
) -> Result<(String, Option<String>), Refusal> {
    let stage = world.stage(stage_id)?;
    let take_home = stage.take_home.as_ref().ok_or_else(|| {
        let name = &stage.name;
        Refusal::Conflict(format!(
            "{name} has no take home test: move the candidate to an assessment stage first."
        ))
    })?;
    if let Some(id) = &order.partner_test_id {
        let tests = &world.organization_of_job(stage.job_id)?.tests;
        let known = tests.iter().find(|test| test.partner_test_id == *id);
        return Ok((id.clone(), known.map(|test| test.partner_test_name.clone())));
    }
    let id = take_home.partner_test_id.clone().ok_or_else(|| {
        Refusal::Conflict("The stage has no test yet: use Edit Take Home Test first.".to_owned())
    })?;
    Ok((id, take_home.partner_test_name.clone()))
}

/// One `send_test`, with all that follows from its answer.
async fn post(shared: &Shared, take_home_test_id: u64) -> Result<(), Refusal> {
    let (ask, rules, key, application, mut known) =
        shared.change(|world, now| order_post(world, now, shared, take_home_test_id))?;
    let mut call = vendor::ask(shared, ask).await?;
    let (findings, interview_id) = vendor::judge(&call, |body| validator::send_test(body, rules));
    call.findings = findings;
    vendor::warn_of_leaks(&mut call, key.as_deref(), Some(&application));
    let patched_already = shared.change(|world, _| {
        world.record(call.clone());
        let test = world.tests.get_mut(&take_home_test_id)?;
        take_answer(test, &call, interview_id);
        known.partner_interview_id = test.partner_interview_id.clone();
        Some(test.patches > 0 && test.reads == 0 && test.partner_interview_id.is_some())
    });
    vendor::report(shared, &call, known).await;
    if patched_already == Some(true) {
        reading::read_status(shared, take_home_test_id).await?;
    }
    Ok(())
}

type PostOrder = (Ask, Strictness, Option<String>, Application, KnownAtError);

fn order_post(
    world: &mut World,
    now: DateTime<Utc>,
    shared: &Shared,
    take_home_test_id: u64,
) -> Result<PostOrder, Refusal> {
    let test = world.test(take_home_test_id)?;
    let application = world.application(test.application_id)?.clone();
    let organization = world.organization(test.organization_id)?;
    let links = links(shared, &application, take_home_test_id);
    let ask = Ask {
        call: "send_test",
        method: Method::POST,
        url: vendor::endpoints(organization)?.send_test.clone(),
        body: Some(wire::send_test_body(
            &application,
            test,
            &links,
            &organization.dialect,
        )),
        organization_id: organization.id,
        take_home_test_id: Some(take_home_test_id),
    };
    let key = organization.key_at(now).map(|key| key.0.clone());
    let rules = vendor::rules(organization);
    let known = known_at_error(test, &application);
    if let Some(test) = world.tests.get_mut(&take_home_test_id) {
        test.sends += 1;
    }
    Ok((ask, rules, key, application, known))
}

/// Greenhouse's shapes of the two links, below the sandbox's own address.
fn links(shared: &Shared, application: &Application, take_home_test_id: u64) -> Links {
    let (person, id) = (application.person_id, application.application_id);
    Links {
        profile: shared.link(&format!("/greenhouse/people/{person}?application_id={id}")),
        callback: shared.link(&format!(
            "/greenhouse/integrations/testing_partners/take_home_tests/{take_home_test_id}"
        )),
    }
}

/// What an error notice about a sent test may tell.
pub(crate) fn known_at_error(test: &SentTest, application: &Application) -> KnownAtError {
    KnownAtError {
        partner_test_id: Some(test.partner_test_id.clone()),
        partner_test_name: test.partner_test_name.clone(),
        partner_interview_id: test.partner_interview_id.clone(),
        candidate_email: application.email.clone(),
    }
}

fn take_answer(test: &mut SentTest, call: &Call, interview_id: Option<String>) {
    test.failure = vendor::failure(call);
    let Some(id) = interview_id else {
        if test.state == State::Sending {
            test.state = State::SendFailed;
        }
        return;
    };
    if !test.interview_ids.contains(&id) {
        test.interview_ids.push(id.clone());
    }
    test.partner_interview_id = Some(id);
    if matches!(test.state, State::Sending | State::SendFailed) {
        test.state = State::Waiting;
    }
}
