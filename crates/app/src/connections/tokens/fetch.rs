//! Next tokens, fetched from the authorization server of an ATS and kept.

use std::time::Duration;

use ats_http::TokenError;
use chrono::TimeDelta;
use domain::{GrantLife, Standing};
use secrecy::SecretString;
use storage::connections;
use storage::grants::{self, Failing, GrantRecord, Lease};
use storage::secrets::Place;

use super::{Because, GrantTokens, for_now, open, sealed};
use crate::audit::Action;
use crate::connections::application::{AuthError, Given, application};
use crate::connections::facts::facts;
use crate::connections::take;
use crate::jobs::{About, tell_admins};
use crate::{AnyConnection, App, Error, Result};

/// Between a refusal for good and the last look whether somebody else has newer tokens.
const SECOND_LOOK: Duration = Duration::from_secs(2);
/// How long, and how often, it is tried to keep what was fetched: once forgotten, the grant may be lost.
const KEEP_FOR: Duration = Duration::from_secs(20);
const KEEP_PAUSE: Duration = Duration::from_millis(500);
/// After how long it is tried again: doubled with each failure, up to the second.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(10);

impl GrantTokens {
    /// Fetches and keeps what follows the tokens of `grant`, under a lease.
    pub(super) async fn fetch(
        &self,
        grant: GrantRecord,
        lease: Lease,
        because: Because,
    ) -> Result<SecretString, TokenError> {
        tracing::debug!(connection = %self.connection, lease = %lease.holder, ?because, "fetches the next access token");
        match self.ask(&grant).await {
            Ok(given) => self.keep(&grant, &given, because).await,
            Err(Failure::Refused(error)) if error.is_invalid_grant() => {
                self.look_again(&grant, &error).await
            }
            Err(failure) => self.wait(&grant, &failure, because).await,
        }
    }

    /// Asks once more at once where no answer came, if that may still give the new tokens that were lost on the way. Greenhouse takes
    /// a token once: there the next try comes later, and is refused where the first one got through.
    async fn ask(&self, grant: &GrantRecord) -> Result<Given, Failure> {
        let place = Place::RefreshToken(self.organization, grant.id);
        let ours = application(&self.app, self.kind).map_err(Failure::Ours)?;
        let token = open(&self.app, &place, &grant.tokens.refresh_token).map_err(Failure::Ours)?;
        let first = ours.refresh(self.app.http(), &token).await;
        let given = match first {
            Err(error)
                if facts(self.kind).gives_the_same_again
                    && error.is_temporary()
                    && error.retry_after().is_none() =>
            {
                ours.refresh(self.app.http(), &token).await
            }
            other => other,
        };
        given.map_err(Failure::Refused)
    }

    async fn keep(
        &self,
        grant: &GrantRecord,
        given: &Given,
        because: Because,
    ) -> Result<SecretString, TokenError> {
        let before = Some(grant.tokens.refresh_token.as_str());
        let now = self.app.now();
        let mut tokens = sealed(&self.app, (self.organization, grant.id), given, before, now)
            .expect("the refresh token of before is there");
        tokens.after_refusal = because == Because::Refused;
        let life = GrantLife {
            rules: facts(self.kind).rules,
            granted_at: grant.granted_at,
            refreshed_at: now,
            failing_since: None,
        };
        let told = grant.told_ending && life.is_ending(now);
        let begun = tokio::time::Instant::now();
        loop {
            let (organization, id, version) = (self.organization, grant.id, grant.version);
            let next = tokens.clone();
            let kept = self.app.write(move |_, conn| {
                Ok(grants::renew(conn, organization, id, version, &next, told)?)
            });
            match kept.await {
                Ok(true) => return Ok(given.access_token.clone()),
                // Kept by a commit whose answer was lost, or by somebody who had the lease after us.
                Ok(false) => return self.access_token(&self.grant().await?),
                Err(Error::Storage(error)) if error.is_passing() && begun.elapsed() < KEEP_FOR => {
                    tokio::time::sleep(KEEP_PAUSE).await;
                }
                Err(error) => {
                    tracing::error!(connection = %self.connection, %error, "fetched tokens could not be kept and may be lost");
                    return Err(for_now(&error));
                }
            }
        }
    }

