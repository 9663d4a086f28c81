//! People who are gone in Greenhouse, or have become one with another: whom that means here.

use std::collections::BTreeSet;

use domain::{AtsFacts, CandidateId, OrganizationId};
use storage::invites::{self, InviteRecord};

use crate::{AnyConnection, Result};

/// The persons here whose invites came from a person there.
///
/// # Errors
/// Those of the database.
pub(crate) fn linked(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    person: i64,
) -> Result<BTreeSet<CandidateId>> {
    let found = invites::from_person(conn, organization, &person.to_string())?;
    Ok(found.iter().map(|record| record.invite.candidate).collect())
}

/// A person there has become one with another: what came from the one is the other's from now on. Answers for how many invites.
///
/// # Errors
/// Those of the database.
pub(crate) fn merge(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    person: i64,
    into: i64,
) -> Result<usize> {
    let found = invites::from_person(conn, organization, &person.to_string())?;
    let facts = |facts: &AtsFacts| AtsFacts {
        person_id: Some(into.to_string()),
        ..facts.clone()
    };
    change(conn, organization, &found, facts)
}

/// An application is gone: what came from it no longer names it. Answers for how many invites.
///
/// # Errors
/// Those of the database.
pub(crate) fn unlink(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    application: i64,
) -> Result<usize> {
    let found = invites::from_application(conn, organization, &application.to_string())?;
    let facts = |facts: &AtsFacts| AtsFacts {
        application_id: None,
        ..facts.clone()
    };
    change(conn, organization, &found, facts)
}

fn change(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    found: &[InviteRecord],
    facts: impl Fn(&AtsFacts) -> AtsFacts,
) -> Result<usize> {
    for record in found {
        invites::set_ats(conn, organization, record.invite.id, &facts(&record.ats))?;
    }
    Ok(found.len())
}
