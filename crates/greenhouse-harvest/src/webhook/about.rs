//! To what something happened: ids, and what tells whether a delivery is still news.
//!
//! The words of payloads are those of Harvest v1, whatever version calls are made to. Nothing here is required: a delivery is
//! a hint.

use serde_json::{Map, Value};

use crate::{
    ApplicationId, ApplicationStatus, CandidateId, Id, JobId, JobInterviewStageId, JobPostId,
    Timestamp,
};

/// To what something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum About {
    /// An application.
    Application(Box<AboutApplication>),
    /// A person's data.
    Candidate(Option<CandidateId>),
    /// A person as a whole.
    Person(AboutPerson),
    /// A person whose data was removed, and which members of it, by Greenhouse's names.
    Anonymized(Option<CandidateId>, Vec<String>),
    /// A job.
    Job(Option<JobId>),
    /// A post, and its job. A post for prospects has none.
    JobPost(Option<JobPostId>, Option<JobId>),
    /// Something else, or nothing: see [`Delivery::payload`](super::Delivery::payload).
    Other,
}

/// An application, as far as a delivery tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AboutApplication {
    /// Its id.
    pub id: Option<ApplicationId>,
    /// Whose it is.
    pub candidate_id: Option<CandidateId>,
    /// For which job; for prospects perhaps several.
    pub job_ids: Vec<JobId>,
    /// The stage it is in. It is taken to be the job's.
    pub current_stage_id: Option<JobInterviewStageId>,
    /// That stage's name.
    pub current_stage_name: Option<String>,
    /// How far it has come.
    pub status: Option<ApplicationStatus>,
    /// Whether it is a prospect's.
    pub prospect: Option<bool>,
    /// When something last happened to it: compare it with what the API says.
    pub last_activity_at: Option<Timestamp>,
}

/// A person who was deleted, or merged into another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AboutPerson {
    /// Their id, which is gone.
    pub id: Option<CandidateId>,
    /// The other, who stays.
    pub new_candidate_id: Option<CandidateId>,
    /// Their applications, which are gone too.
    pub application_ids: Vec<ApplicationId>,
}

impl About {
    pub(super) fn read(payload: &Map<String, Value>) -> Self {
        let part = |name: &str| payload.get(name).filter(|part| part.is_object());
        if let Some(application) = part("application") {
            Self::Application(Box::new(AboutApplication::read(application)))
        } else if let Some(person) = part("person") {
            Self::Person(AboutPerson::read(person))
        } else if let Some(candidate) = part("candidate") {
            Self::Candidate(id(&candidate["id"]))
        } else if let Some(post) = part("job_post") {
            Self::JobPost(id(&post["id"]), id(&post["job_id"]))
        } else if let Some(job) = part("job") {
            Self::Job(id(&job["id"]))
        } else if let Some(fields) = payload.get("anonymized_fields") {
            let candidate = payload.get("candidate_id").and_then(id);
            Self::Anonymized(candidate, elements(fields).filter_map(text).collect())
        } else {
            Self::Other
        }
    }
}

impl AboutApplication {
    fn read(application: &Value) -> Self {
        let stage = &application["current_stage"];
        let jobs = elements(&application["jobs"]).filter_map(|job| id(&job["id"]));
        let job = id(&application["job_id"]);
        Self {
            id: id(&application["id"]),
            candidate_id: id(&application["candidate"]["id"])
                .or_else(|| id(&application["candidate_id"])),
            job_ids: jobs.chain(job).collect(),
            current_stage_id: id(&stage["id"]),
            current_stage_name: text(&stage["name"]),
            status: application["status"].as_str().map(Into::into),
            prospect: application["prospect"].as_bool(),
            last_activity_at: application["last_activity_at"]
                .as_str()
                .and_then(Timestamp::parse),
        }
    }
}

impl AboutPerson {
    fn read(person: &Value) -> Self {
        let applications = ["deleted_application_ids", "application_ids"]
            .into_iter()
            .flat_map(|name| elements(&person[name]))
            .filter_map(id);
        Self {
            id: id(&person["id"]),
            new_candidate_id: id(&person["new_candidate_id"]),
            application_ids: applications.collect(),
        }
    }
}

/// A whole number or its digits.
fn id<R>(value: &Value) -> Option<Id<R>> {
    let number = match value {
        Value::String(digits) => digits.trim().parse().ok(),
        other => other.as_i64(),
    };
    number.map(Id::new)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
