//! What organizations ask the operator for, with all that the operator decides by.

use domain::{ApiKeyId, ConnectionKind, Hold, OrganizationId, UserId};
use storage::connections::{self, ConnectionRecord};
use storage::{api_keys, audit as log, grants, users};

use super::requests::{Requested, requests};
use super::view::Account;
use crate::audit::Action;
use crate::{AnyConnection, Page, Result, organizations};

/// A request that nobody has answered yet.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    /// What is asked for, and by which organization.
    pub requested: Requested,
    /// Who asked; none for whoever had a connect link, and where the account or the key is gone.
    pub asked_by: Option<AskedBy>,
    /// The account that somebody logged in to, where another organization is connected to it already.
    pub held: Option<Account>,
}

/// Who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedBy {
    /// A person, by their e-mail address.
    Person(String),
    /// A program, by the name of its key.
    Program(String),
}

/// One page of the open requests, newest first.
///
/// # Errors
/// Those of the database.
pub fn open_requests(conn: &mut AnyConnection, page: Page) -> Result<Vec<OpenRequest>> {
    let found = requests(conn, page)?;
    let open = |requested: Requested| looked_into(conn, requested);
    found.into_iter().map(open).collect()
}

/// What an organization asks the operator for with one kind; `None` where it asks for nothing.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) for an unknown organization.
pub fn open_request(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<Option<OpenRequest>> {
    let organization_name = organizations::find(conn, organization)?.organization.name;
    let found = connections::find(conn, organization, kind)?;
    let Some(connection) = found.filter(|record| record.requested_at.is_some()) else {
        return Ok(None);
    };
    let requested = Requested {
        connection,
        organization_name,
    };
    looked_into(conn, requested).map(Some)
}

fn looked_into(conn: &mut AnyConnection, requested: Requested) -> Result<OpenRequest> {
    let record = &requested.connection;
    let held = grants::held(conn, record.organization, record.id)?
        .filter(|grant| grant.held == Some(Hold::HeldElsewhere));
    let asked = match held {
        Some(_) => Action::ConnectionHeld,
        None => Action::ConnectionRequested,
    };
    let asked_by = asked_by(conn, record, asked)?;
    let held = held.map(|grant| Account {
        id: grant.account_id,
        name: grant.account_name,
    });
    Ok(OpenRequest {
        requested,
        asked_by,
        held,
    })
}

/// The log knows who it was, by id alone.
fn asked_by(
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    asked: Action,
) -> Result<Option<AskedBy>> {
    let (organization, object) = (record.organization, format!("connection:{}", record.id));
    let Some(actor) = log::last_actor(conn, organization, asked.as_str(), &object)? else {
        return Ok(None);
    };
    let (kind, id) = actor.split_once(':').unwrap_or_default();
    Ok(match (kind, id.parse::<UserId>(), id.parse::<ApiKeyId>()) {
        ("user", Ok(user), _) => {
            users::find(conn, organization, user)?.map(|user| AskedBy::Person(user.email))
        }
        ("api_key", _, Ok(key)) => {
            api_keys::find(conn, organization, key)?.map(|key| AskedBy::Program(key.name))
        }
        _ => None,
    })
}
