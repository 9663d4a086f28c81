//! Jobs that were given up.

use diesel::prelude::*;
use domain::{JobId, OrganizationId};

use super::IsDead;
use crate::schema::jobs as t;
use crate::value::Id;
use crate::{AnyConnection, Page, Result};

/// A job that was given up.
#[derive(Debug, Clone)]
pub struct DeadJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: String,
    /// Why it was given up.
    pub reason: Option<String>,
}

/// One page of the jobs that were given up, newest first: for operators.
///
/// # Errors
/// Those of the database.
pub fn dead(conn: &mut AnyConnection, page: Page) -> Result<Vec<DeadJob>> {
    let rows: Vec<(Id, Id, String, Option<String>)> = t::table
        .filter(IsDead)
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select((t::id, t::organization_id, t::kind, t::last_error))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(job, organization, kind, reason)| DeadJob {
            id: job.to(),
            organization: organization.to(),
            kind,
            reason,
        })
        .collect())
}
