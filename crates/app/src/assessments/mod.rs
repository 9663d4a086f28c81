//! Assessments: written as drafts, published, changed version by version, archived.

mod check;
mod draft;

use domain::{Assessment, AssessmentId, AssessmentStatus, OrganizationId};
use storage::assessments as store;

use crate::texts::{Faults, web_link};
use crate::{AnyConnection, App, Error, Page, Result};

pub use draft::{Draft, DraftChoice, DraftQuestion};

/// Makes a draft.
///
/// # Errors
/// [`Error::Unprocessable`] naming each member at fault. What a draft may lack is asked for when it is published.
pub fn create(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    draft: &Draft,
) -> Result<Assessment> {
    let mut draft = draft.clone();
    check::check(&mut draft, None, app.config().allow_loopback_http)?;
    let blank = draft::blank(app.draw(), organization);
    let assessment = draft.write_over(&blank, || app.draw());
    store::insert(conn, &assessment, app.now())?;
    Ok(assessment)
}

/// One assessment as it now is.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Assessment> {
    store::find(conn, organization, assessment)?.ok_or(Error::NotFound("assessment"))
}

/// One page of an organization's assessments, newest first, of every status.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<Assessment>> {
    Ok(store::list(conn, organization, page)?)
}

/// Changes an assessment: `change` gets it as it is. A published one takes its next version at once, for new invites;
/// running ones keep theirs. Questions and choices whose id is given back keep it.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id; [`Error::Conflict`] for an archived one, and for the title of another published
/// one; [`Error::Unprocessable`] naming each member at fault.
pub fn patch(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
    change: &dyn Fn(&mut Draft),
) -> Result<Assessment> {
    let old = find(conn, organization, assessment)?;
    if old.status == AssessmentStatus::Archived {
        let message = "an archived assessment cannot be changed; publish it again first";
        return Err(Error::conflict("assessment_archived", message));
    }
    let mut draft = Draft::from(&old);
    change(&mut draft);
    check::check(&mut draft, Some(&old), app.config().allow_loopback_http)?;
    let mut new = draft.write_over(&old, || app.draw());
    if new == old {
        return Ok(old);
    }
    if new.status == AssessmentStatus::Published {
        new.version += 1;
        may_be_published(conn, &new)?;
    }
    store::save(conn, &new)?;
    Ok(new)
}

/// Opens an assessment to new invites. One that is published stays as it is; an archived one comes back.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id, [`Error::Unprocessable`] naming all that it lacks, [`Error::Conflict`] naming
/// the published one that has its title.
pub fn publish(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Assessment> {
    let mut found = find(conn, organization, assessment)?;
    if found.status == AssessmentStatus::Published {
        return Ok(found);
    }
    may_be_published(conn, &found)?;
    found.status = AssessmentStatus::Published;
    store::save(conn, &found)?;
    Ok(found)
}

/// Closes an assessment to new invites; running ones go on. One that is archived stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id.
pub fn archive(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    assessment: AssessmentId,
) -> Result<Assessment> {
    let mut found = find(conn, organization, assessment)?;
    if found.status != AssessmentStatus::Archived {
        found.status = AssessmentStatus::Archived;
        store::save(conn, &found)?;
    }
    Ok(found)
}

/// Can a candidate be led to this address?
///
/// # Errors
/// [`Error::Unprocessable`] for anything but an https URL (or http on this machine, where the settings allow it).
pub(crate) fn check_launch_url(app: &App, field: &str, url: &str) -> Result<()> {
    web_link(field, url, app.config().allow_loopback_http)?;
    Ok(())
}

fn may_be_published(conn: &mut AnyConnection, assessment: &Assessment) -> Result<()> {
    let mut faults = Faults::default();
    for lack in assessment.lacks() {
        faults.add(lack.field, lack.problem);
    }
    faults.into_result()?;
    let (organization, title) = (assessment.organization, &assessment.title);
    let Some(other) = store::published_alike(conn, organization, title, assessment.id)? else {
        return Ok(());
    };
    let message = format!(
        "the published assessment {} is called \"{}\" already; choose another title or archive that one",
        other.id, other.title
    );
    Err(Error::conflict("title_taken", message))
}
