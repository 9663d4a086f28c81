//! What there is to pass on, and whether it can be.

use ats::greenhouse::harvest::{JobId, Steps, Visibility, reference, referral_note, visibility};
use chrono::TimeDelta;
use domain::{ConnectionKind, OrganizationId, ReferralId};
use storage::circuits::{self, Failing};
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, connections, organizations};

use crate::circuits::FarSide;
use crate::connections::harvest_settings;
use crate::{App, Error, Result};

/// So long somebody who set out to make a person may still be at it.
const AT_IT: TimeDelta = TimeDelta::minutes(15);

/// What a look finds.
pub(super) enum Found {
    /// Pass this on.
    Due(Box<Due>),
    /// There is nothing to do (any more).
    Nothing,
    /// Another interview of the same person may be making them.
    BeingMade,
    /// Somebody has to do this first.
    Blocked(String),
}

/// What is needed to pass somebody on.
pub(super) struct Due {
    pub(super) record: ReferralRecord,
    /// What was done so far, within the account that is connected now.
    pub(super) steps: Steps,
    /// To whom it is attributed.
    pub(super) created_by_email: String,
    pub(super) note: String,
    pub(super) reference: String,
    pub(super) visibility: Visibility,
    /// Harvest has failed lately.
    pub(super) failing: Option<Failing>,
}

impl Due {
    /// For which job; its form was checked when it came in.
    pub(super) fn job(&self) -> Option<JobId> {
        let id = self.record.greenhouse_job_id.as_deref()?;
        id.parse().ok().map(JobId::new)
    }
}

/// What is still to be passed on.
pub(super) fn record(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ReferralId,
) -> storage::Result<Option<ReferralRecord>> {
    let found = referrals::find(conn, organization, id)?;
    Ok(found.filter(|it| it.referral.is_due() && !it.candidate.is_erased()))
}

pub(super) fn due(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ReferralId,
) -> Result<Found> {
    let Some(record) = record(conn, organization, id)? else {
        return Ok(Found::Nothing);
    };
    let connection = connections::find(conn, organization, ConnectionKind::GreenhouseHarvest)?;
    let Some(connection) = connection else {
        let detail = "Greenhouse is not connected: connect to Greenhouse on the Integrations page. It goes on by itself then";
        return Ok(Found::Blocked(detail.to_owned()));
    };
    let Some(created_by_email) = harvest_settings(&connection).created_by_email else {
        let detail = "Nobody is chosen as \"created by\": choose one of Greenhouse's users in the settings of the connection, on the \
                      Integrations page. It goes on by itself then";
        return Ok(Found::Blocked(detail.to_owned()));
    };
    let account = connection.account_id.as_deref();
    let mut steps = Steps::parse(&record.steps).within(account);
    if steps.person.is_none() && steps.making_person.is_none() {
        match other(app, conn, &record, account)? {
            Other::Made { person, complete } => {
                (steps.person, steps.complete) = (Some(person), complete);
            }
            Other::BeingMade => return Ok(Found::BeingMade),
            Other::None => {}
        }
    }
    let platform = &app.config().platform_name;
    let owner = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    Ok(Found::Due(Box::new(Due {
        note: referral_note(platform, &record.interview, record.id),
        reference: reference(record.id),
        visibility: visibility(owner.organization.note_visibility),
        failing: circuits::find(conn, organization, FarSide::HARVEST.connection)?,
        record,
        steps,
        created_by_email,
    })))
}

/// What other interviews have made of the same person.
enum Other {
    Made {
        person: i64,
        /// Are address and profile known to be there? A list may not show the person yet.
        complete: bool,
    },
    BeingMade,
    None,
}

/// A list may not show yet whom another interview has just made.
fn other(
    app: &App,
    conn: &mut AnyConnection,
    record: &ReferralRecord,
    account: Option<&str>,
) -> Result<Other> {
    let others = referrals::of_candidate(conn, record.organization, record.candidate_id)?;
    let mut found = Other::None;
    for other in others.into_iter().filter(|it| it.id != record.id) {
        let steps = Steps::parse(&other.steps).within(account);
        if let Some(person) = steps.person {
            let complete = steps.complete;
            return Ok(Other::Made { person, complete });
        }
        let begun = steps.making_person.map(|making| making.begun_at);
        if begun.is_some_and(|begun| app.now() - begun < AT_IT) {
            found = Other::BeingMade;
        }
    }
    Ok(found)
}
