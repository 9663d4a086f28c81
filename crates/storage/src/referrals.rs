//! Interviews on the vendor's side, and how far passing their candidates on has come.

use std::fmt;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    CandidateDetails, CandidateId, Interview, OrganizationId, Passing, Referral, ReferralId,
    WritebackState,
};

use crate::invites::EmailState;
use crate::links::bury;
use crate::schema::{dead_links, referrals as t};
use crate::value::{At, Id, at, from_json, id, named, to_json};
use crate::{AnyConnection, Error, Page, Result};

/// A referral with all that is kept beside it.
#[derive(Clone)]
pub struct ReferralRecord {
    /// Its id.
    pub id: ReferralId,
    /// Whose.
    pub organization: OrganizationId,
    /// Who was interviewed.
    pub candidate_id: CandidateId,
    /// The person, as the interview was filed with.
    pub candidate: CandidateDetails,
    /// What the interviewer reports.
    pub interview: Interview,
    /// For which of Greenhouse's jobs; a prospect without one.
    pub greenhouse_job_id: Option<String>,
    /// SHA-256 of the token in the candidate's link.
    pub link_hash: Vec<u8>,
    /// Does Baton mail the candidate?
    pub mails: bool,
    /// What became of the mail.
    pub email_state: EmailState,
    /// The two answers, and what came of them.
    pub referral: Referral,
    /// What was done at the ATS so far: text that only its module reads.
    pub steps: String,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// Raised by each change: whoever saves says which one was read.
    pub edition: i32,
}

// Most of it is personal.
impl fmt::Debug for ReferralRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReferralRecord({})", self.id)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = t)]
#[diesel(treat_none_as_null = true)]
struct Row {
    organization_id: Id,
    id: Id,
    candidate_id: Id,
    candidate: String,
    interview: String,
    greenhouse_job_id: Option<String>,
    link_hash: Vec<u8>,
    mails: bool,
    email_state: String,
    advance: bool,
    interested: Option<bool>,
    answered_at: Option<At>,
    begun: bool,
    passing: Option<String>,
    passing_at: Option<At>,
    detail: Option<String>,
    steps: String,
    created_at: At,
    edition: i32,
}

impl Row {
    fn of(record: &ReferralRecord) -> Result<Self> {
        let referral = &record.referral;
        let passing = referral.passing.as_ref();
        Ok(Self {
            organization_id: id(record.organization),
            id: id(record.id),
            candidate_id: id(record.candidate_id),
            candidate: to_json(&record.candidate)?,
            interview: to_json(&record.interview)?,
            greenhouse_job_id: record.greenhouse_job_id.clone(),
            link_hash: record.link_hash.clone(),
            mails: record.mails,
            email_state: record.email_state.as_str().to_owned(),
            advance: referral.advance,
            interested: referral.interested,
            answered_at: referral.answered_at.map(at),
            begun: referral.begun,
            passing: passing.map(|passing| passing.state.as_str().to_owned()),
            passing_at: passing.map(|passing| at(passing.at)),
            detail: passing.and_then(|passing| passing.detail.clone()),
            steps: record.steps.clone(),
            created_at: at(record.created_at),
            edition: record.edition,
        })
    }
}

impl TryFrom<Row> for ReferralRecord {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        const T: &str = "referrals";
        let passing = match (row.passing, row.passing_at) {
            (Some(state), Some(at)) => Some(Passing {
                state: named(WritebackState::parse(&state), T, "passing")?,
                at: at.moment(),
                detail: row.detail,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id.to(),
            organization: row.organization_id.to(),
            candidate_id: row.candidate_id.to(),
            candidate: from_json(&row.candidate, T, "candidate")?,
            interview: from_json(&row.interview, T, "interview")?,
            greenhouse_job_id: row.greenhouse_job_id,
            link_hash: row.link_hash,
            mails: row.mails,
            email_state: named(EmailState::parse(&row.email_state), T, "email_state")?,
            referral: Referral {
                advance: row.advance,
                interested: row.interested,
                answered_at: row.answered_at.map(At::moment),
                begun: row.begun,
                passing,
            },
            steps: row.steps,
            created_at: row.created_at.moment(),
            edition: row.edition,
        })
    }
}

fn records(rows: Vec<Row>) -> Result<Vec<ReferralRecord>> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Stores a new one.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut AnyConnection, record: &ReferralRecord) -> Result<()> {
    diesel::insert_into(t::table)
        .values(Row::of(record)?)
        .execute(conn)?;
    Ok(())
}

