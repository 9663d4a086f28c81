//! What an administrator sets up: organizations and their connection, jobs, stages, candidates.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use url::Url;

use super::organization::{
    Dialect, DialectChoice, Endpoints, NextKey, Organization, PatchAuth, Polling, Secret,
};
use super::recruiting::{Application, ApplicationStatus, Job, Stage, TakeHome};
use super::validator::is_private;
use super::vendor;
use super::world::World;
use crate::refusal::Refusal;
use crate::shared::Shared;

/// Greenhouse takes keys shorter than 171 characters.
const LONGEST_KEY: usize = 170;

/// Members given are changed, the others stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OrganizationChange {
    pub(crate) name: Option<String>,
    pub(crate) partner_name: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) endpoints: Option<Endpoints>,
    pub(crate) key: Option<Secret>,
    pub(crate) patch_auth: Option<PatchAuth>,
    pub(crate) partner_username: Option<String>,
    pub(crate) partner_password: Option<Secret>,
    pub(crate) dialect: Option<DialectChoice>,
    pub(crate) polling: Option<Polling>,
    pub(crate) strict: Option<bool>,
    pub(crate) notify_failures: Option<bool>,
    pub(crate) read_before_answer: Option<bool>,
    pub(crate) reread_complete: Option<bool>,
    pub(crate) accept_private_results: Option<bool>,
}

/// Makes an organization.
///
/// # Errors
/// No name, or a URL or key at fault.
pub(crate) fn create_organization(
    world: &mut World,
    change: OrganizationChange,
) -> Result<u64, Refusal> {
    let name = required("name", change.name.as_deref().unwrap_or_default())?;
    let mut organization = Organization::named(world.draw_id(), name);
    apply(&mut organization, change)?;
    let id = organization.id;
    world.organizations.insert(id, organization);
    Ok(id)
}

/// Changes an organization.
///
/// # Errors
/// It is unknown, or a URL or key is at fault; then nothing is changed.
pub(crate) fn change_organization(
    world: &mut World,
    id: u64,
    change: OrganizationChange,
) -> Result<(), Refusal> {
    let mut organization = world.organization(id)?.clone();
    apply(&mut organization, change)?;
    world.organizations.insert(id, organization);
    Ok(())
}

fn apply(organization: &mut Organization, change: OrganizationChange) -> Result<(), Refusal> {
    if let Some(name) = change.name {
        organization.name = required("name", &name)?;
    }
    if let Some(name) = change.partner_name {
        organization.partner_name = required("partner_name", &name)?;
    }
    if let Some(text) = change.base_url {
        organization.endpoints = Some(Endpoints::below(&vendor_url("base_url", &text)?));
        organization.base_url = Some(text.trim().to_owned());
    }
    if let Some(endpoints) = change.endpoints {
        check_endpoints(&endpoints)?;
        organization.endpoints = Some(endpoints);
        organization.base_url = None;
    }
    if let Some(key) = change.key {
        organization.key = Some(checked_key(&key)?);
        organization.next_key = None;
    }
    apply_switches(
        organization,
        change.dialect,
        change.polling,
        change.patch_auth,
    );
    set_text(&mut organization.partner_username, change.partner_username);
    if let Some(password) = change.partner_password {
        organization.partner_password = Some(password).filter(|password| !password.0.is_empty());
    }
    set(&mut organization.strict, change.strict);
    set(&mut organization.notify_failures, change.notify_failures);
    set(
        &mut organization.read_before_answer,
        change.read_before_answer,
    );
    set(&mut organization.reread_complete, change.reread_complete);
    if change.accept_private_results.is_some() {
        organization.accept_private_results = change.accept_private_results;
    }
    Ok(())
}

fn apply_switches(
    organization: &mut Organization,
    dialect: Option<DialectChoice>,
    polling: Option<Polling>,
    patch_auth: Option<PatchAuth>,
) {
    set(&mut organization.dialect, dialect.map(Dialect::from));
    set(&mut organization.polling, polling);
    set(&mut organization.patch_auth, patch_auth);
}

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

