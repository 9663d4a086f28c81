//! Stages of jobs in Greenhouse whose newcomers are invited, and to which assessment.

use ats::greenhouse::harvest::Client;
use chrono::{DateTime, Utc};
use domain::{AssessmentId, OrganizationId, StageMappingId};
use futures_util::TryStreamExt;
use greenhouse_harvest::{JobId, JobInterviewStage, JobInterviewStageFilter, JobInterviewStageId};
use serde_json::json;
use storage::stage_mappings as store;

use super::harvest::{harvest_client, harvest_refusal};
use super::stages::end_of_second;
use crate::assessments;
use crate::audit::{self, Action};
use crate::texts::required;
use crate::{AnyConnection, App, Error, Result};

pub use store::StageMapping;

/// So many stages invite at most.
const MOST: usize = 200;

/// A stage of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStage {
    /// Its id in Greenhouse.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// A stage as Greenhouse has it, with its job and the time there.
#[derive(Debug, Clone)]
pub struct FoundJobStage {
    stage: JobStage,
    job: String,
    job_name: String,
    at: DateTime<Utc>,
}

/// The stages of a job, in the order of its plan.
///
/// # Errors
/// [`Error::Conflict`] where Greenhouse is not connected or does not let us read them, [`Error::FarSide`] where it does not
/// answer as it should; [`Error::Unprocessable`] for an id that is no number.
pub async fn job_stages(
    app: &App,
    organization: OrganizationId,
    job: &str,
) -> Result<Vec<JobStage>> {
    let number: i64 = job.parse().map_err(|_| {
        Error::fault(
            "greenhouse_job_id",
            "is no id of a job in Greenhouse: it has to be a number",
        )
    })?;
    let client = harvest_client(app, organization).await?;
    let filter = JobInterviewStageFilter::new()
        .jobs([JobId::new(number)])
        .active(true);
    let mut stages: Vec<JobInterviewStage> = listed(&client, &filter).await?;
    stages.sort_by_key(|stage| stage.sort_order);
    let stage = |stage: JobInterviewStage| JobStage {
        id: stage.id.to_string(),
        name: stage.name,
    };
    Ok(stages.into_iter().map(stage).collect())
}

async fn listed(
    client: &Client,
    filter: &JobInterviewStageFilter,
) -> Result<Vec<JobInterviewStage>> {
    let stages = client.list(filter).try_collect().await;
    stages.map_err(|error| harvest_refusal("read the stages of jobs", &error))
}

/// Looks a stage up there: it has to be there before it can invite.
///
/// # Errors
/// [`Error::Unprocessable`] for a stage that is not there, [`Error::Conflict`] where Greenhouse is not connected or does not let
/// us read it, [`Error::FarSide`] where it cannot be asked.
pub async fn find_job_stage(
    app: &App,
    organization: OrganizationId,
    stage: &str,
) -> Result<FoundJobStage> {
    const FIELD: &str = "stage_id";
    let stage = required(FIELD, stage, 40)?;
    let unknown = || {
        Error::fault(
            FIELD,
            "names no stage of a job in Greenhouse that is in use",
        )
    };
    let number: i64 = stage.parse().map_err(|_| unknown())?;
    let client = harvest_client(app, organization).await?;
    let filter = JobInterviewStageFilter::new().ids([JobInterviewStageId::new(number)]);
    let found = listed(&client, &filter).await?;
    let found = found.into_iter().find(|it| it.active).ok_or_else(unknown)?;
    let job = found.job_id.ok_or_else(unknown)?;
    let read = |error: &_| harvest_refusal("read the job", error);
    let job_name = client.find(job).await.map_err(|error| read(&error))?;
    let there = client.server_time().await.map_err(|error| read(&error))?;
    Ok(FoundJobStage {
        stage: JobStage {
            id: stage,
            name: found.name,
        },
        job: job.to_string(),
        job_name: job_name.map_or_else(|| format!("job {job}"), |job| job.name),
        at: end_of_second(there.map_or_else(|| app.now(), DateTime::<Utc>::from)),
    })
}

/// All stages that invite, oldest first.
///
/// # Errors
/// Those of the database.
pub fn stage_mappings(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<StageMapping>> {
    Ok(store::of(conn, organization)?)
}

/// Is there such an assessment?
///
/// # Errors
/// [`Error::Unprocessable`] where there is none.
pub fn may_be_invited_to(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<()> {
    let found = storage::assessments::find(conn, organization, assessment)?;
    found
        .map(drop)
        .ok_or_else(|| Error::fault("assessment_id", "names no assessment of yours"))
}

/// Has a stage invite: whoever comes into it from now on, by Greenhouse's clock. The same again is the same.
///
/// # Errors
/// [`Error::Unprocessable`] for an unknown assessment; [`Error::Conflict`] for more than 200.
pub fn add_stage_mapping(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    found: &FoundJobStage,
    assessment: AssessmentId,
) -> Result<StageMapping> {
    may_be_invited_to(conn, organization, assessment)?;
    let chosen = store::of(conn, organization)?;
    let same = |it: &&StageMapping| it.stage == found.stage.id && it.assessment == assessment;
    if let Some(same) = chosen.iter().find(same) {
        return Ok(same.clone());
    }
    if chosen.len() >= MOST {
        let message = "200 stages are the most; remove one first";
        return Err(Error::conflict("too_many", message));
    }
    let mapping = StageMapping {
        id: app.draw(),
        organization,
        stage: found.stage.id.clone(),
        stage_name: found.stage.name.clone(),
        job: found.job.clone(),
        job_name: found.job_name.clone(),
        assessment,
        configured_at: found.at,
    };
    store::insert(conn, &mapping)?;
    note(
        app,
        conn,
        organization,
        Action::StageMappingAdded,
        mapping.id,
    )?;
    Ok(mapping)
}

/// Has a stage invite no longer; whoever was invited stays so.
///
/// # Errors
/// [`Error::NotFound`] for an unknown one.
pub fn remove_stage_mapping(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    mapping: StageMappingId,
) -> Result<()> {
    if !store::remove(conn, organization, mapping)? {
        return Err(Error::NotFound("stage mapping"));
    }
    note(
        app,
        conn,
        organization,
        Action::StageMappingRemoved,
        mapping,
    )
}

/// Says for which job in Greenhouse an assessment is.
///
/// # Errors
/// As of [`assessments::patch`].
pub fn map_to_job(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
    job: &str,
) -> Result<()> {
    let job = (!job.trim().is_empty()).then(|| job.trim().to_owned());
    assessments::patch(app, conn, organization, assessment, &move |draft| {
        draft.greenhouse_job_id.clone_from(&job);
    })
    .map(drop)
}

fn note(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    action: Action,
    mapping: StageMappingId,
) -> Result<()> {
    let object = format!("stage_mapping:{mapping}");
    audit::note(app, conn, Some(organization), action, object, json!({}))
}
