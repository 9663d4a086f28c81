//! Candidates and where they stand.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{set, set_text, stage_of};
use crate::greenhouse::recruiting::{Application, ApplicationStatus};
use crate::harvest::doings;
use crate::refusal::Refusal;
use crate::world::World;

/// A candidate as entered; on a change, members given replace, a blank clears.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CandidateFields {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) preferred_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) resume_url: Option<String>,
    pub(crate) do_not_email: Option<bool>,
}

/// Adds a candidate to a job, in its first stage unless another is named.
///
/// # Errors
/// Job or stage unknown, the stage of another job, no name at all, an address without "@".
pub(crate) fn add_candidate(
    world: &mut World,
    now: DateTime<Utc>,
    job_id: u64,
    stage_id: Option<u64>,
    fields: CandidateFields,
) -> Result<u64, Refusal> {
    let stage_id = match stage_id {
        Some(stage_id) => stage_of(world, job_id, stage_id)?,
        None => world.job(job_id)?.stage_ids[0],
    };
    let mut application = Application {
        application_id: world.draw_id(),
        person_id: world.draw_id(),
        job_id,
        stage_id,
        first_name: String::new(),
        last_name: String::new(),
        preferred_name: None,
        email: None,
        phone_number: None,
        resume_url: None,
        do_not_email: false,
        status: ApplicationStatus::Active,
    };
    fill_in(&mut application, fields)?;
    let id = application.application_id;
    world.applications.insert(id, application);
    world.sync_harvest(now);
    Ok(id)
}

/// Changes a candidate.
///
/// # Errors
/// The application is unknown or a field is at fault.
pub(crate) fn change_candidate(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
    fields: CandidateFields,
) -> Result<(), Refusal> {
    let mut application = world.application(id)?.clone();
    fill_in(&mut application, fields)?;
    world.sync_harvest(now);
    world.applications.insert(id, application);
    doings::changed(world, now, id);
    Ok(())
}

fn fill_in(application: &mut Application, fields: CandidateFields) -> Result<(), Refusal> {
    set(
        &mut application.first_name,
        fields.first_name.map(|name| name.trim().to_owned()),
    );
    set(
        &mut application.last_name,
        fields.last_name.map(|name| name.trim().to_owned()),
    );
    set_text(&mut application.preferred_name, fields.preferred_name);
    set_text(&mut application.email, fields.email);
    set_text(&mut application.phone_number, fields.phone_number);
    set_text(&mut application.resume_url, fields.resume_url);
    set(&mut application.do_not_email, fields.do_not_email);
    if application.name().is_empty() {
        return Err(Refusal::field(
            "first_name",
            "The name is missing: enter at least a first name.",
        ));
    }
    if application
        .email
        .as_ref()
        .is_some_and(|email| !email.contains('@'))
    {
        return Err(Refusal::field(
            "email",
            "An e-mail address holds an @: correct it or leave it empty.",
        ));
    }
    Ok(())
}

/// Marks a candidate as hired, rejected or active again.
///
/// # Errors
/// The application is unknown.
pub(crate) fn set_status(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
    status: ApplicationStatus,
) -> Result<(), Refusal> {
    world.sync_harvest(now);
    let application = world.application_mut(id)?;
    let was = std::mem::replace(&mut application.status, status);
    doings::decided(world, now, id, was);
    Ok(())
}
