//! The open jobs of an organization's Greenhouse, to be searched and imported. Harvest has no search: we match.

use std::collections::HashMap;
use std::sync::Arc;

use ats::greenhouse::harvest::{Client, chosen_post};
use chrono::{DateTime, Utc};
use domain::{AssessmentId, OrganizationId, loosely};
use futures_util::{StreamExt, TryStreamExt};
use greenhouse_harvest::{Job, JobFilter, JobId, JobPost, JobPostFilter, JobStatus, VALUES_MAX};
use storage::connections;
use storage::job_imports;

use crate::connections::{harvest_client, harvest_refusal};
use crate::{App, Error, Result};

/// As many as Harvest gives in one call.
const PAGE: u16 = 500;
/// Nobody looks through more.
const MOST: usize = 20_000;

/// The open jobs as they were a moment ago, newest first.
#[derive(Debug, Clone)]
pub(crate) struct OpenJobs {
    pub(crate) seen_at: DateTime<Utc>,
    connected_at: Option<DateTime<Utc>>,
    jobs: Arc<Vec<OpenJob>>,
}

#[derive(Debug, Clone)]
struct OpenJob {
    id: JobId,
    name: String,
    requisition_id: Option<String>,
}

/// An open job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobView {
    /// Its id there.
    pub id: i64,
    /// What it is called inside.
    pub name: String,
    /// The number that the organization gave it.
    pub requisition_id: Option<String>,
    /// What its post is called outside; none where it has none.
    pub title: Option<String>,
    /// What it was imported as.
    pub imported: Option<AssessmentId>,
}

/// Which jobs are looked for.
#[derive(Debug, Clone, Default)]
pub struct Jobs {
    /// Words of the name, or of the requisition id; every one has to be there.
    pub q: String,
    /// Only jobs with a smaller id.
    pub before: Option<i64>,
    /// At most so many, 1 to 101.
    pub limit: usize,
}

/// Open jobs that are no templates, newest first.
///
/// # Errors
/// [`Error::Conflict`] where Greenhouse is not connected or does not let us read jobs, [`Error::FarSide`] where it does not
/// answer as it should.
pub async fn jobs(app: &App, organization: OrganizationId, wanted: &Jobs) -> Result<Vec<JobView>> {
    let client = harvest_client(app, organization).await?;
    let open = open_jobs(app, organization, &client).await?;
    let found: Vec<OpenJob> = open
        .jobs
        .iter()
        .filter(|job| wanted.before.is_none_or(|before| job.id.get() < before))
        .filter(|job| job.is_meant_by(&wanted.q))
        .take(wanted.limit)
        .cloned()
        .collect();
    let titles = titles(&client, &found).await?;
    let imported = imported(app, organization, &found).await?;
    let view = |job: OpenJob| JobView {
        id: job.id.get(),
        title: titles.get(&job.id).cloned(),
        imported: imported.get(&job.id.to_string()).copied(),
        name: job.name,
        requisition_id: job.requisition_id,
    };
    Ok(found.into_iter().map(view).collect())
}

impl OpenJob {
    fn is_meant_by(&self, q: &str) -> bool {
        let name = loosely(&self.name);
        let requisition = loosely(self.requisition_id.as_deref().unwrap_or_default());
        loosely(q)
            .split_whitespace()
            .all(|word| name.contains(word) || requisition.contains(word))
    }
}

impl From<Job> for OpenJob {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            name: job.name,
            requisition_id: job.requisition_id.filter(|it| !it.trim().is_empty()),
        }
    }
}

/// All open jobs: as they were a moment ago, if the connection is still the same.
async fn open_jobs(app: &App, organization: OrganizationId, client: &Client) -> Result<OpenJobs> {
    let kind = domain::ConnectionKind::GreenhouseHarvest;
    let connected_at = app
        .read(move |_, conn| Ok(connections::find(conn, organization, kind)?))
        .await?
        .and_then(|record| record.connected_at);
    let known = app.connections().open_jobs(organization, app.now());
    if let Some(known) = known.filter(|known| known.connected_at == connected_at) {
        return Ok(known);
    }
    let filter = JobFilter::new().status(JobStatus::Open).page_size(PAGE);
    let mut jobs: Vec<OpenJob> = client
        .list(&filter)
        .try_filter(|job| std::future::ready(job.is_template != Some(true)))
        .map_ok(OpenJob::from)
        .take(MOST)
        .try_collect()
        .await
        .map_err(|error| harvest_refusal("read jobs", &error))?;
    jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
    let open = OpenJobs {
        seen_at: app.now(),
        connected_at,
        jobs: Arc::new(jobs),
    };
    app.connections().keep_open_jobs(organization, open.clone());
    Ok(open)
}

async fn titles(client: &Client, jobs: &[OpenJob]) -> Result<HashMap<JobId, String>> {
    let mut titles = HashMap::new();
    for some in jobs.chunks(VALUES_MAX) {
        let posts = posts_of(client, some.iter().map(|job| job.id)).await?;
        for job in some {
            let of_job: Vec<JobPost> = posts
                .iter()
                .filter(|post| post.job_id == Some(job.id))
                .cloned()
                .collect();
            if let Some(post) = chosen_post(&of_job) {
                titles.insert(job.id, post.title.clone());
            }
        }
    }
    Ok(titles)
}

/// The posts of up to 50 jobs.
pub(super) async fn posts_of(
    client: &Client,
    jobs: impl IntoIterator<Item = JobId>,
) -> Result<Vec<JobPost>> {
    let filter = JobPostFilter::new().jobs(jobs).page_size(PAGE);
    let posts = client.list(&filter).try_collect().await;
    posts.map_err(|error| harvest_refusal("read job posts", &error))
}

async fn imported(
    app: &App,
    organization: OrganizationId,
    jobs: &[OpenJob],
) -> Result<HashMap<String, AssessmentId>> {
    let ids: Vec<String> = jobs.iter().map(|job| job.id.to_string()).collect();
    let found = app
        .read(move |_, conn| Ok(job_imports::among(conn, organization, &ids)?))
        .await?;
    Ok(found
        .into_iter()
        .map(|import| (import.job, import.assessment))
        .collect())
}

/// One open job, as it is now.
pub(super) async fn open_job(client: &Client, id: &str) -> Result<Job> {
    let number: i64 = id.parse().map_err(|_| Error::NotFound("job"))?;
    let found = client.find(JobId::new(number)).await;
    let job = found
        .map_err(|error| harvest_refusal("read the job", &error))?
        .filter(|job| job.is_template != Some(true))
        .ok_or(Error::NotFound("job"))?;
    if job.status == Some(JobStatus::Open) {
        return Ok(job);
    }
    let message = "the job is not open in Greenhouse: only open jobs are imported";
    Err(Error::conflict("job_not_open", message))
}
