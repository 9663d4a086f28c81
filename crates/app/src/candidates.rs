//! The people whom an organization has asked.

use domain::OrganizationId;
use storage::candidates as store;

use crate::{AnyConnection, Page, Result, erasure};

pub use storage::candidates::Candidate;

/// One page of them, newest first; where an `email` is given, whom it names.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: Option<&str>,
    page: Page,
) -> Result<Vec<Candidate>> {
    let Some(email) = email else {
        return Ok(store::list(conn, organization, page)?);
    };
    let named = match erasure::by_email(conn, organization, email) {
        Ok(candidate) => store::find(conn, organization, candidate)?,
        Err(crate::Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let is_older = |found: &Candidate| page.before.is_none_or(|start| found.id.0 < start);
    Ok(named.into_iter().filter(is_older).collect())
}
