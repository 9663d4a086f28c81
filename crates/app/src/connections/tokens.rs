//! The one file that sees tokens: what an ATS gave us is opened, renewed and kept here.
//!
//! Next tokens are fetched by one caller at a time, whatever the number of processes: within this one the others wait in line,
//! between processes the grant's row is leased. Whoever waited reads the row again. What is fetched is committed before
//! anything uses it, since the tokens before it may be dead from that moment on.

mod fetch;
mod last;

use std::fmt;
use std::time::Duration;

use ats_http::{AccessTokens, BoxFuture, TokenError};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionId, ConnectionKind, GrantId, OrganizationId};
use secrecy::{ExposeSecret, SecretString};
use storage::grants::{self, GrantRecord, Lease, Tokens};
use storage::secrets::Place;
use vault::same_secret;

use super::application::{Given, application};
use super::facts::facts;
use crate::{App, Error, Result, secrets};

pub(super) use last::LastTokens;

/// Longer than fetching may take: two calls of 15 seconds each, and keeping what they gave.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long, and how often, it is looked whether another process is done.
const PATIENCE: Duration = Duration::from_secs(25);
const LOOK: Duration = Duration::from_millis(100);
/// A token that is refused so soon after one was refused before it: the grant is dead.
const REFUSED_AGAIN: TimeDelta = TimeDelta::minutes(5);

/// The access tokens of one connection, as [`AccessTokens`] over the database.
#[derive(Clone)]
pub(super) struct GrantTokens {
    app: App,
    organization: OrganizationId,
    connection: ConnectionId,
    kind: ConnectionKind,
}

/// Why next tokens are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Because {
    /// Three quarters of the present one's life are over.
    OfAge,
    /// The grant was idle for long.
    Idle,
    /// The ATS refused the present one.
    Refused,
}

impl GrantTokens {
    /// Those of one connection.
    pub(super) fn of(
        app: &App,
        organization: OrganizationId,
        connection: ConnectionId,
        kind: ConnectionKind,
    ) -> Self {
        Self {
            app: app.clone(),
            organization,
            connection,
            kind,
        }
    }

