//! Candidates' links: the open ones, and those that are over.

use diesel::prelude::*;
use domain::{InviteId, OrganizationId};
use uuid::Uuid;

use crate::invites::InviteRecord;
use crate::literal::literal;
use crate::schema::{dead_links, invites as t};
use crate::value::{Id, id};
use crate::{AnyConnection, Result};

literal!(HasDueTime, "due_at IS NOT NULL");

/// The link of an invite whose candidate may still begin or go on.
#[derive(Debug, Clone)]
pub struct OpenLink {
    /// Which invite.
    pub invite: InviteId,
    /// Its present attempt's number.
    pub attempt: i32,
    /// SHA-256 of the token that leads there.
    pub hash: Vec<u8>,
}

/// The links of up to `most` open invites of an organization, oldest first, after the invite `after`.
///
/// # Errors
/// Those of the database.
pub fn open_links(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: Option<InviteId>,
    most: i64,
) -> Result<Vec<OpenLink>> {
    let after = after.unwrap_or(InviteId(Uuid::nil()));
    let rows: Vec<(Id, i32, Vec<u8>)> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.gt(id(after)))
        .filter(HasDueTime)
        .order(t::id)
        .limit(most)
        .select((t::id, t::attempt, t::link_hash))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(invite, attempt, hash)| OpenLink {
            invite: invite.to(),
            attempt,
            hash,
        })
        .collect())
}

/// Lets another link lead to an invite, and remembers the one before as over. Answers false where the invite has got
/// another link meanwhile.
///
/// # Errors
/// Those of the database.
pub fn replace_link(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    link: &OpenLink,
    hash: &[u8],
) -> Result<bool> {
    let changed = diesel::update(
        t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.eq(id(link.invite)))
            .filter(t::link_hash.eq(&link.hash)),
    )
    .set((t::link_hash.eq(hash), t::edition.eq(t::edition + 1)))
    .execute(conn)?;
    if changed == 1 {
        bury(conn, organization, link.invite, &link.hash)?;
    }
    Ok(changed == 1)
}

/// Remembers a link that a reset ended.
///
/// # Errors
/// Those of the database.
pub fn bury_link(conn: &mut AnyConnection, record: &InviteRecord) -> Result<()> {
    let invite = &record.invite;
    bury(conn, invite.organization, invite.id, &record.link_hash)
}

/// Remembers a link that is over, of an invite or a referral.
pub(crate) fn bury(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    of: impl Into<Uuid>,
    link_hash: &[u8],
) -> Result<()> {
    diesel::insert_into(dead_links::table)
        .values((
            dead_links::link_hash.eq(link_hash),
            dead_links::organization_id.eq(id(organization)),
            dead_links::invite_id.eq(id(of)),
        ))
        .execute(conn)?;
    Ok(())
}
