//! Everything the sandbox knows, in memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call_log::{Call, CallLog};
use crate::greenhouse::faults::Faults;
use crate::greenhouse::organization::Organization;
use crate::greenhouse::recruiting::{Application, Job, Stage};
use crate::greenhouse::take_home_test::SentTest;
use crate::harvest::world::Harvest;
use crate::lever::world::Lever;
use crate::refusal::Refusal;

/// The smallest number of twelve digits.
pub(crate) const TWELVE_DIGITS: u64 = 100_000_000_000;

/// The whole state of the sandbox: Greenhouse's in the members of its own, Lever's in one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct World {
    next_id: u64,
    /// How far the virtual clock is ahead of the real one.
    pub(crate) clock_ahead_seconds: i64,
    pub(crate) organizations: BTreeMap<u64, Organization>,
    pub(crate) jobs: BTreeMap<u64, Job>,
    pub(crate) stages: BTreeMap<u64, Stage>,
    pub(crate) applications: BTreeMap<u64, Application>,
    pub(crate) tests: BTreeMap<u64, SentTest>,
    pub(crate) faults: Faults,
    /// What Harvest knows besides; a state file from before there was one has none.
    #[serde(default)]
    pub(crate) harvest: Harvest,
    /// All that Lever knows; a state file from before there was one has none.
    #[serde(default)]
    pub(crate) lever: Lever,
    pub(crate) log: CallLog,
}

impl World {
    /// An empty world whose ids count up from twelve digits chosen by `seed`, so that a vendor which outlives the
    /// sandbox never meets an id twice.
    pub(crate) fn empty(seed: u64) -> Self {
        Self {
            next_id: TWELVE_DIGITS + seed % (8 * TWELVE_DIGITS),
            clock_ahead_seconds: 0,
            organizations: BTreeMap::new(),
            jobs: BTreeMap::new(),
            stages: BTreeMap::new(),
            applications: BTreeMap::new(),
            tests: BTreeMap::new(),
            faults: Faults::default(),
            harvest: Harvest::default(),
            lever: Lever::empty(seed),
            log: CallLog::default(),
        }
    }

    /// Forgets everything but which ids were used.
    pub(crate) fn reset(&mut self) {
        let next_id = self.draw_id();
        let (lever, harvest) = (self.lever.emptied(), self.harvest.emptied());
        *self = Self::empty(0);
        self.next_id = next_id;
        self.lever = lever;
        self.harvest = harvest;
    }

    /// An id never given before.
    pub(crate) fn draw_id(&mut self) -> u64 {
        let id = self.next_id;
        // Neighbouring ids are rare in the real system; steps keep people from relying on them.
        self.next_id += 7;
        id
    }

    /// One organization.
    pub(crate) fn organization(&self, id: u64) -> Result<&Organization, Refusal> {
        let what = "organization";
        self.organizations
            .get(&id)
            .ok_or_else(|| Refusal::unknown(what, id))
    }

    /// One job.
    pub(crate) fn job(&self, id: u64) -> Result<&Job, Refusal> {
        self.jobs
            .get(&id)
            .ok_or_else(|| Refusal::unknown("job", id))
    }

    /// One stage.
    pub(crate) fn stage(&self, id: u64) -> Result<&Stage, Refusal> {
        let what = "stage";
        self.stages
            .get(&id)
            .ok_or_else(|| Refusal::unknown(what, id))
    }

    /// One application.
    pub(crate) fn application(&self, id: u64) -> Result<&Application, Refusal> {
        let what = "application";
        self.applications
            .get(&id)
            .ok_or_else(|| Refusal::unknown(what, id))
    }

    /// One application, to change it.
    pub(crate) fn application_mut(&mut self, id: u64) -> Result<&mut Application, Refusal> {
        let what = "application";
        self.applications
            .get_mut(&id)
            .ok_or_else(|| Refusal::unknown(what, id))
    }

    /// One sent test.
    pub(crate) fn test(&self, id: u64) -> Result<&SentTest, Refusal> {
        let what = "take home test";
        self.tests
            .get(&id)
            .ok_or_else(|| Refusal::unknown(what, id))
    }

    /// The organization of a job.
    pub(crate) fn organization_of_job(&self, job_id: u64) -> Result<&Organization, Refusal> {
        self.organization(self.job(job_id)?.organization_id)
    }

    /// What was sent to an application, oldest first.
    pub(crate) fn tests_of(
        &self,
        application_id: u64,
    ) -> impl DoubleEndedIterator<Item = &SentTest> {
        self.tests
            .values()
            .filter(move |test| test.application_id == application_id)
    }

    /// The newest test sent to an application in a stage.
    pub(crate) fn latest_test(&self, application_id: u64, stage_id: u64) -> Option<&SentTest> {
        self.tests_of(application_id)
            .rev()
            .find(|test| test.stage_id == stage_id)
    }

    /// The applications in a stage, in the order in which they came.
    pub(crate) fn applications_in(&self, stage_id: u64) -> impl Iterator<Item = &Application> {
        self.applications
            .values()
            .filter(move |application| application.stage_id == stage_id)
    }

    /// Moves the virtual clock forward.
    pub(crate) fn advance_clock(&mut self, seconds: i64) {
        self.clock_ahead_seconds = self.clock_ahead_seconds.saturating_add(seconds);
    }

    /// Adds a call to the log.
    pub(crate) fn record(&mut self, call: Call) {
        self.log.add(call);
    }
}