    /// The grant is dead only where nobody has followed its tokens meanwhile.
    async fn look_again(
        &self,
        grant: &GrantRecord,
        error: &AuthError,
    ) -> Result<SecretString, TokenError> {
        for pause in [Duration::ZERO, SECOND_LOOK] {
            tokio::time::sleep(pause).await;
            let now = self.grant().await?;
            if now.version != grant.version {
                return self.access_token(&now);
            }
        }
        tracing::warn!(connection = %self.connection, %error, "a grant is lost");
        let why = format!(
            "{} no longer accepts our access: it was revoked there, or has run out",
            facts(self.kind).people
        );
        Err(self.lose(grant, &why).await)
    }

    async fn wait(
        &self,
        grant: &GrantRecord,
        failure: &Failure,
        because: Because,
    ) -> Result<SecretString, TokenError> {
        let now = self.app.now();
        let times = grant.failing.map_or(0, |failing| failing.times) + 1;
        let asked = failure.retry_after().unwrap_or_default();
        let failing = Failing {
            since: grant.failing.map_or(now, |failing| failing.since),
            times,
            retry_at: now + wait_after(times).max(asked),
        };
        tracing::warn!(connection = %self.connection, times, error = %failure, "the next access token could not be fetched");
        let (organization, id, version) = (self.organization, grant.id, grant.version);
        self.app
            .write(move |_, conn| Ok(grants::put_off(conn, organization, id, version, failing)?))
            .await
            .map_err(|error| for_now(&error))?;
        self.make_do(grant, because, TokenError::Unavailable(failure.to_string()))
    }

    /// Says, once, that the grant is dead and a person has to log in again.
    pub(super) async fn lose(&self, grant: &GrantRecord, why: &str) -> TokenError {
        let (grant, detail) = (grant.clone(), why.to_owned());
        let lost = self
            .app
            .write(move |app, conn| lose(app, conn, &grant, &detail));
        match lost.await {
            Ok(()) => TokenError::Lost(why.to_owned()),
            Err(error) => for_now(&error),
        }
    }
}

/// The connection's row is held first, as whoever makes or ends a connection does, so that nobody waits for the other.
fn lose(app: &App, conn: &mut AnyConnection, grant: &GrantRecord, why: &str) -> Result<()> {
    let now = app.now();
    let mut record = connections::hold(conn, grant.organization, grant.kind, app.draw())?;
    if !grants::note_lost(conn, grant.organization, grant.id, grant.version, now)? {
        return Ok(());
    }
    record.standing = Standing::NeedsAttention;
    record.detail = Some(format!("{why}; {}", facts(grant.kind).again));
    connections::save(conn, &record)?;
    take::note(
        app,
        conn,
        &record,
        "connection.needs_attention",
        Action::ConnectionLost,
    )?;
    tell_admins(app, conn, &record, About::Lost)
}

/// How long after so many failures in a row.
fn wait_after(times: i32) -> TimeDelta {
    let doublings = times.clamp(1, 16) - 1;
    (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT)
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Refused(AuthError),
    #[error("{0}")]
    Ours(Error),
}

impl Failure {
    fn retry_after(&self) -> Option<TimeDelta> {
        match self {
            Self::Refused(error) => error
                .retry_after()
                .and_then(|wait| TimeDelta::from_std(wait).ok()),
            Self::Ours(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_minutes() {
        assert_eq!(wait_after(1), TimeDelta::seconds(2));
        assert_eq!(wait_after(4), TimeDelta::seconds(16));
        assert_eq!(wait_after(10), TimeDelta::minutes(10));
        assert_eq!(wait_after(i32::MAX), TimeDelta::minutes(10));
    }
}
