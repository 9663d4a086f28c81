//! Jobs and the stages of their plans.

use serde::Deserialize;

use super::{optional, required, set};
use crate::greenhouse::recruiting::{Job, Stage, TakeHome};
use crate::greenhouse::vendor;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::world::World;

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
        active: true,
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
    pub(crate) active: Option<bool>,
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
    set(&mut stage.active, change.active);
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