    /// Fetches next tokens for a grant that was idle; answers whether it has them.
    pub(super) async fn keep_alive(&self, grant: &GrantRecord) -> bool {
        match self.renewed(grant, Because::Idle).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(connection = %self.connection, %error, "an idle grant could not be kept alive");
                false
            }
        }
    }

    async fn present(&self) -> Result<SecretString, TokenError> {
        let grant = self.grant().await?;
        if self.app.now() < grant.tokens.refresh_at {
            return self.access_token(&grant);
        }
        self.renewed(&grant, Because::OfAge).await
    }

    async fn after_refusal(&self, refused: SecretString) -> Result<SecretString, TokenError> {
        let grant = self.grant().await?;
        let present = self.access_token(&grant)?;
        if !same_secret(present.expose_secret(), refused.expose_secret()) {
            return Ok(present);
        }
        let tokens = &grant.tokens;
        if tokens.after_refusal && self.app.now() < tokens.refreshed_at + REFUSED_AGAIN {
            let why = format!(
                "{} refuses each access token that we fetch",
                facts(self.kind).people
            );
            return Err(self.lose(&grant, &why).await);
        }
        self.renewed(&grant, Because::Refused).await
    }

    /// The access token after those of `seen`, whoever fetches it.
    async fn renewed(
        &self,
        seen: &GrantRecord,
        because: Because,
    ) -> Result<SecretString, TokenError> {
        let flight = self.app.connections().flight(self.connection);
        let turn = match flight.clone().try_lock_owned() {
            Ok(turn) => turn,
            // Somebody is at it, and what there is will do meanwhile.
            Err(_) if self.will_do(seen, because) => return self.access_token(seen),
            Err(_) => flight.lock_owned().await,
        };
        let (tokens, version) = (self.clone(), seen.version);
        // A caller that goes away must not take fetched tokens with it.
        let fetching = tokio::spawn(async move {
            let renewed = tokens.take_turn(version, because).await;
            drop(turn);
            renewed
        });
        let cut_off = |_| TokenError::Unavailable("Baton is being stopped".into());
        fetching.await.map_err(cut_off)?
    }

    async fn take_turn(&self, version: i64, because: Because) -> Result<SecretString, TokenError> {
        let begun = tokio::time::Instant::now();
        loop {
            let grant = self.grant().await?;
            if grant.version != version {
                return self.access_token(&grant);
            }
            if let Some(why) = self.put_off(&grant) {
                return self.make_do(&grant, because, why);
            }
            if let Some(lease) = self.lease(&grant).await? {
                return self.fetch(grant, lease, because).await;
            }
            if self.will_do(&grant, because) {
                return self.access_token(&grant);
            }
            if begun.elapsed() > PATIENCE {
                let why = "another process has been fetching the next access token for too long";
                return Err(TokenError::Unavailable(why.into()));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Can the present access token be used until the next one is there?
    fn will_do(&self, grant: &GrantRecord, because: Because) -> bool {
        because != Because::Refused && self.app.now() < grant.tokens.access_ends_at
    }

    fn make_do(
        &self,
        grant: &GrantRecord,
        because: Because,
        why: TokenError,
    ) -> Result<SecretString, TokenError> {
        if because == Because::OfAge && self.will_do(grant, because) {
            return self.access_token(grant);
        }
        Err(why)
    }

    /// Fetching has failed, and it is not yet time to try again.
    fn put_off(&self, grant: &GrantRecord) -> Option<TokenError> {
        let failing = grant.failing?;
        (self.app.now() < failing.retry_at).then(|| {
            let since = failing.since.format("%H:%M UTC");
            TokenError::Unavailable(format!(
                "no access token could be fetched since {since}; it is tried again at {}",
                failing.retry_at.format("%H:%M:%S UTC")
            ))
        })
    }

    /// The right to fetch, where nobody else has it.
    async fn lease(&self, grant: &GrantRecord) -> Result<Option<Lease>, TokenError> {
        if grant
            .lease
            .is_some_and(|lease| lease.until <= self.app.now())
        {
            metrics_of_lost_flight();
            tracing::warn!(connection = %self.connection, "a process went away while it fetched tokens; what it was given may be lost");
        }
        let (organization, id, version) = (self.organization, grant.id, grant.version);
        let now = self.app.now();
        let lease = Lease {
            holder: self.app.draw(),
            until: now + LEASE,
        };
        let taken = self
            .app
            .write(move |_, conn| Ok(grants::lease(conn, organization, id, version, lease, now)?))
            .await
            .map_err(|error| for_now(&error))?;
        Ok(taken.then_some(lease))
    }

    /// The grant in use, if it is alive.
    async fn grant(&self) -> Result<GrantRecord, TokenError> {
        let (organization, connection) = (self.organization, self.connection);
        let found = self
            .app
            .read(move |_, conn| Ok(grants::in_use(conn, organization, connection)?))
            .await
            .map_err(|error| for_now(&error))?;
        match found {
            Some(grant) if grant.lost_at.is_none() => Ok(grant),
            Some(_) => Err(TokenError::Lost(
                "the access was refused for good; log in again".into(),
            )),
            None => Err(TokenError::Lost("the connection was ended".into())),
        }
    }

    fn access_token(&self, grant: &GrantRecord) -> Result<SecretString, TokenError> {
        let place = Place::AccessToken(self.organization, grant.id);
        open(&self.app, &place, &grant.tokens.access_token).map_err(|error| for_now(&error))
    }
}

impl AccessTokens for GrantTokens {
    fn current(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(self.present())
    }

    fn rejected(&self, token: SecretString) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(self.after_refusal(token))
    }
}

impl fmt::Debug for GrantTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GrantTokens(of {})", self.connection)
    }
}

/// Tokens that an ATS just gave for grant `id`, as they are kept; `before` is the refresh token that stays where none was given.
pub(super) fn sealed(
    app: &App,
    (organization, id): (OrganizationId, GrantId),
    given: &Given,
    before: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Tokens> {
    let access = Place::AccessToken(organization, id);
    let refresh = Place::RefreshToken(organization, id);
    let fresh = given.refresh_token.as_ref();
    let refresh_token = fresh
        .map(|token| seal(app, &refresh, token))
        .or_else(|| before.map(str::to_owned))?;
    let life = TimeDelta::from_std(given.expires_in).unwrap_or(TimeDelta::hours(1));
    Some(Tokens {
        access_token: seal(app, &access, &given.access_token),
        refresh_token,
        access_ends_at: now + life,
        refresh_at: now + life * 3 / 4,
        refreshed_at: now,
        after_refusal: false,
    })
}

/// Gives a grant back, as well as that goes: no ATS documents it.
pub(super) async fn give_back(app: &App, grant: &GrantRecord) {
    let place = Place::RefreshToken(grant.organization, grant.id);
    let token = open(app, &place, &grant.tokens.refresh_token);
    if let (Ok(ours), Ok(token)) = (application(app, grant.kind), token)
        && let Err(error) = ours.revoke(app.http(), &token).await
    {
        tracing::info!(%error, "a grant could not be given back; its tokens are erased here");
    }
}

fn seal(app: &App, place: &Place, token: &SecretString) -> String {
    secrets::seal(app, place, token.expose_secret().as_bytes())
}

fn open(app: &App, place: &Place, stored: &str) -> Result<SecretString> {
    let plain = secrets::open(app, place, stored)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Error::Internal("a token is text"))?;
    Ok(SecretString::from(text))
}

fn for_now(error: &Error) -> TokenError {
    TokenError::Unavailable(error.to_string())
}

fn metrics_of_lost_flight() {
    metrics::counter!("baton_connection_refreshes_lost_total").increment(1);
}
