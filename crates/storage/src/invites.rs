//! Invites. Each row also carries what a reader most often wants, so that `test_status` is one look-up.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::{
    AtsFacts, Attempt, CandidateDetails, CompleteOn, Invite, InviteId, OrganizationId, Origin,
    ResultBody, Revision, Status, fold,
};
use serde::{Deserialize, Serialize};

use crate::arrays::{insert_by_arrays, one_by_one, select_among};
use crate::literal::literal;
use crate::schema::{dead_links, invites as t, revisions};
use crate::value::{At, Id, at, from_json, id, named, to_json};
use crate::{AnyConnection, Error, Result};

pub use crate::invite_list::{Filter, Listed, list};

/// What became of the mail to the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EmailState {
    None,
    Queued,
    Sent,
    Bounced,
    Failed,
}

impl EmailState {
    const ALL: [Self; 5] = [
        Self::None,
        Self::Queued,
        Self::Sent,
        Self::Bounced,
        Self::Failed,
    ];

    /// The name used in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// An invite with all that is kept beside it.
#[derive(Debug, Clone)]
pub struct InviteRecord {
    /// What the domain decides on.
    pub invite: Invite,
    /// The assessment's title at its version.
    pub assessment_title: String,
    /// From when on Greenhouse reads `complete`.
    pub complete_on: CompleteOn,
    /// The names it came with.
    pub candidate: CandidateDetails,
    /// What names the ask for repeats; none where nothing can be repeated, or where another invite replaced it.
    pub ask_key: Option<String>,
    /// What the ATS told.
    pub ats: AtsFacts,
    /// SHA-256 of the present attempt's link token.
    pub link_hash: Vec<u8>,
    /// Where Start leads, if elsewhere than the assessment says.
    pub launch_url: Option<String>,
    /// Does Baton mail the candidate?
    pub mails: bool,
    /// What became of the mail.
    pub email_state: EmailState,
    /// The number of the results link's grant; another number is another link.
    pub grant_number: i32,
    /// Raised by each change: whoever saves says which one was read.
    pub edition: i32,
}

literal!(HasDueTime, "due_at IS NOT NULL");

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = t)]
#[diesel(treat_none_as_null = true)]
pub(crate) struct Row {
    organization_id: Id,
    id: Id,
    assessment_id: Id,
    assessment_version: i32,
    assessment_title: String,
    complete_on: String,
    candidate_id: Id,
    candidate: String,
    email_key: String,
    search_text: String,
    origin: String,
    ask_key: Option<String>,
    ats: String,
    status: String,
    attempt: i32,
    attempt_started_at: Option<At>,
    attempt_ends_at: Option<At>,
    link_hash: Vec<u8>,
    launch_url: Option<String>,
    mails: bool,
    email_state: String,
    resends: i32,
    result: Option<String>,
    grant_number: i32,
    created_at: At,
    submitted_at: Option<At>,
    completed_at: Option<At>,
    expires_at: At,
    due_at: Option<At>,
    edition: i32,
}

insert_by_arrays!(
    InsertRows,
    t,
    Row {
        organization_id,
        id,
        assessment_id,
        assessment_version,
        assessment_title,
        complete_on,
        candidate_id,
        candidate,
        email_key,
        search_text,
        origin,
        ask_key,
        ats,
        status,
        attempt,
        attempt_started_at,
        attempt_ends_at,
        link_hash,
        launch_url,
        mails,
        email_state,
        resends,
        result,
        grant_number,
        created_at,
        submitted_at,
        completed_at,
        expires_at,
        due_at,
        edition,
    },
    "INSERT INTO invites",
    ""
);
select_among!(RowsById<'k>, Row, id: Binary = Id as "bytea[]", "invites", "");
select_among!(RowsByAsk<'k>, Row, ask_key: Text = &'k str as "text[]", "invites", "");

const T: &str = "invites";

impl TryFrom<Row> for InviteRecord {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let result: Option<Revision> = row
            .result
            .as_deref()
            .map(|text| from_json(text, T, "result"))
            .transpose()?;
        Ok(Self {
            invite: Invite {
                id: row.id.to(),
                organization: row.organization_id.to(),
                assessment: row.assessment_id.to(),
                assessment_version: row.assessment_version,
                candidate: row.candidate_id.to(),
                origin: named(Origin::parse(&row.origin), T, "origin")?,
                status: named(Status::parse(&row.status), T, "status")?,
                attempt: Attempt {
                    number: row.attempt,
                    started_at: row.attempt_started_at.map(At::moment),
                    ends_at: row.attempt_ends_at.map(At::moment),
                },
                resends: row.resends,
                result,
                created_at: row.created_at.moment(),
                submitted_at: row.submitted_at.map(At::moment),
                completed_at: row.completed_at.map(At::moment),
                expires_at: row.expires_at.moment(),
            },
            assessment_title: row.assessment_title,
            complete_on: if row.complete_on == "submitted" {
                CompleteOn::Submitted
            } else {
                CompleteOn::Graded
            },
            candidate: from_json(&row.candidate, T, "candidate")?,
            ask_key: row.ask_key,
            ats: from_json(&row.ats, T, "ats")?,
            link_hash: row.link_hash,
            launch_url: row.launch_url,
            mails: row.mails,
            email_state: named(EmailState::parse(&row.email_state), T, "email_state")?,
            grant_number: row.grant_number,
            edition: row.edition,
        })
    }
}

