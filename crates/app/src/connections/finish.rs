//! The way back from an ATS: who comes, what they bring, what becomes of it.

use chrono::TimeDelta;
use domain::{Arrival, ConnectionKind, GrantId, Hold, OrganizationId};
use storage::connections;
use storage::grants::{self, GrantRecord};
use storage::oauth_states::{self, Purpose, StateRecord};
use vault::{SecretToken, same_bytes, token_hash};

use super::application::{Application, Given, application};
use super::authorize::{is_offered, verifier};
use super::connect_links;
use super::facts::facts;
use super::look_around::{Seen, look_around};
use super::parting;
use super::requests::ask_to_let_through;
use super::take::{Taken, note, note_trouble, take};
use super::tokens::sealed;
use super::webhook::address;
use crate::audit::Action;
use crate::{AnyConnection, App, Error, Result, organizations};

/// How long a connection that is wrong can be ended by whoever made it without an account.
const UNDO_FOR: TimeDelta = TimeDelta::hours(1);

/// What a browser brings back from an ATS.
#[derive(Clone, Default)]
pub struct Callback {
    /// What [`authorize`](super::authorize) gave it.
    pub state: String,
    /// What is given for a grant.
    pub code: Option<String>,
    /// Why there is none, such as `access_denied`.
    pub error: Option<String>,
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Callback(error: {:?})", self.error)
    }
}

/// What became of it.
#[derive(Debug)]
pub struct Finished {
    /// To which ATS.
    pub kind: ConnectionKind,
    /// For whom.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    /// Was the way opened at the dashboard, by the session that is back?
    pub in_dashboard: bool,
    /// How it ended.
    pub outcome: Outcome,
}

/// How it ended.
#[derive(Debug)]
pub enum Outcome {
    /// Connected.
    Connected {
        /// What people call the account there, or its id.
        account: Option<String>,
        /// Ends the connection, for an hour and once; none where the person has a dashboard for that.
        undo: Option<SecretToken>,
        /// Is a webhook made there, whose switch a person has to put on?
        has_webhook: bool,
    },
    /// The grant waits for somebody to confirm it.
    Held {
        /// Who has to, and why.
        why: Hold,
        /// What people call the account there, or its id.
        account: Option<String>,
    },
    /// Nothing came of it: why, and what to do.
    Refused(String),
}

/// Takes in what came back from an ATS. Whatever it is, its `state` is looked at first and good for nothing afterwards.
///
/// # Errors
/// [`Error::NotFound`] for a `state` that is unknown, used, too old or another browser's; else those of the database.
pub async fn finish(
    app: &App,
    kind: ConnectionKind,
    callback: &Callback,
    session: Option<&[u8]>,
) -> Result<Finished> {
    let state = use_up(app, kind, &callback.state, session).await?;
    let organization = state.organization;
    let found = app.read(move |_, conn| organizations::find(conn, organization));
    let organization_name = found.await?.organization.name;
    let outcome = match bring(app, callback, &state).await? {
        Ok((given, verified)) => arrive(app, &state, given, verified).await?,
        Err(why) => Outcome::Refused(why),
    };
    Ok(Finished {
        kind,
        organization,
        organization_name,
        in_dashboard: state.session.is_some(),
        outcome,
    })
}

/// Ends a way back, whoever comes along it.
async fn use_up(
    app: &App,
    kind: ConnectionKind,
    state: &str,
    session: Option<&[u8]>,
) -> Result<StateRecord> {
    let hash = token_hash(state);
    let found = app
        .write(move |_, conn| {
            let Some(state) = oauth_states::find(conn, &hash)? else {
                return Ok(None);
            };
            Ok(oauth_states::end(conn, &state)?.then_some(state))
        })
        .await?;
    let now = app.now();
    found
        .filter(|state| same_bytes(&state.hash, &hash))
        .filter(|state| state.kind == kind && state.purpose == Purpose::Connect)
        .filter(|state| state.ends_at > now)
        .filter(|state| match (&state.session, session) {
            (Some(made_by), Some(back)) => same_bytes(made_by, back),
            (Some(_), None) => false,
            (None, _) => true,
        })
        .ok_or(Error::NotFound("way back from the ATS"))
}

