//! Referrals, as people and programs ask about them.

use domain::{OrganizationId, ReferralId, ReferralState};
use storage::events::{self, EventRecord};
use storage::organizations::{self, OrganizationRecord};
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, Page};

use super::thread;
use crate::links::Links;
use crate::{App, Error, Result};

/// A referral with all that is asked about it.
#[derive(Debug, Clone)]
pub struct ReferralDetails {
    /// As it is stored.
    pub record: ReferralRecord,
    /// Where the candidate answers; none where no answer is of use (any more).
    pub consent_url: Option<String>,
    /// The person's id in Greenhouse, once known.
    pub greenhouse_candidate_id: Option<String>,
    /// The application's id there, once known.
    pub greenhouse_application_id: Option<String>,
}

impl ReferralDetails {
    /// Where it is.
    pub fn state(&self) -> ReferralState {
        self.record.referral.state()
    }

    /// Why it is there, in words, where there is something to say.
    pub fn detail(&self) -> Option<&str> {
        self.record.referral.passing.as_ref()?.detail.as_deref()
    }
}

/// One of an organization's.
///
/// # Errors
/// [`Error::NotFound`] where it has none with this id.
pub fn find(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
) -> Result<ReferralDetails> {
    let record = record(conn, organization, referral)?;
    details(app, conn, record)
}

/// One page of an organization's, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<ReferralDetails>> {
    let records = referrals::list(conn, organization, page)?;
    let links = Links::of(app, &owner(conn, organization)?)?;
    Ok(records
        .into_iter()
        .map(|record| complete(&links, record))
        .collect())
}

/// One page of a referral's timeline, newest first.
///
/// # Errors
/// [`Error::NotFound`] where the organization has none with this id.
pub fn timeline(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
    page: Page,
) -> Result<Vec<EventRecord>> {
    record(conn, organization, referral)?;
    Ok(events::of_invite(
        conn,
        organization,
        thread(referral),
        page,
    )?)
}

pub(super) fn record(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
) -> Result<ReferralRecord> {
    referrals::find(conn, organization, referral)?.ok_or(Error::NotFound("interview"))
}

pub(super) fn details(
    app: &App,
    conn: &mut AnyConnection,
    record: ReferralRecord,
) -> Result<ReferralDetails> {
    let links = Links::of(app, &owner(conn, record.organization)?)?;
    Ok(complete(&links, record))
}

fn owner(conn: &mut AnyConnection, organization: OrganizationId) -> Result<OrganizationRecord> {
    organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))
}

fn complete(links: &Links, record: ReferralRecord) -> ReferralDetails {
    let steps = ats::greenhouse::harvest::Steps::parse(&record.steps);
    let open = record.referral.takes_answers() && !record.candidate.is_erased();
    ReferralDetails {
        consent_url: open.then(|| links.consent_url(record.id)),
        greenhouse_candidate_id: steps.person.map(|id| id.to_string()),
        greenhouse_application_id: steps.application.map(|id| id.to_string()),
        record,
    }
}
