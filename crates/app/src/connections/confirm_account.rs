//! A grant for another account than before is taken, or not, by somebody who knows.

use domain::{ConnectionKind, Hold, OrganizationId};
use storage::connections::{self, ConnectionRecord};
use storage::grants::{self, GrantRecord};

use super::take::{Taken, take};
use crate::{AnyConnection, App, Error, Result};

/// Takes the grant that is held, for the account it is for. What was chosen for the account before stays: trigger stages that
/// the new one does not have are marked as missing.
///
/// # Errors
/// [`Error::Conflict`] where none is held, and where an operator has to decide.
pub fn confirm_account(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    let held = grants::held(conn, organization, record.id)?.ok_or_else(nothing_held)?;
    match why_held(conn, &held)? {
        Hold::HeldElsewhere => {
            let message = "this account is connected to another organization already: whoever runs this server has to let it through";
            Err(Error::conflict("operator_decides", message))
        }
        Hold::AnotherAccount => release(app, conn, &mut record, &held, Taken::Held),
        Hold::LetThrough => release(app, conn, &mut record, &held, Taken::LetThrough),
    }
}

/// Why a held grant is held as things are now: another organization may have become connected to its account since it came.
///
/// # Errors
/// Those of the database.
pub(super) fn why_held(conn: &mut AnyConnection, held: &GrantRecord) -> Result<Hold> {
    let why = held.held.unwrap_or(Hold::AnotherAccount);
    let elsewhere = match &held.account_id {
        Some(account) if why == Hold::AnotherAccount => {
            connections::is_held_elsewhere(conn, held.organization, held.kind, account)?
        }
        _ => false,
    };
    Ok(if elsewhere { Hold::HeldElsewhere } else { why })
}

/// Takes a held grant into use.
pub(super) fn release(
    app: &App,
    conn: &mut AnyConnection,
    record: &mut ConnectionRecord,
    held: &GrantRecord,
    taken: Taken,
) -> Result<()> {
    let same = held.account_id.is_some() && held.account_id == record.account_id;
    take(app, conn, record, held, (taken, same))
}

fn nothing_held() -> Error {
    let message = "no account waits to be confirmed; log in first";
    Error::conflict("nothing_to_confirm", message)
}
