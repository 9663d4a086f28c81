//! Whose turn it is: the organizations with ready work, one after the other.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, HasSqlType};
use diesel::{Connection, RunQueryDsl};
use uuid::Uuid;

use crate::connection::native;
use crate::value::{At, Id};
use crate::{AnyConnection, Result};

/// First tries or later ones.
#[derive(Debug, Clone, Copy)]
pub(super) enum Class {
    Fresh,
    Again,
}

/// So many organizations are found in one step.
const STEP: i64 = 32;
/// So many steps are made in one claim; the next goes on from there.
const STEPS: usize = 16;

/// Goes once round the organizations, from the one after the last turn's.
#[derive(Debug)]
pub(super) struct Round {
    begun: Id,
    at: Id,
    from: At,
    second_half: bool,
    steps: usize,
}

impl Round {
    /// From the one after `last` on, among those with work due from `from` on.
    pub(super) fn after(last: Option<Id>, from: At) -> Self {
        let begun = last.unwrap_or(Id(Uuid::nil()));
        Self {
            begun,
            at: begun,
            from,
            second_half: false,
            steps: 0,
        }
    }

    /// The organizations that come next; none when each had its turn, or enough for one claim.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn next(
        &mut self,
        conn: &mut AnyConnection,
        class: Class,
    ) -> Result<Option<Vec<Id>>> {
        while self.steps < STEPS {
            self.steps += 1;
            let mut found = after(conn, class, self.at, self.from)?;
            if self.second_half {
                found.retain(|organization| *organization <= self.begun);
            }
            if let Some(last) = found.last() {
                self.at = *last;
                return Ok(Some(found));
            }
            if self.second_half {
                return Ok(None);
            }
            self.second_half = true;
            self.at = Id(Uuid::nil());
        }
        Ok(None)
    }
}

/// The organizations after `start` that have ready work, due from `from` on. It goes from one to the next by the index, so
/// that it costs one step per organization, however many jobs each has.
fn after(conn: &mut AnyConnection, class: Class, start: Id, from: At) -> Result<Vec<Id>> {
    Ok(match class {
        Class::Fresh => native!(conn, c => Steps::<false> { start, from }.load::<Id>(c))?,
        Class::Again => native!(conn, c => Steps::<true> { start, from }.load::<Id>(c))?,
    })
}

/// The statement, of fixed text, so that it is prepared once.
#[derive(Debug)]
struct Steps<const AGAIN: bool> {
    start: Id,
    from: At,
}

impl<const AGAIN: bool> QueryId for Steps<AGAIN> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<const AGAIN: bool> Query for Steps<AGAIN> {
    type SqlType = Binary;
}

impl<const AGAIN: bool, Conn: Connection> RunQueryDsl<Conn> for Steps<AGAIN> {}

impl<const AGAIN: bool, DB> QueryFragment<DB> for Steps<AGAIN>
where
    DB: Backend + HasSqlType<Binary> + HasSqlType<BigInt>,
    Id: ToSql<Binary, DB>,
    At: ToSql<BigInt, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let next = if AGAIN {
            "SELECT organization_id FROM jobs WHERE state = 'ready' AND attempt > 0 AND crashes < 2 AND run_at >= "
        } else {
            "SELECT organization_id FROM jobs WHERE state = 'ready' AND attempt = 0 AND run_at >= "
        };
        out.push_sql("WITH RECURSIVE turn (organization_id, number) AS (SELECT (");
        out.push_sql(next);
        out.push_bind_param::<BigInt, _>(&self.from)?;
        out.push_sql(" AND organization_id > ");
        out.push_bind_param::<Binary, _>(&self.start)?;
        out.push_sql(" ORDER BY organization_id LIMIT 1), 1 UNION ALL SELECT (");
        out.push_sql(next);
        out.push_bind_param::<BigInt, _>(&self.from)?;
        out.push_sql(
            " AND organization_id > turn.organization_id ORDER BY organization_id LIMIT 1), ",
        );
        out.push_sql("number + 1 FROM turn WHERE number < ");
        out.push_bind_param::<BigInt, _>(&STEP)?;
        out.push_sql(" AND turn.organization_id IS NOT NULL) ");
        out.push_sql("SELECT organization_id FROM turn WHERE organization_id IS NOT NULL");
        Ok(())
    }
}