impl Row {
    fn of(record: &InviteRecord) -> Result<Self> {
        let invite = &record.invite;
        Ok(Self {
            organization_id: id(invite.organization),
            id: id(invite.id),
            assessment_id: id(invite.assessment),
            assessment_version: invite.assessment_version,
            assessment_title: record.assessment_title.clone(),
            complete_on: match record.complete_on {
                CompleteOn::Submitted => "submitted".to_owned(),
                CompleteOn::Graded => "graded".to_owned(),
            },
            candidate_id: id(invite.candidate),
            candidate: to_json(&record.candidate)?,
            email_key: record.candidate.email.key(),
            search_text: search_text(record),
            origin: invite.origin.as_str().to_owned(),
            ask_key: record.ask_key.clone(),
            ats: to_json(&record.ats)?,
            status: invite.status.as_str().to_owned(),
            attempt: invite.attempt.number,
            attempt_started_at: invite.attempt.started_at.map(at),
            attempt_ends_at: invite.attempt.ends_at.map(at),
            link_hash: record.link_hash.clone(),
            launch_url: record.launch_url.clone(),
            mails: record.mails,
            email_state: record.email_state.as_str().to_owned(),
            resends: invite.resends,
            result: invite.result.as_ref().map(to_json).transpose()?,
            grant_number: record.grant_number,
            created_at: at(invite.created_at),
            submitted_at: invite.submitted_at.map(at),
            completed_at: invite.completed_at.map(at),
            expires_at: at(invite.expires_at),
            due_at: invite.due_at().map(at),
            edition: record.edition,
        })
    }
}

/// What [`Filter::q`] looks into, folded here because the databases differ in what letter case means to them: one line
/// for each thing that people see.
fn search_text(record: &InviteRecord) -> String {
    let who = &record.candidate;
    let full_name = format!("{} {}", who.first_name.trim(), who.last_name.trim());
    let preferred_name = who.preferred_name.as_deref().unwrap_or_default();
    [
        &full_name,
        preferred_name,
        who.email.as_str(),
        &record.assessment_title,
    ]
    .map(fold)
    .join("\n")
}

/// Stores new invites.
///
/// # Errors
/// [`Error::Taken`] where another live invite has the same ask.
pub fn insert(conn: &mut AnyConnection, records: &[InviteRecord]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let mut rows = records.iter().map(Row::of).collect::<Result<Vec<_>>>()?;
    // Always in the same order, so that two transactions with the same asks cannot wait for each other.
    rows.sort_by(|one, other| ask(one).cmp(&ask(other)));
    match conn {
        AnyConnection::Postgres(c) => {
            InsertRows::of(&rows).execute(c)?;
        }
        AnyConnection::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(t::table).values(row).execute(c)?;
            }
        }
    }
    Ok(())
}

fn ask(row: &Row) -> (Id, Option<&str>) {
    (row.organization_id, row.ask_key.as_deref())
}

/// Replaces an invite that is still as it was read.
///
/// # Errors
/// [`Error::Stale`] where somebody else changed it since.
pub fn save(conn: &mut AnyConnection, record: &InviteRecord) -> Result<()> {
    let row = Row {
        edition: record.edition + 1,
        ..Row::of(record)?
    };
    let changed = diesel::update(
        t::table
            .filter(t::organization_id.eq(id(record.invite.organization)))
            .filter(t::id.eq(id(record.invite.id)))
            .filter(t::edition.eq(record.edition)),
    )
    .set(row)
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Notes what became of the mail, whatever else changed meanwhile.
///
/// # Errors
/// Those of the database.
pub fn set_email_state(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    state: EmailState,
) -> Result<()> {
    diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.eq(id(invite))),
    )
    .set((
        t::email_state.eq(state.as_str()),
        t::edition.eq(t::edition + 1),
    ))
    .execute(conn)?;
    Ok(())
}

