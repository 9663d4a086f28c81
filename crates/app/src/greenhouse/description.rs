//! The description of an imported job as Greenhouse has it now, beside the one that was taken.

use domain::{Assessment, AssessmentId, OrganizationId};
use storage::job_imports::{self, ImportRecord};

use super::import::{Taken, hash, look};
use crate::assessments;
use crate::audit::{self, Action};
use crate::{AnyConnection, App, Error, Result};

/// The two descriptions.
#[derive(Debug, Clone)]
pub struct Description {
    /// The assessment as it is here.
    pub assessment: Assessment,
    /// Harmless HTML as Greenhouse has it now; none where its post says nothing.
    pub there: Option<String>,
    /// Has it changed there since it was taken?
    pub is_new: bool,
    /// Names what was seen, for [`take_description`].
    pub version: String,
}

/// Looks up what the job that an assessment was imported from says now.
///
/// # Errors
/// [`Error::NotFound`] for an assessment that was not imported, and a job that is gone; [`Error::Conflict`] for one that is not
/// open any more and where Greenhouse is not connected; [`Error::FarSide`] where it does not answer as it should.
pub async fn description_there(
    app: &App,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Description> {
    let (assessment, import) = app
        .read(move |_, conn| import_of(conn, organization, assessment))
        .await?;
    let taken = look(app, organization, &import.job).await?;
    let seen = hash(taken.description.as_deref());
    Ok(Description {
        is_new: seen != import.description_hash,
        version: hex(&seen),
        there: taken.description,
        assessment,
    })
}

/// Was an assessment imported from a job?
///
/// # Errors
/// Those of the database.
pub fn is_imported(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<bool> {
    Ok(job_imports::of_assessment(conn, organization, assessment)?.is_some())
}

/// Takes the description that Greenhouse has now, if it is still the one of `version`.
///
/// # Errors
/// As of [`description_there`]; [`Error::Conflict`] `description_changed` where it has changed since.
pub async fn take_description(
    app: &App,
    organization: OrganizationId,
    assessment: AssessmentId,
    version: &str,
) -> Result<Assessment> {
    let (_, import) = app
        .read(move |_, conn| import_of(conn, organization, assessment))
        .await?;
    let taken = look(app, organization, &import.job).await?;
    if hex(&hash(taken.description.as_deref())) != version {
        let message =
            "the description has changed in Greenhouse since you looked; look at it once more";
        return Err(Error::conflict("description_changed", message));
    }
    app.write(move |app, conn| take(app, conn, &import, &taken))
        .await
}

fn import_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<(Assessment, ImportRecord)> {
    let found = assessments::find(conn, organization, assessment)?;
    let import = job_imports::of_assessment(conn, organization, assessment)?;
    Ok((found, import.ok_or(Error::NotFound("imported job"))?))
}

fn take(
    app: &App,
    conn: &mut AnyConnection,
    import: &ImportRecord,
    taken: &Taken,
) -> Result<Assessment> {
    let (organization, assessment) = (import.organization, import.assessment);
    let description = taken.description.clone();
    let changed = assessments::patch(app, conn, organization, assessment, &move |draft| {
        draft.description_html.clone_from(&description);
    })?;
    let seen = hash(taken.description.as_deref());
    let post = taken.post.as_deref();
    job_imports::take_description(conn, organization, &import.job, post, &seen)?;
    let object = format!("assessment:{assessment}");
    let detail = serde_json::json!({ "greenhouse_job_id": import.job });
    let action = Action::DescriptionTaken;
    audit::note(app, conn, Some(organization), action, object, detail)?;
    Ok(changed)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
