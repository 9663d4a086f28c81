//! `list_tests`.

use domain::{AssessmentId, OrganizationId};
use storage::{AnyConnection, assessments};

use crate::Result;

/// Id and title of the assessments that the organization may send now, by title.
///
/// # Errors
/// Those of the database.
pub fn list_tests(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(AssessmentId, String)>> {
    Ok(assessments::published(conn, organization)?)
}
