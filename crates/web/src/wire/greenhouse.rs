//! Greenhouse's jobs on the wire.

use app::greenhouse::JobView;
use serde::Serialize;
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
