//! What an administrator sets up: organizations and their connection, jobs, stages, candidates.

mod candidates;
mod jobs;
mod organizations;

pub(crate) use candidates::{CandidateFields, add_candidate, change_candidate, set_status};
pub(crate) use jobs::{StageChange, add_stage, create_job, edit_stage, stage_of};
pub(crate) use organizations::{
    OrganizationChange, change_organization, create_organization, rotate_key,
};

use crate::refusal::Refusal;

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Sets an optional text; a blank one clears it.
fn set_text(place: &mut Option<String>, value: Option<String>) {
    if let Some(text) = value {
        *place = optional(&text);
    }
}

fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn required(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        let shown = field.replace('_', " ");
        return Err(Refusal::field(
            field,
            format!("The {shown} is missing: enter one."),
        ));
    }
    Ok(text.to_owned())
}