/// A grant for what the browser brings, with what the ATS says of it; or why there is none.
async fn bring(
    app: &App,
    callback: &Callback,
    state: &StateRecord,
) -> Result<Result<(Given, Seen), String>> {
    let facts = facts(state.kind);
    if let Some(error) = &callback.error {
        return Ok(Err(refused_there(state.kind, error)));
    }
    let Some(code) = callback.code.as_deref().filter(|code| !code.is_empty()) else {
        return Ok(Err(format!(
            "{} sent neither a code nor a reason; {}",
            facts.people, facts.again
        )));
    };
    let known = state.clone();
    let verifier = app
        .read(move |app, conn| {
            is_offered(conn, known.organization, known.kind)?;
            verifier(app, conn, &known)
        })
        .await?;
    let ours = application(app, state.kind)?;
    let given = match ours.exchange(app.http(), code, verifier.as_ref()).await {
        Ok(given) => given,
        Err(error) if error.is_app_refused() => {
            tracing::error!(%error, ats = facts.people, "our application is not known there: look at its client id and secret");
            return Ok(Err(format!(
                "{} does not know this application; whoever runs this server has to look at the client id and secret",
                facts.people
            )));
        }
        Err(error) => return Ok(Err(format!("{error}; {}", facts.again))),
    };
    if let Some(lack) = lack(state.kind, &given, ours.scopes()) {
        give_away(app, ours, &given).await;
        return Ok(Err(lack));
    }
    let seen = look_around(app, state.organization, ours, &given).await;
    Ok(Ok((given, seen)))
}

fn refused_there(kind: ConnectionKind, error: &str) -> String {
    let facts = facts(kind);
    let as_whom = match kind {
        ConnectionKind::Lever => "a Super Admin",
        _ => "a Site Admin",
    };
    if error == "access_denied" {
        return match kind {
            ConnectionKind::Lever => "the permissions were not accepted at Lever; log in again as a Super Admin and press Accept".into(),
            _ => "the permissions were not accepted at Greenhouse; connect again as a Site Admin and press Authorize".into(),
        };
    }
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let word: String = error.chars().filter(plain).take(60).collect();
    format!(
        "{} answered `{word}`; {}, as {as_whom}",
        facts.people, facts.again
    )
}

/// What a grant would have to have and does not. Of Greenhouse's scopes some may be missing: that is said on the connection.
fn lack(kind: ConnectionKind, given: &Given, wanted: &[String]) -> Option<String> {
    let no_refresh_token = given.refresh_token.is_none();
    if kind != ConnectionKind::Lever {
        return no_refresh_token.then(|| {
            "Greenhouse granted access for an hour only, without a refresh token: whoever runs this server has to ask Greenhouse about its application"
                .to_owned()
        });
    }
    let needed: Vec<&str> = wanted
        .iter()
        .map(String::as_str)
        // Whether it was granted shows in the refresh token alone: some servers leave it out of the list.
        .filter(|scope| *scope != lever::scope::OFFLINE_ACCESS)
        .collect();
    let missing = lever::scope::missing(&needed, &given.scopes);
    if !missing.is_empty() {
        return Some(format!(
            "Lever did not grant {}; log in again and accept all permissions that are asked for",
            missing.join(", ")
        ));
    }
    no_refresh_token.then(|| {
        "Lever granted access for an hour only, without a refresh token: the application there has to be allowed `offline_access`, and `lever.scopes` has to name it"
            .to_owned()
    })
}

/// A grant that is not kept is given back, as well as that goes.
async fn give_away(app: &App, ours: Application<'_>, given: &Given) {
    let Some(token) = &given.refresh_token else {
        return;
    };
    if let Err(error) = ours.revoke(app.http(), token).await {
        tracing::info!(%error, "a grant that lacks something could not be given back");
    }
}

/// Judges and keeps a grant.
async fn arrive(app: &App, state: &StateRecord, given: Given, seen: Seen) -> Result<Outcome> {
    let state = state.clone();
    app.write(move |app, conn| {
        let mut record = connections::hold(conn, state.organization, state.kind, app.draw())?;
        let grant = record_of(app, &record, &given, &seen)?;
        let account = grant.account_name.clone().or(grant.account_id.clone());
        connect_links::use_up(conn, &state)?;
        make_way(app, conn, &record, &grant)?;
        match judge(conn, &record, &grant)? {
            Arrival::Held(why) => {
                let held = GrantRecord {
                    held: Some(why),
                    ..grant
                };
                grants::insert(conn, &held)?;
                note(
                    app,
                    conn,
                    &record,
                    "connection.held",
                    Action::ConnectionHeld,
                )?;
                if why == Hold::HeldElsewhere {
                    ask_to_let_through(app, conn, &mut record)?;
                }
                Ok(Outcome::Held { why, account })
            }
            Arrival::Taken { same_account } => {
                take(app, conn, &mut record, &grant, (Taken::New, same_account))?;
                if let Some(lacks) = &seen.lacks {
                    note_trouble(app, conn, state.organization, state.kind, Some(lacks))?;
                }
                let undo = match state.session {
                    Some(_) => None,
                    None => Some(way_to_undo(app, conn, &state, grant.id)?),
                };
                let has_webhook =
                    state.kind == ConnectionKind::Lever && address(app, &record).is_some();
                Ok(Outcome::Connected {
                    account,
                    undo,
                    has_webhook,
                })
            }
        }
    })
    .await
}

