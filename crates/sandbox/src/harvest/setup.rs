//! What an administrator sets up: users, jobs with their posts.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::records::{JobPost, JobRecord, Times};
use crate::greenhouse::setup;
use crate::refusal::Refusal;
use crate::world::World;

/// A post as entered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPost {
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) content: Option<String>,
    #[serde(default)]
    pub(crate) internal: bool,
    #[serde(default = "yes")]
    pub(crate) active: bool,
    #[serde(default = "yes")]
    pub(crate) live: bool,
    #[serde(default)]
    pub(crate) language: Option<String>,
}

/// A job as entered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewJob {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) status: Option<String>,
    #[serde(default)]
    pub(crate) requisition_id: Option<String>,
    #[serde(default)]
    pub(crate) notes: Option<String>,
    #[serde(default)]
    pub(crate) confidential: bool,
    #[serde(default)]
    pub(crate) is_template: bool,
    /// Stages after "Application review".
    #[serde(default)]
    pub(crate) stages: Vec<String>,
    #[serde(default)]
    pub(crate) posts: Vec<NewPost>,
}

/// A user as entered.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    pub(crate) name: String,
    pub(crate) emails: Vec<String>,
    #[serde(default)]
    pub(crate) site_admin: bool,
    #[serde(default)]
    pub(crate) deactivated: bool,
    #[serde(default)]
    pub(crate) agency_id: Option<u64>,
}

fn yes() -> bool {
    true
}

/// Makes a job, with stages and posts.
///
/// # Errors
/// No name, an unknown status, or the organization is unknown.
pub(crate) fn create_job(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    new: NewJob,
) -> Result<u64, Refusal> {
    let status = new.status.unwrap_or_else(|| "open".to_owned());
    check_status(&status)?;
    let id = setup::create_job(world, organization_id, &new.name)?;
    for stage in &new.stages {
        setup::add_stage(world, id, Some(stage), false)?;
    }
    let record = JobRecord {
        requisition_id: new.requisition_id,
        status,
        notes: new.notes,
        confidential: new.confidential,
        is_template: new.is_template,
        times: Times::at(now),
    };
    world.harvest.jobs.insert(id, record);
    for post in new.posts {
        add_post(world, now, id, post)?;
    }
    Ok(id)
}

fn check_status(status: &str) -> Result<(), Refusal> {
    if ["open", "draft", "closed"].contains(&status) {
        return Ok(());
    }
    Err(Refusal::field("status", "A job is open, draft or closed."))
}

/// Changes a job's state, and more of it by `alter`.
///
/// # Errors
/// The job or the status are unknown.
pub(crate) fn change_job(
    world: &mut World,
    now: DateTime<Utc>,
    id: u64,
    status: &str,
    alter: impl FnOnce(&mut JobRecord),
) -> Result<(), Refusal> {
    check_status(status)?;
    world.sync_harvest(now);
    let record = world.harvest.jobs.get_mut(&id);
    let record = record.ok_or_else(|| Refusal::unknown("job", id))?;
    status.clone_into(&mut record.status);
    record.times.updated_at = now;
    alter(record);
    Ok(())
}

/// Adds a post to a job.
///
/// # Errors
/// The job is unknown.
pub(crate) fn add_post(
    world: &mut World,
    now: DateTime<Utc>,
    job_id: u64,
    new: NewPost,
) -> Result<u64, Refusal> {
    world.job(job_id)?;
    let post = JobPost {
        id: world.draw_id(),
        job_id,
        title: new.title,
        content: new.content,
        internal: new.internal,
        active: new.active,
        live: new.live,
        first_published_at: new.live.then_some(now),
        language: new.language,
        times: Times::at(now),
    };
    let id = post.id;
    world.harvest.posts.insert(id, post);
    Ok(id)
}

/// Adds a user.
///
/// # Errors
/// The organization is unknown, no name, or no address.
pub(crate) fn create_user(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    new: NewUser,
) -> Result<u64, Refusal> {
    world.organization(organization_id)?;
    let Some(main) = new.emails.first() else {
        return Err(Refusal::field("emails", "Enter at least one address."));
    };
    let id = world.add_user(organization_id, &new.name, main, new.site_admin, now);
    if let Some(user) = world.harvest.users.get_mut(&id) {
        user.emails = new.emails;
        user.deactivated = new.deactivated;
        user.agency_id = new.agency_id;
    }
    Ok(id)
}
