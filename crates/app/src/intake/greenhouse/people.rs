//! People who are gone in Greenhouse, or have become one with another: whom that means here.

use std::collections::BTreeSet;

use ats::greenhouse::harvest::Steps;
use domain::{AtsFacts, CandidateId, OrganizationId};
use storage::invites::{self, InviteRecord};
use storage::referrals::{self, ReferralRecord};

use crate::{AnyConnection, Result};

/// The persons here whose invites came from a person there, or who were passed on to that person.
///
/// # Errors
/// Those of the database.
pub(crate) fn linked(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    person: i64,
) -> Result<BTreeSet<CandidateId>> {
    let invited = invites::from_person(conn, organization, &person.to_string())?;
    let passed_on = referrals::of_person(conn, organization, person)?;
    let invited = invited.iter().map(|record| record.invite.candidate);
    let passed_on = passed_on.iter().map(|record| record.candidate_id);
    Ok(invited.chain(passed_on).collect())
}

/// A person there has become one with another: what came from the one, or went there, is the other's from now on. Answers for how
/// many invites and interviews.
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
    let passed_on = referrals::of_person(conn, organization, person)?;
    for record in &passed_on {
        let steps = Steps {
            person: Some(into),
            ..Steps::parse(&record.steps)
        };
        let changed = ReferralRecord {
            steps: steps.to_text(),
            ..record.clone()
        };
        referrals::save(conn, &changed)?;
    }
    Ok(change(conn, organization, &found, facts)? + passed_on.len())
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