/// A grant that was held gives way to the one that arrives. Its account is left, unless another grant is for it.
fn make_way(
    app: &App,
    conn: &mut AnyConnection,
    record: &connections::ConnectionRecord,
    arriving: &GrantRecord,
) -> Result<()> {
    let (organization, connection) = (record.organization, record.id);
    let Some(before) = grants::held(conn, organization, connection)? else {
        return Ok(());
    };
    let in_use = grants::in_use(conn, organization, connection)?;
    let mut others = [Some(arriving), in_use.as_ref()].into_iter().flatten();
    if others.all(|other| parting::is_for_another(&before, other)) {
        parting::begin(app, conn, &before)?;
    }
    Ok(grants::forget(conn, organization, before.id)?)
}

fn record_of(
    app: &App,
    record: &connections::ConnectionRecord,
    given: &Given,
    seen: &Seen,
) -> Result<GrantRecord> {
    let (id, now) = (app.draw(), app.now());
    let tokens = sealed(app, (record.organization, id), given, None, now).ok_or(
        Error::Internal("a grant without a refresh token is refused before"),
    )?;
    Ok(GrantRecord {
        id,
        organization: record.organization,
        connection: record.id,
        kind: record.kind,
        held: None,
        lost_at: None,
        account_id: given.account_id.clone().or(seen.account_id.clone()),
        account_name: seen.account_name.clone(),
        granted_at: now,
        granted_at_there: seen.at,
        tokens,
        version: 1,
        lease: None,
        failing: None,
        told_ending: false,
    })
}

/// What a grant means for a connection as it is.
pub(super) fn judge(
    conn: &mut AnyConnection,
    record: &connections::ConnectionRecord,
    grant: &GrantRecord,
) -> Result<Arrival> {
    let (before, arriving) = (record.account_id.as_deref(), grant.account_id.as_deref());
    let ours_already = record.standing.goes_on(before == arriving);
    let elsewhere = match arriving {
        Some(account) if !ours_already => {
            connections::is_held_elsewhere(conn, record.organization, record.kind, account)?
        }
        _ => false,
    };
    Ok(Arrival::judge(before, arriving, elsewhere))
}

fn way_to_undo(
    app: &App,
    conn: &mut AnyConnection,
    made: &StateRecord,
    grant: GrantId,
) -> Result<SecretToken> {
    let token = SecretToken::generate(app.random());
    let state = StateRecord {
        hash: token.hash().to_vec(),
        purpose: Purpose::Undo(grant),
        ends_at: app.now() + UNDO_FOR,
        link: None,
        ..made.clone()
    };
    oauth_states::insert(conn, &state)?;
    Ok(token)
}

/// Ends a connection that whoever made it without an account says is wrong; answers the kind and the organization's name.
///
/// # Errors
/// [`Error::Gone`] for a token that is unknown, used or too old, and where the connection has another grant by now.
pub async fn undo(app: &App, token: &str) -> Result<(ConnectionKind, String)> {
    let hash = token_hash(token);
    let gone = || Error::Gone("button");
    let (state, name) = app
        .write(move |app, conn| {
            let state = oauth_states::find(conn, &hash)?.ok_or_else(gone)?;
            let Purpose::Undo(grant) = state.purpose else {
                return Err(gone());
            };
            let fresh = oauth_states::end(conn, &state)? && state.ends_at > app.now();
            let connection = connections::find(conn, state.organization, state.kind)?;
            let in_use = match &connection {
                Some(record) => grants::in_use(conn, record.organization, record.id)?,
                None => None,
            };
            if !fresh || in_use.is_none_or(|found| found.id != grant) {
                return Err(gone());
            }
            let name = organizations::find(conn, state.organization)?
                .organization
                .name;
            Ok((state, name))
        })
        .await?;
    super::disconnect(app, state.organization, state.kind).await?;
    Ok((state.kind, name))
}
