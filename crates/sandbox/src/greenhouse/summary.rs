//! What a test asserts and a page shows of one sent test.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::take_home_test::{Reason, SentTest, State};
use crate::refusal::Refusal;
use crate::world::World;

/// One sent test, seen from outside.
#[derive(Debug, Serialize)]
pub(crate) struct TestSummary {
    pub(crate) take_home_test_id: u64,
    pub(crate) application_id: u64,
    pub(crate) stage_id: u64,
    pub(crate) organization_id: u64,
    /// The candidate's address as it is now.
    pub(crate) candidate_email: Option<String>,
    pub(crate) partner_test_id: String,
    pub(crate) partner_test_name: Option<String>,
    pub(crate) partner_interview_id: Option<String>,
    /// Every different id that the vendor answered for this test; more than one is a vendor that is not idempotent,
    /// or an ask that was changed.
    pub(crate) interview_ids: Vec<String>,
    pub(crate) state: State,
    /// The state in a recruiter's words.
    pub(crate) label: String,
    pub(crate) failure: Option<String>,
    pub(crate) reason: Reason,
    pub(crate) sent_by: Option<String>,
    pub(crate) sent_at: DateTime<Utc>,
    pub(crate) sends: u32,
    /// PATCHes let in.
    pub(crate) patches: u32,
    /// PATCHes turned away or met by a fault.
    pub(crate) refused_patches: u32,
    /// PATCHes whose read found the test not complete: the final state must be visible at that instant.
    pub(crate) early_patches: u32,
    /// PATCHes that brought nothing new.
    pub(crate) idle_patches: u32,
    /// Reads of `test_status`.
    pub(crate) polls: u32,
    pub(crate) last_read_at: Option<DateTime<Utc>>,
    pub(crate) last_patch_at: Option<DateTime<Utc>>,
    pub(crate) completed_at: Option<DateTime<Utc>>,
    pub(crate) partner_status: Option<String>,
    pub(crate) score: Option<Number>,
    pub(crate) profile_url: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) result_hidden: bool,
    /// All that was wrong with the vendor's answers about this test.
    pub(crate) errors: Vec<String>,
    /// All that was unwise.
    pub(crate) warnings: Vec<String>,
    /// What the vendor should not have done, in words.
    pub(crate) complaints: Vec<String>,
}

/// All sent tests, oldest first, or the one asked for.
///
/// # Errors
/// The one asked for is unknown.
pub(crate) fn summaries(world: &World, only: Option<u64>) -> Result<Vec<TestSummary>, Refusal> {
    match only {
        Some(id) => Ok(vec![summary(world, world.test(id)?)]),
        None => Ok(world
            .tests
            .values()
            .map(|test| summary(world, test))
            .collect()),
    }
}

/// One sent test.
pub(crate) fn summary(world: &World, test: &SentTest) -> TestSummary {
    let (errors, warnings) = findings(world, test.take_home_test_id);
    let application = world.applications.get(&test.application_id);
    let test = test.clone();
    TestSummary {
        take_home_test_id: test.take_home_test_id,
        application_id: test.application_id,
        stage_id: test.stage_id,
        organization_id: test.organization_id,
        candidate_email: application.and_then(|application| application.email.clone()),
        label: test.label(),
        complaints: complaints(&test, &errors),
        partner_test_id: test.partner_test_id,
        partner_test_name: test.partner_test_name,
        partner_interview_id: test.partner_interview_id,
        interview_ids: test.interview_ids,
        state: test.state,
        failure: test.failure,
        reason: test.reason,
        sent_by: test.sent_by,
        sent_at: test.sent_at,
        sends: test.sends,
        patches: test.patches,
        refused_patches: test.refused_patches,
        early_patches: test.early_patches,
        idle_patches: test.idle_patches,
        polls: test.reads,
        last_read_at: test.last_read_at,
        last_patch_at: test.last_patch_at,
        completed_at: test.completed_at,
        partner_status: test.partner_status,
        score: test.score,
        profile_url: test.profile_url,
        metadata: test.metadata.into_iter().collect(),
        result_hidden: test.result_hidden,
        errors,
        warnings,
    }
}

fn findings(world: &World, id: u64) -> (Vec<String>, Vec<String>) {
    let calls = || {
        world
            .log
            .iter()
            .filter(|call| call.take_home_test_id == Some(id))
    };
    let errors = calls()
        .flat_map(|call| call.findings.errors.clone())
        .collect();
    let warnings = calls()
        .flat_map(|call| call.findings.warnings.clone())
        .collect();
    (errors, warnings)
}

fn complaints(test: &SentTest, errors: &[String]) -> Vec<String> {
    let mut complaints = errors.to_vec();
    let mut add = |count: u32, what: &str| {
        if count > 0 {
            complaints.push(format!("{count} {what}"));
        }
    };
    add(
        test.early_patches,
        "PATCH before the final state was visible",
    );
    add(test.idle_patches, "PATCH that brought nothing new");
    complaints
}
