//! Links with which somebody who has no account here connects an organization: the employer's Super Admin, say. Each kind of a
//! link is good until a grant came of it.

use chrono::TimeDelta;
use domain::{ConnectionKind, OrganizationId};
use serde_json::json;
use storage::connect_links::{self as store, ConnectLinkRecord};
use storage::oauth_states::StateRecord;
use url::Url;
use vault::{SecretToken, token_hash};

use super::authorize::{MadeBy, authorize};
use crate::audit::{self, Action};
use crate::{AnyConnection, App, Error, Result, organizations};

/// How long a link is good for where nothing is said.
const USUAL: i64 = 7 * 24 * 60 * 60;
/// The longest a link may be good for.
const LONGEST: i64 = 30 * 24 * 60 * 60;

/// What a link leads to.
#[derive(Debug, Clone)]
pub struct OpenLink {
    /// The organization that is connected.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// What it still connects to.
    pub kinds: Vec<ConnectionKind>,
}

/// Makes a link for `kinds`, good for `seconds` (a week where nothing is said); answers its address, shown this once.
///
/// # Errors
/// [`Error::Unprocessable`] for kinds that are not connected by sending a person there, and a time outside of a minute to 30 days.
pub fn create_link(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    kinds: &[ConnectionKind],
    seconds: Option<i64>,
) -> Result<Url> {
    let kinds = checked_kinds(kinds)?;
    let seconds = seconds.unwrap_or(USUAL);
    if !(60..=LONGEST).contains(&seconds) {
        let problem = "has to lie between 60 and 2592000 (30 days)";
        return Err(Error::fault("expires_in_seconds", problem));
    }
    let token = SecretToken::generate(app.random());
    let now = app.now();
    let link = ConnectLinkRecord {
        hash: token.hash().to_vec(),
        organization,
        kinds,
        made_at: now,
        ends_at: now + TimeDelta::seconds(seconds),
    };
    store::insert(conn, &link)?;
    let object = format!("organization:{organization}");
    let detail = json!({ "kinds": link.kinds, "ends_at": link.ends_at });
    audit::note(
        app,
        conn,
        Some(organization),
        Action::ConnectLinkMade,
        object,
        detail,
    )?;
    let mut url = app.config().public_url.clone();
    url.set_path(&format!("/connect/{}", token.expose()));
    Ok(url)
}

fn checked_kinds(kinds: &[ConnectionKind]) -> Result<Vec<ConnectionKind>> {
    let mut kinds = kinds.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(Error::fault("kinds", "is empty; name lever"));
    }
    if kinds.contains(&ConnectionKind::GreenhouseAssessment) {
        let problem = "holds greenhouse_assessment, which is connected with a key and not by a person who logs in";
        return Err(Error::fault("kinds", problem));
    }
    Ok(kinds)
}

/// What the link with this token leads to.
///
/// # Errors
/// [`Error::NotFound`] for an unknown token, [`Error::Gone`] for a link that is over or used up.
pub fn open_link(app: &App, conn: &mut AnyConnection, token: &str) -> Result<OpenLink> {
    let link = open(app, conn, token)?;
    let found = organizations::find(conn, link.organization)?;
    Ok(OpenLink {
        organization: link.organization,
        organization_name: found.organization.name,
        kinds: link.kinds,
    })
}

/// Where to send the browser of whoever has a link and wants to connect to `kind`.
///
/// # Errors
/// Those of [`open_link`] and [`authorize`]; [`Error::Gone`] where the link has led to that kind before.
pub fn follow_link(
    app: &App,
    conn: &mut AnyConnection,
    token: &str,
    kind: ConnectionKind,
) -> Result<Url> {
    let link = open(app, conn, token)?;
    if !link.kinds.contains(&kind) {
        return Err(Error::Gone("link"));
    }
    authorize(app, conn, link.organization, kind, &MadeBy::Link(link.hash))
}

fn open(app: &App, conn: &mut AnyConnection, token: &str) -> Result<ConnectLinkRecord> {
    let link = store::find(conn, &token_hash(token))?.ok_or(Error::NotFound("link"))?;
    if link.ends_at <= app.now() || link.kinds.is_empty() {
        return Err(Error::Gone("link"));
    }
    Ok(link)
}

/// A grant came of the link that opened this way back: it leads to its kind no more.
pub(super) fn use_up(conn: &mut AnyConnection, state: &StateRecord) -> Result<()> {
    let Some(hash) = &state.link else {
        return Ok(());
    };
    if let Some(link) = store::find(conn, hash)? {
        let left: Vec<_> = link
            .kinds
            .iter()
            .copied()
            .filter(|kind| *kind != state.kind)
            .collect();
        store::set_kinds(conn, &link, &left)?;
    }
    Ok(())
}