/// Greenhouse calls over https only; a host of one's own is let off, or nobody could try anything.
fn vendor_url(field: &'static str, text: &str) -> Result<Url, Refusal> {
    let refuse = |message: &str| Err(Refusal::field(field, message));
    let Ok(url) = Url::parse(text.trim()) else {
        return refuse(
            "That is no URL: enter one like https://app.vendor.example/api/greenhouse/.",
        );
    };
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            refuse("A URL must hold no user name or password: the key is sent in a header.")
        }
        "https" => Ok(url),
        "http" if is_private(&url) => Ok(url),
        "http" => refuse("Greenhouse calls over https only: use https here."),
        _ => refuse("The URL must begin with https:// (or http:// on your own machine)."),
    }
}

fn check_endpoints(endpoints: &Endpoints) -> Result<(), Refusal> {
    for url in [
        &endpoints.list_tests,
        &endpoints.send_test,
        &endpoints.test_status,
        &endpoints.response_error,
    ] {
        vendor_url("endpoints", url.as_str())?;
    }
    Ok(())
}

fn checked_key(key: &Secret) -> Result<Secret, Refusal> {
    let text = key.0.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Refusal::field(
            "key",
            "The key is missing: the partner gives it to you.",
        ));
    }
    if length > LONGEST_KEY {
        let message = format!("The key has {length} characters: Greenhouse takes 170 at most.");
        return Err(Refusal::field("key", message));
    }
    if text.contains(':') {
        let message = "The key holds a colon, which ends a user name in HTTP Basic: ask the partner for another.";
        return Err(Refusal::field("key", message));
    }
    Ok(Secret(text.to_owned()))
}

/// Greenhouse's staff enter a new key after `delay_seconds`; until then calls carry the old one.
///
/// # Errors
/// The organization is unknown or the key is at fault.
pub(crate) fn rotate_key(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    key: &Secret,
    delay_seconds: u32,
) -> Result<(), Refusal> {
    let key = checked_key(key)?;
    let mut organization = world.organization(organization_id)?.clone();
    organization.key = organization.key_at(now).cloned();
    organization.next_key = Some(NextKey {
        key,
        from: now + TimeDelta::seconds(delay_seconds.into()),
    });
    world.organizations.insert(organization_id, organization);
    Ok(())
}

/// Makes a job whose plan begins with "Application review".
///
/// # Errors
/// No name, or the organization is unknown.
pub(crate) fn create_job(
    world: &mut World,
    organization_id: u64,
    name: &str,
) -> Result<u64, Refusal> {
    world.organization(organization_id)?;
    let job = Job {
        id: world.draw_id(),
        organization_id,
        name: required("name", name)?,
        stage_ids: Vec::new(),
    };
    let id = job.id;
    world.jobs.insert(id, job);
    add_stage(world, id, Some("Application review"), false)?;
    Ok(id)
}

/// Adds a stage at the end of a job's plan; an assessment stage without a name is called after the partner.
///
/// # Errors
/// The job is unknown, or a plain stage has no name.
pub(crate) fn add_stage(
    world: &mut World,
    job_id: u64,
    name: Option<&str>,
    assessment: bool,
) -> Result<u64, Refusal> {
    let partner = &world.organization_of_job(job_id)?.partner_name;
    let name = match name.and_then(optional) {
        Some(name) => name,
        None if assessment => format!("{partner} assessment"),
        None => required("name", "")?,
    };
    let stage = Stage {
        id: world.draw_id(),
        job_id,
        name,
        take_home: assessment.then(TakeHome::default),
    };
    let id = stage.id;
    world.stages.insert(id, stage);
    if let Some(job) = world.jobs.get_mut(&job_id) {
        job.stage_ids.push(id);
    }
    Ok(id)
}

