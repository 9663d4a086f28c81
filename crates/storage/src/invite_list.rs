//! Lists of invites, page by page, each page in a time that does not grow with the number of invites.
//!
//! An index finds an organization's invites by address, by assessment or by status, newest first. What no index finds (several
//! of these together, the origin, a text) is looked for among the next [`LOOKED_THROUGH`] invites: where these are over before
//! the page is full, the list says how far it has come, and the next page goes on there. So one request never reads through
//! a customer's hundred thousand invites, and no invite is passed over.

use diesel::prelude::*;
use domain::{AssessmentId, InviteId, OrganizationId, Origin, Status, fold};

use crate::connection::native;
use crate::invites::{InviteRecord, Row};
use crate::schema::invites as t;
use crate::value::{Id, id, is_storable};
use crate::{AnyConnection, Page, Result};

/// How many invites one page looks through for what no index finds.
const LOOKED_THROUGH: i64 = 2_000;

/// Which invites a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this status.
    pub status: Option<Status>,
    /// From there.
    pub origin: Option<Origin>,
    /// For this assessment.
    pub assessment: Option<AssessmentId>,
    /// To this address, whatever its letter case.
    pub email: Option<String>,
    /// With this text in the candidate's name or address or the assessment's title, whatever its letter case.
    pub q: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Newest first.
    pub records: Vec<InviteRecord>,
    /// The oldest invite that was looked at, where older ones are still to be looked through.
    pub looked_to: Option<InviteId>,
}

/// One page of an organization's invites, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    page: Page,
) -> Result<Listed> {
    let texts = [&filter.email, &filter.q];
    if texts.into_iter().flatten().any(|text| !is_storable(text)) {
        return Ok(Listed::default());
    }
    let end = match filter.is_found_by_index() {
        true => None,
        false => window_end(conn, organization, page)?,
    };
    let rows: Vec<Row> = native!(conn, c => {
        let mut query = t::table
            .filter(t::organization_id.eq(id(organization)))
            .filter(t::id.lt(page.start()))
            .select(Row::as_select())
            .into_boxed();
        if let Some(end) = end {
            query = query.filter(t::id.ge(end));
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
        if let Some(origin) = filter.origin {
            query = query.filter(t::origin.eq(origin.as_str()));
        }
        if let Some(assessment) = filter.assessment {
            query = query.filter(t::assessment_id.eq(id(assessment)));
        }
        if let Some(email) = &filter.email {
            query = query.filter(t::email_key.eq(key(email)));
        }
        if let Some(text) = &filter.q {
            query = query.filter(t::search_text.like(pattern(text)).escape('\\'));
        }
        query.order(t::id.desc()).limit(page.limit).load(c)
    })?;
    Ok(Listed {
        records: rows
            .into_iter()
            .map(TryInto::try_into)
            .collect::<Result<_>>()?,
        looked_to: end.map(Id::to),
    })
}

impl Filter {
    /// Is there no more to ask than one index can tell?
    fn is_found_by_index(&self) -> bool {
        let indexed = [
            self.status.is_some(),
            self.assessment.is_some(),
            self.email.is_some(),
        ];
        let asked = indexed.into_iter().filter(|asked| *asked).count();
        asked <= 1 && self.origin.is_none() && self.q.is_none()
    }
}

/// The last of the invites that one page looks through; none where there are no older ones.
fn window_end(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Option<Id>> {
    let last: Vec<Id> = t::table
        .filter(t::organization_id.eq(id(organization)))
        .filter(t::id.lt(page.start()))
        .select(t::id)
        .order(t::id.desc())
        .offset(LOOKED_THROUGH - 1)
        .limit(2)
        .load(conn)?;
    match last[..] {
        [end, _older] => Ok(Some(end)),
        _ => Ok(None),
    }
}

fn key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What a folded text that holds `text` looks like.
fn pattern(text: &str) -> String {
    let plain = fold(text)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{plain}%")
}
