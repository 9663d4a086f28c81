//! Greenhouse's jobs on the wire.

use app::connections;
use app::greenhouse::JobView;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An open job in Greenhouse.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GreenhouseJob {
    /// Its id in Greenhouse.
    id: String,
    /// What it is called inside.
    name: String,
    /// The number that you gave it.
    #[schema(required)]
    requisition_id: Option<String>,
    /// What its post is called outside; null where it has none.
    #[schema(required)]
    title: Option<String>,
    /// What it was imported as.
    #[schema(required)]
    imported_assessment_id: Option<Uuid>,
}

impl From<JobView> for GreenhouseJob {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id.to_string(),
            name: job.name,
            requisition_id: job.requisition_id,
            title: job.title,
            imported_assessment_id: job.imported.map(Into::into),
        }
    }
}

/// A stage whose newcomers are to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStageMapping {
    /// The id in Greenhouse of a stage of a job.
    pub(crate) stage_id: String,
    /// What they are invited to.
    pub(crate) assessment_id: Uuid,
}

/// A stage whose newcomers are invited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageMapping {
    id: Uuid,
    /// Its id in Greenhouse.
    stage_id: String,
    /// Its name there when it was chosen.
    stage_name: String,
    /// The id of its job in Greenhouse.
    job_id: String,
    /// The name of that job when it was chosen.
    job_name: String,
    /// What they are invited to.
    assessment_id: Uuid,
    /// By Greenhouse's clock: only who comes after it counts.
    configured_at: DateTime<Utc>,
}

impl From<&connections::StageMapping> for StageMapping {
    fn from(mapping: &connections::StageMapping) -> Self {
        Self {
            id: mapping.id.into(),
            stage_id: mapping.stage.clone(),
            stage_name: mapping.stage_name.clone(),
            job_id: mapping.job.clone(),
            job_name: mapping.job_name.clone(),
            assessment_id: mapping.assessment.into(),
            configured_at: mapping.configured_at,
        }
    }
}

/// What is pasted into Greenhouse, for each of its webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookSecret {
    /// The endpoint's address.
    url: String,
    /// The secret key; shown here only.
    secret: String,
}

impl From<&connections::WebhookSecret> for WebhookSecret {
    fn from(made: &connections::WebhookSecret) -> Self {
        Self {
            url: made.url.to_string(),
            secret: made.secret.expose_secret().to_owned(),
        }
    }
}