/// What **Edit Take Home Test** saves; members not given stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StageChange {
    pub(crate) name: Option<String>,
    pub(crate) partner_test_id: Option<String>,
    pub(crate) graders: Option<Vec<String>>,
    pub(crate) auto_send: Option<bool>,
}

/// Saves a stage. A test that the last list lacked is looked for in a fresh one.
///
/// # Errors
/// The stage is unknown or not the partner's, the test is not offered, or nobody grades.
pub(crate) async fn edit_stage(
    shared: &Shared,
    stage_id: u64,
    change: StageChange,
) -> Result<(), Refusal> {
    let organization_id = shared.read(|world| {
        let stage = world.stage(stage_id)?;
        Ok(world.organization_of_job(stage.job_id)?.id)
    })?;
    if let Some(test_id) = &change.partner_test_id {
        let known = shared.read(|world| name_of_test(world, organization_id, test_id).is_some());
        if !known && !test_id.trim().is_empty() {
            vendor::open_picker(shared, organization_id).await?;
        }
    }
    shared.change(|world, _| save_stage(world, organization_id, stage_id, change))
}

/// The name of a test in the last good list.
fn name_of_test(world: &World, organization_id: u64, test_id: &str) -> Option<String> {
    let tests = &world.organizations.get(&organization_id)?.tests;
    let test = tests.iter().find(|test| test.partner_test_id == test_id)?;
    Some(test.partner_test_name.clone())
}

fn save_stage(
    world: &mut World,
    organization_id: u64,
    stage_id: u64,
    change: StageChange,
) -> Result<(), Refusal> {
    let mut stage = world.stage(stage_id)?.clone();
    if let Some(name) = change.name {
        stage.name = required("name", &name)?;
    }
    let edits_test =
        change.partner_test_id.is_some() || change.graders.is_some() || change.auto_send.is_some();
    if edits_test {
        let take_home = stage.take_home.as_mut().ok_or_else(|| {
            Refusal::Conflict(
                "This stage has no take home test: add an assessment stage.".to_owned(),
            )
        })?;
        if let Some(test_id) = change.partner_test_id {
            let name = name_of_test(world, organization_id, &test_id).ok_or_else(|| {
                Refusal::field(
                    "partner_test_id",
                    "Choose a test from the list: the partner offers no such test.",
                )
            })?;
            take_home.partner_test_id = Some(test_id);
            take_home.partner_test_name = Some(name);
        }
        if let Some(graders) = change.graders {
            take_home.graders = graders.iter().filter_map(|name| optional(name)).collect();
        }
        set(&mut take_home.auto_send, change.auto_send);
        if take_home.graders.is_empty() {
            return Err(Refusal::field(
                "graders",
                "Choose at least one person to grade.",
            ));
        }
    }
    world.stages.insert(stage_id, stage);
    Ok(())
}

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
    Ok(id)
}

/// Changes a candidate.
///
/// # Errors
/// The application is unknown or a field is at fault.
pub(crate) fn change_candidate(
    world: &mut World,
    id: u64,
    fields: CandidateFields,
) -> Result<(), Refusal> {
    let mut application = world.application(id)?.clone();
    fill_in(&mut application, fields)?;
    world.applications.insert(id, application);
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

/// `stage_id`, if it belongs to the job.
///
/// # Errors
/// It does not, or is unknown.
pub(crate) fn stage_of(world: &World, job_id: u64, stage_id: u64) -> Result<u64, Refusal> {
    if world.stage(stage_id)?.job_id == job_id {
        return Ok(stage_id);
    }
    Err(Refusal::field(
        "stage_id",
        "That stage belongs to another job: choose one of this job's plan.",
    ))
}

/// Marks a candidate as hired, rejected or active again.
///
/// # Errors
/// The application is unknown.
pub(crate) fn set_status(
    world: &mut World,
    id: u64,
    status: ApplicationStatus,
) -> Result<(), Refusal> {
    world.application_mut(id)?.status = status;
    Ok(())
}
