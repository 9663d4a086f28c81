//! What a candidate answered in one sitting, and the points it earned.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::{Answer, InviteId, Marks, OrganizationId, QuestionId};

use crate::connection::native;
use crate::schema::attempts as t;
use crate::value::{Id, from_json, id, to_json};
use crate::{AnyConnection, Result};

/// One sitting's paper.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// By question.
    pub answers: BTreeMap<QuestionId, Answer>,
    /// The number of the newest save, counted by the candidate's browser.
    pub seq: i64,
    /// Points by question.
    pub marks: Marks,
}

/// The paper of one sitting; an empty one where nothing was saved yet.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    attempt: i32,
) -> Result<Paper> {
    let row: Option<(String, i64, String)> = t::table
        .find((id(organization), id(invite), attempt))
        .select((t::answers, t::seq, t::marks))
        .get_result(conn)
        .optional()?;
    match row {
        Some((answers, seq, marks)) => paper(&answers, seq, &marks),
        None => Ok(Paper::default()),
    }
}

/// The papers of several invites of one organization, each with its invite and the number of its attempt.
///
/// # Errors
/// Those of the database.
pub fn of_invites(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invites: &[InviteId],
) -> Result<Vec<((InviteId, i32), Paper)>> {
    let ids: Vec<Id> = invites.iter().map(|invite| id(*invite)).collect();
    let rows: Vec<(Id, i32, String, i64, String)> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::invite_id.eq_any(ids))
        .select((t::invite_id, t::attempt, t::answers, t::seq, t::marks))
        .load(conn)?;
    rows.into_iter()
        .map(|(invite, attempt, answers, seq, marks)| {
            Ok(((invite.to(), attempt), paper(&answers, seq, &marks)?))
        })
        .collect()
}

fn paper(answers: &str, seq: i64, marks: &str) -> Result<Paper> {
    Ok(Paper {
        answers: from_json(answers, "attempts", "answers")?,
        seq,
        marks: from_json(marks, "attempts", "marks")?,
    })
}

/// Keeps the paper of one sitting.
///
/// # Errors
/// Those of the database.
pub fn save(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
    attempt: i32,
    paper: &Paper,
) -> Result<()> {
    let (answers, marks) = (to_json(&paper.answers)?, to_json(&paper.marks)?);
    native!(conn, c => diesel::insert_into(t::table)
        .values((
            t::organization_id.eq(id(organization)),
            t::invite_id.eq(id(invite)),
            t::attempt.eq(attempt),
            t::answers.eq(&answers),
            t::seq.eq(paper.seq),
            t::marks.eq(&marks),
        ))
        .on_conflict((t::organization_id, t::invite_id, t::attempt))
        .do_update()
        .set((t::answers.eq(&answers), t::seq.eq(paper.seq), t::marks.eq(&marks)))
        .execute(c))?;
    Ok(())
}
