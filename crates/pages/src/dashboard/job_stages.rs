//! Stages of a job in Greenhouse that invite, `/assessments/{id}/stages`.

use askama::Template;

use super::{Frame, Section, StageChoice};

/// `GET /assessments/{id}/stages`: for which job the assessment is, and which of its stages invite.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/job_stages.html")]
pub struct JobStagesPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The assessment's title.
    pub title: String,
    /// The assessment's page.
    pub href: String,
    /// The job in Greenhouse that it is for.
    pub job: Option<String>,
    /// The stages that invite to it by now.
    pub mappings: Vec<MappingRow>,
    /// The stages of the job.
    pub stages: Vec<StageChoice>,
    /// May whoever looks at it change it?
    pub may_change: bool,
    /// What was wrong with what was entered, or why Greenhouse could not be asked.
    pub error: Option<String>,
}

/// One stage that invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Its id with us.
    pub id: String,
    /// The stage's name.
    pub stage: String,
    /// The job's name.
    pub job: String,
    /// Greenhouse has it no more.
    pub is_gone: bool,
}

impl JobStagesPage {
    fn all_chosen(&self) -> bool {
        self.stages.iter().all(|stage| stage.chosen)
    }
}
