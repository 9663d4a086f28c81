//! A job in Greenhouse becomes a draft, once.

use ats::greenhouse::harvest::{chosen_post, description};
use domain::{Assessment, AssessmentId, OrganizationId};
use storage::job_imports::{self, ImportRecord};
use vault::body_hash;

use super::jobs::{open_job, posts_of};
use crate::assessments::{self, Draft};
use crate::audit::{self, Action};
use crate::connections::harvest_client;
use crate::{AnyConnection, App, Error, Result};

/// The longest title of an assessment, in characters.
const TITLE: usize = 200;
/// The longest description, in characters.
const DESCRIPTION: usize = 100_000;

/// What became of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The draft, or what it is by now.
    pub assessment: Assessment,
    /// Was it made just now?
    pub is_new: bool,
}

/// What is taken of a job and the post that speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) post: Option<String>,
}

/// Makes a draft of an open job: its title, its description made harmless, and a mark that it was imported. A job that was
/// imported before answers with what it became.
///
/// # Errors
/// [`Error::NotFound`] for a job that is unknown there; [`Error::Conflict`] for one that is not open, and where Greenhouse is not
/// connected or does not let us read; [`Error::FarSide`] where it does not answer as it should.
pub async fn import(app: &App, organization: OrganizationId, job: &str) -> Result<Imported> {
    job.parse::<u64>().map_err(|_| Error::NotFound("job"))?;
    if let Some(known) = known(app, organization, job).await? {
        return Ok(known);
    }
    let taken = look(app, organization, job).await?;
    let job_id = job.to_owned();
    let made = app
        .write(move |app, conn| make(app, conn, organization, &job_id, &taken))
        .await;
    match made {
        Err(Error::Storage(storage::Error::Taken(_))) => known(app, organization, job)
            .await?
            .ok_or(Error::Internal("a job that is taken was imported")),
        other => other,
    }
}

/// What is there of a job now.
pub(super) async fn look(app: &App, organization: OrganizationId, job: &str) -> Result<Taken> {
    let client = harvest_client(app, organization).await?;
    let job = open_job(&client, job).await?;
    let posts = posts_of(&client, [job.id]).await?;
    let post = chosen_post(&posts);
    let title = post.map_or(&job.name, |post| &post.title).trim();
    let title = if title.is_empty() { &job.name } else { title };
    Ok(Taken {
        title: title.chars().take(TITLE).collect(),
        description: post
            .and_then(description)
            .filter(|text| text.chars().count() <= DESCRIPTION),
        post: post.map(|post| post.id.to_string()),
    })
}

/// What a description is known again by.
pub(super) fn hash(description: Option<&str>) -> Vec<u8> {
    body_hash(description.unwrap_or_default().as_bytes()).to_vec()
}

async fn known(app: &App, organization: OrganizationId, job: &str) -> Result<Option<Imported>> {
    let wanted = [job.to_owned()];
    app.read(move |_, conn| {
        let found = job_imports::among(conn, organization, &wanted)?;
        let imported = |assessment: AssessmentId, conn: &mut AnyConnection| {
            let assessment = assessments::find(conn, organization, assessment)?;
            Ok(Imported {
                assessment,
                is_new: false,
            })
        };
        found
            .first()
            .map(|import| imported(import.assessment, conn))
            .transpose()
    })
    .await
}

fn make(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: &str,
    taken: &Taken,
) -> Result<Imported> {
    let draft = Draft {
        title: taken.title.clone(),
        description_html: taken.description.clone(),
        greenhouse_job_id: Some(job.to_owned()),
        ..Draft::default()
    };
    let assessment = assessments::create(app, conn, organization, &draft)?;
    let import = ImportRecord {
        organization,
        job: job.to_owned(),
        assessment: assessment.id,
        post: taken.post.clone(),
        description_hash: hash(taken.description.as_deref()),
        imported_at: app.now(),
    };
    job_imports::insert(conn, &import)?;
    let object = format!("assessment:{}", assessment.id);
    let detail = serde_json::json!({ "greenhouse_job_id": job });
    let action = Action::JobImported;
    audit::note(app, conn, Some(organization), action, object, detail)?;
    Ok(Imported {
        assessment,
        is_new: true,
    })
}