/// Stores one that has changed since it was read. What became of its mail is kept apart: see [`set_email_state`].
///
/// # Errors
/// [`Error::Stale`] where somebody else changed it meanwhile.
pub fn save(conn: &mut AnyConnection, record: &ReferralRecord) -> Result<()> {
    let row = Row {
        edition: record.edition + 1,
        ..Row::of(record)?
    };
    let mine = t::table
        .filter(t::organization_id.eq(id(record.organization)))
        .filter(t::id.eq(id(record.id)))
        .filter(t::edition.eq(record.edition));
    match diesel::update(mine).set(row).execute(conn)? {
        1 => Ok(()),
        _ => Err(Error::Stale),
    }
}

/// Notes what became of the mail.
///
/// # Errors
/// Those of the database.
pub fn set_email_state(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
    state: EmailState,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(referral))))
        .set((
            t::email_state.eq(state.as_str()),
            t::edition.eq(t::edition + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// One of an organization's.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
) -> Result<Option<ReferralRecord>> {
    let row: Option<Row> = t::table
        .find((id(organization), id(referral)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// One of anybody's, for what a mail server says of its mail.
///
/// # Errors
/// Those of the database.
pub fn find_for_judging(
    conn: &mut AnyConnection,
    referral: ReferralId,
) -> Result<Option<ReferralRecord>> {
    let row: Option<Row> = t::table
        .filter(t::id.eq(id(referral)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// One page of an organization's, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<ReferralRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.lt(page.start()))
        .order(t::id.desc())
        .limit(page.limit)
        .select(Row::as_select())
        .load(conn)?;
    records(rows)
}

/// Those of one person, oldest first.
///
/// # Errors
/// Those of the database.
pub fn of_candidate(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<Vec<ReferralRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::candidate_id.eq(id(candidate)))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    records(rows)
}

/// Those that were passed on to a person in an ATS, by the person's id there: a look through all of the organization, since
/// somebody is deleted there seldom.
///
/// # Errors
/// Those of the database.
pub fn of_person(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    person: i64,
) -> Result<Vec<ReferralRecord>> {
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::steps.like(format!("%\"person\":{person},%")))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    records(rows)
}

/// What a candidate's link leads to.
#[derive(Debug, Clone)]
pub enum Link {
    /// A referral.
    Live(Box<ReferralRecord>),
    /// Nothing any more: the organization has given up its links.
    Dead,
}

/// What the link with this SHA-256 of its token leads to.
///
/// # Errors
/// Those of the database.
pub fn by_link(conn: &mut AnyConnection, link_hash: &[u8]) -> Result<Option<Link>> {
    let row: Option<Row> = t::table
        .filter(t::link_hash.eq(link_hash))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    if let Some(row) = row {
        return Ok(Some(Link::Live(Box::new(row.try_into()?))));
    }
    let dead: i64 = dead_links::table
        .filter(dead_links::link_hash.eq(link_hash))
        .count()
        .get_result(conn)?;
    Ok((dead > 0).then_some(Link::Dead))
}

/// The ids and links of up to `most` referrals of an organization, oldest first, after `after`.
///
/// # Errors
/// Those of the database.
pub fn links(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: Option<ReferralId>,
    most: i64,
) -> Result<Vec<(ReferralId, Vec<u8>)>> {
    let after = after.map_or(Id(uuid::Uuid::nil()), id);
    let rows: Vec<(Id, Vec<u8>)> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.gt(after))
        .order(t::id)
        .limit(most)
        .select((t::id, t::link_hash))
        .load(conn)?;
    let links = rows.into_iter().map(|(found, hash)| (found.to(), hash));
    Ok(links.collect())
}

/// Lets another link lead to a referral, and remembers the one before as over.
///
/// # Errors
/// Those of the database.
pub fn replace_link(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    referral: ReferralId,
    (before, after): (&[u8], &[u8]),
) -> Result<()> {
    let mine = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.eq(id(referral)))
        .filter(t::link_hash.eq(before));
    let changed = diesel::update(mine)
        .set((t::link_hash.eq(after), t::edition.eq(t::edition + 1)))
        .execute(conn)?;
    if changed == 1 {
        bury(conn, organization, referral, before)?;
    }
    Ok(())
}

/// Takes from a referral's timeline, mails and waiting work all that tells of the person. `plain` makes of what a fact says
/// what may stay.
///
/// # Errors
/// Those of the database.
pub fn strip(
    conn: &mut AnyConnection,
    record: &ReferralRecord,
    plain: impl Fn(&serde_json::Value) -> serde_json::Value,
) -> Result<()> {
    // Facts, mails and jobs name it as they name an invite.
    crate::erasures::strip_traces(conn, record.organization, record.id.0.into(), plain)
}