/// One invite of an organization.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Option<InviteRecord>> {
    let row: Option<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.eq(id(invite)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// The invite behind a results page, whose visitor's right is yet to be judged: by a grant made from the organization's
/// own key, or by a session.
///
/// # Errors
/// Those of the database.
pub fn find_for_judging(
    conn: &mut AnyConnection,
    invite: InviteId,
) -> Result<Option<InviteRecord>> {
    let row: Option<Row> = t::table
        .filter(t::id.eq(id(invite)))
        .select(Row::as_select())
        .get_result(conn)
        .optional()?;
    row.map(TryInto::try_into).transpose()
}

/// What a candidate's link leads to.
#[derive(Debug, Clone)]
pub enum Link {
    /// A present attempt.
    Live(Box<InviteRecord>),
    /// An attempt that a reset or another invite replaced.
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

/// The live invites under these asks.
///
/// # Errors
/// Those of the database.
pub fn by_asks(
    conn: &mut AnyConnection,
    asks: &[(OrganizationId, String)],
) -> Result<Vec<InviteRecord>> {
    let pairs = asks
        .iter()
        .map(|(organization, key)| (*organization, key.as_str()));
    let rows: Vec<Row> = match conn {
        AnyConnection::Postgres(c) => RowsByAsk::of(pairs).load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(pairs, |(organization, key)| {
            t::table
                .filter(t::organization_id.eq(id(organization)))
                .filter(t::ask_key.eq(key))
                .select(Row::as_select())
                .get_result(c)
        })?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Those of `wanted` (organization and invite) that are there.
///
/// # Errors
/// Those of the database.
pub fn among(
    conn: &mut AnyConnection,
    wanted: &[(OrganizationId, InviteId)],
) -> Result<Vec<InviteRecord>> {
    let pairs = wanted
        .iter()
        .map(|(organization, invite)| (*organization, id(*invite)));
    let rows: Vec<Row> = match conn {
        AnyConnection::Postgres(c) => RowsById::of(pairs).load(c)?,
        AnyConnection::Sqlite(c) => one_by_one(pairs, |(organization, invite)| {
            t::table
                .find((id(organization), invite))
                .select(Row::as_select())
                .get_result(c)
        })?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Invites whose time is over at `now`, of any organization.
///
/// # Errors
/// Those of the database.
pub fn due(
    conn: &mut AnyConnection,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(OrganizationId, InviteId)>> {
    let rows: Vec<(Id, Id)> = t::table
        .filter(HasDueTime)
        .filter(t::due_at.le(at(now)))
        .order(t::due_at)
        .limit(most)
        .select((t::organization_id, t::id))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(organization, invite)| (organization.to(), invite.to()))
        .collect())
}

/// Keeps a revision of an invite's result.
///
/// # Errors
/// Those of the database.
pub fn keep_revision(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    revision: &Revision,
) -> Result<()> {
    diesel::insert_into(revisions::table)
        .values((
            revisions::organization_id.eq(id(organization)),
            revisions::invite_id.eq(id(invite)),
            revisions::revision.eq(revision.revision),
            revisions::body.eq(to_json(&revision.body)?),
            revisions::at.eq(at(revision.at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The newest final revision of an invite's result.
///
/// # Errors
/// Those of the database.
pub fn final_revision(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<Option<Revision>> {
    Ok(final_revisions(conn, organization, invite, 0)?.pop())
}

/// The final revisions of an invite's result after the one with the number `after`, oldest first.
///
/// # Errors
/// Those of the database.
pub fn final_revisions(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    after: i32,
) -> Result<Vec<Revision>> {
    let rows: Vec<(i32, String, At)> = revisions::table
        .filter(revisions::organization_id.eq(id(organization)))
        .filter(revisions::invite_id.eq(id(invite)))
        .filter(revisions::revision.gt(after))
        .order(revisions::revision)
        .select((revisions::revision, revisions::body, revisions::at))
        .load(conn)?;
    let mut all = Vec::new();
    for (revision, body, at) in rows {
        let body: ResultBody = from_json(&body, "revisions", "body")?;
        let at = at.moment();
        all.push(Revision { revision, at, body });
    }
    all.retain(|it| it.body.is_final);
    Ok(all)
}

/// The invites that came from a person in an ATS, by the person's id there: a look through all invites of the organization that
/// came from one, since somebody is deleted there seldom.
///
/// # Errors
/// Those of the database.
pub fn from_person(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    person: &str,
) -> Result<Vec<InviteRecord>> {
    naming(conn, organization, "person_id", person)
}

/// The invites that came from an application in an ATS, by its id there. See [`from_person`].
///
/// # Errors
/// Those of the database.
pub fn from_application(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    application: &str,
) -> Result<Vec<InviteRecord>> {
    naming(conn, organization, "application_id", application)
}

fn naming(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    member: &str,
    id_there: &str,
) -> Result<Vec<InviteRecord>> {
    let named = format!("%\"{member}\":\"{id_there}\"%");
    let rows: Vec<Row> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::ats.like(named))
        .order(t::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Sets what is kept of what an ATS told of an invite.
///
/// # Errors
/// Those of the database.
pub fn set_ats(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    ats: &AtsFacts,
) -> Result<()> {
    diesel::update(t::table.find((id(organization), id(invite))))
        .set(t::ats.eq(to_json(ats)?))
        .execute(conn)?;
    Ok(())
}
