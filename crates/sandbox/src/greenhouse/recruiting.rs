//! Jobs, stages of their interview plans, and applications.

use serde::{Deserialize, Serialize};

/// A job with its interview plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: u64,
    pub(crate) organization_id: u64,
    pub(crate) name: String,
    /// The plan, in order.
    pub(crate) stage_ids: Vec<u64>,
}

/// One stage of an interview plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) id: u64,
    pub(crate) job_id: u64,
    pub(crate) name: String,
    /// Unset: it was taken out of the plan, as Harvest shows.
    #[serde(default = "yes")]
    pub(crate) active: bool,
    /// Set for a stage of the assessment partner.
    pub(crate) take_home: Option<TakeHome>,
}

fn yes() -> bool {
    true
}

/// What **Edit Take Home Test** sets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct TakeHome {
    /// The vendor's id of the chosen test; none until one is chosen.
    pub(crate) partner_test_id: Option<String>,
    /// Its name when it was chosen.
    pub(crate) partner_test_name: Option<String>,
    /// Who grades: at least one once a test is chosen.
    pub(crate) graders: Vec<String>,
    /// The stage transition rule "send a partner take-home test".
    pub(crate) auto_send: bool,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApplicationStatus {
    /// In the running.
    #[default]
    Active,
    /// Turned down.
    Rejected,
    /// Hired.
    Hired,
}

/// A person's application for a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Application {
    /// Twelve digits.
    pub(crate) application_id: u64,
    /// Twelve digits.
    pub(crate) person_id: u64,
    pub(crate) job_id: u64,
    pub(crate) stage_id: u64,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) preferred_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) resume_url: Option<String>,
    /// Keeps stage rules from sending.
    pub(crate) do_not_email: bool,
    pub(crate) status: ApplicationStatus,
}

impl Application {
    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }

    /// What Greenhouse calls the person on the page.
    pub(crate) fn salutation(&self) -> &str {
        self.preferred_name.as_deref().unwrap_or(&self.first_name)
    }
}
