//! The way to an ATS, where a person lets us in.

use chrono::TimeDelta;
use domain::{ConnectionKind, OrganizationId};
use secrecy::SecretString;
use storage::oauth_states::{self, Purpose, StateRecord};
use storage::{connections, organizations};
use url::Url;
use vault::SecretToken;

use super::application::application;
use super::facts::uses_verifier;
use crate::links::Links;
use crate::{AnyConnection, App, Error, Result};

/// How long a person may take at the ATS.
const OPEN_FOR: TimeDelta = TimeDelta::minutes(10);

/// Who sends the person to the ATS; the way back is bound to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeBy {
    /// The organization's own program: its key.
    Key,
    /// Somebody at the dashboard: SHA-256 of the session's token.
    Session(Vec<u8>),
    /// Whoever has a connect link: SHA-256 of its token.
    Link(Vec<u8>),
}

/// Opens a way to an ATS; answers where to send the person's browser. It is good for ten minutes and one use.
///
/// # Errors
/// [`Error::Conflict`] for what is not connected this way, what the operator has not switched on for the organization, and where
/// no client id is set: the message names the setting.
pub fn authorize(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
    made_by: &MadeBy,
) -> Result<Url> {
    is_authorized_there(kind)?;
    is_offered(conn, organization, kind)?;
    let ours = application(app, kind)?;
    let state = SecretToken::generate(app.random());
    let (session, link) = match made_by {
        MadeBy::Key => (None, None),
        MadeBy::Session(hash) => (Some(hash.clone()), None),
        MadeBy::Link(hash) => (None, Some(hash.clone())),
    };
    let record = StateRecord {
        hash: state.hash().to_vec(),
        organization,
        kind,
        purpose: Purpose::Connect,
        session,
        link,
        ends_at: app.now() + OPEN_FOR,
    };
    oauth_states::insert(conn, &record)?;
    let verifier = verifier(app, conn, &record)?;
    Ok(ours.authorize_url(state.expose(), verifier.as_ref()))
}

/// What a code is bound to, where that is switched on. It follows from the organization's link key, so that nothing of it is
/// kept while the person is away.
pub(super) fn verifier(
    app: &App,
    conn: &mut AnyConnection,
    state: &StateRecord,
) -> Result<Option<SecretString>> {
    if !uses_verifier(app, state.kind) {
        return Ok(None);
    }
    let organization =
        organizations::find(conn, state.organization)?.ok_or(Error::NotFound("organization"))?;
    let verifier = Links::of(app, &organization)?.code_verifier(&state.hash);
    Ok(Some(verifier.into()))
}

/// Is a kind connected by sending a person there?
fn is_authorized_there(kind: ConnectionKind) -> Result<()> {
    match kind {
        ConnectionKind::Lever | ConnectionKind::GreenhouseHarvest => Ok(()),
        ConnectionKind::GreenhouseAssessment => {
            let message = "Greenhouse calls us, with a key: make one of kind greenhouse_assessment and give it to Greenhouse";
            Err(Error::conflict("connected_by_key", message))
        }
    }
}

/// Has the operator switched a kind on for the organization?
pub(super) fn is_offered(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kind: ConnectionKind,
) -> Result<()> {
    let found = connections::find(conn, organization, kind)?;
    if found.is_none_or(|record| record.offered) {
        return Ok(());
    }
    let message = format!(
        "{} is not switched on for this organization; request its setup",
        kind.title()
    );
    Err(Error::conflict("not_offered", message))
}
