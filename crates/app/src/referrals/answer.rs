//! The candidate says whether they want to go on: by their link, or through the vendor's own program.

use domain::{Answered, Organization, OrganizationId, Passing, ReferralId, ReferralState};
use serde_json::json;
use storage::organizations::{self, OrganizationRecord};
use storage::referrals::{self, Link, ReferralRecord};
use storage::{AnyConnection, events, jobs};
use vault::token_hash;

use super::read::{ReferralDetails, details, record};
use super::thread;
use crate::audit::{self, Action};
use crate::erasure::refuse_erased;
use crate::jobs::{REFERRALS_PARKED, SendReferral};
use crate::links::Links;
use crate::reactions::note_about;
use crate::{App, Error, Result};

/// What a candidate's link leads to.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The referral.
    pub record: ReferralRecord,
    /// Who would go on with the candidate.
    pub organization: Organization,
}

/// Opens a candidate's link. Changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for a link that never was, [`Error::Gone`] for one that is over.
pub fn open(app: &App, conn: &mut AnyConnection, token: &str) -> Result<Asked> {
    let hash = token_hash(token);
    let record = match referrals::by_link(conn, &hash)? {
        Some(Link::Live(record)) => *record,
        Some(Link::Dead) => return Err(Error::Gone("link")),
        None => return Err(Error::NotFound("link")),
    };
    let owner = owner(conn, record.organization)?;
    // Links made with a key that the organization has given up are over, also those whose hash still waits to be rewritten.
    let present = Links::of(app, &owner)?.consent_hash(record.id);
    if record.candidate.is_erased() || present != hash {
        return Err(Error::Gone("link"));
    }
    Ok(Asked {
        record,
        organization: owner.organization,
    })
}

fn owner(conn: &mut AnyConnection, organization: OrganizationId) -> Result<OrganizationRecord> {
    organizations::find(conn, organization)?
        .ok_or(Error::Internal("a referral's organization is kept"))
}

/// The candidate's answer by their link; the same once more changes nothing.
///
/// # Errors
/// As [`open`], and [`Error::Conflict`] for a no that comes too late.
pub fn answer_by_link(
    app: &App,
    conn: &mut AnyConnection,
    token: &str,
    interested: bool,
) -> Result<Asked> {
    let asked = open(app, conn, token)?;
    Ok(Asked {
        record: keep(app, conn, asked.record, interested)?,
        ..asked
    })
}

/// The candidate's answer as the vendor's program has it; the same once more changes nothing.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::Conflict`] for a no that comes too late and for a candidate who was erased.
pub fn answer(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
    interested: bool,
) -> Result<ReferralDetails> {
    let record = record(conn, organization, referral)?;
    refuse_erased(&record.candidate)?;
    let record = keep(app, conn, record, interested)?;
    details(app, conn, record)
}

fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: ReferralRecord,
    interested: bool,
) -> Result<ReferralRecord> {
    let now = app.now();
    let answered = record
        .referral
        .answer(interested, now)
        .map_err(|late| Error::conflict("already_passed_on", late.to_string()))?;
    let Answered::Changed { referral, pass_on } = answered else {
        return Ok(record);
    };
    let mut record = ReferralRecord { referral, ..record };
    referrals::save(conn, &record)?;
    record.edition += 1;
    let (organization, id) = (record.organization, record.id);
    let detail = json!({ "interested": interested });
    let about = (organization, thread(id));
    let fact = note_about(app, now, about, "interview.answered", detail.clone());
    events::insert(conn, &[fact])?;
    if pass_on {
        set_to_work(app, conn, &record)?;
    }
    let (object, action) = (format!("interview:{id}"), Action::InterviewAnswered);
    audit::note(app, conn, Some(organization), action, object, detail)?;
    Ok(record)
}

/// Has one that is blocked tried at once.
///
/// # Errors
/// [`Error::NotFound`], and [`Error::Conflict`] where it is not blocked.
pub fn try_again(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
) -> Result<ReferralDetails> {
    let now = app.now();
    let mut record = record(conn, organization, referral)?;
    refuse_erased(&record.candidate)?;
    if record.referral.state() != ReferralState::Blocked {
        let message = "this interview does not wait for anybody";
        return Err(Error::conflict("not_blocked", message));
    }
    record.referral.passing = Some(Passing::pending(now));
    referrals::save(conn, &record)?;
    record.edition += 1;
    set_to_work(app, conn, &record)?;
    details(app, conn, record)
}

/// Has the worker see to it at once, also where its job was parked before.
fn set_to_work(app: &App, conn: &mut AnyConnection, record: &ReferralRecord) -> Result<()> {
    let now = app.now();
    jobs::unpark(conn, record.organization, REFERRALS_PARKED, now)?;
    Ok(jobs::enqueue(
        conn,
        &[SendReferral::job(app, now, record)],
        now,
    )?)
}
