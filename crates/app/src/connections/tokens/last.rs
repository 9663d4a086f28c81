//! The last tokens of an account that a connection has left: kept until what was ours there is removed.

use std::sync::Arc;

use ats_http::StaticToken;
use chrono::TimeDelta;
use domain::ConnectionKind;
use secrecy::{ExposeSecret, SecretString};
use storage::grants::GrantRecord;
use storage::partings::{self, PartingRecord};
use storage::secrets::Place;

use super::open;
use crate::connections::application::{AuthError, application};
use crate::connections::parting::Stays;
use crate::{App, Error, Result, secrets};

/// What an account that was left can still be called with.
pub(in crate::connections) struct LastTokens {
    access: SecretString,
    refresh: SecretString,
}

impl LastTokens {
    /// Those of a grant in use, encrypted for the place where they wait from now on.
    ///
    /// # Errors
    /// [`Error::Secret`] where they cannot be read.
    pub(in crate::connections) fn moved(app: &App, grant: &GrantRecord) -> Result<String> {
        let (organization, id) = (grant.organization, grant.id);
        let tokens = &grant.tokens;
        let both = Self {
            access: open(
                app,
                &Place::AccessToken(organization, id),
                &tokens.access_token,
            )?,
            refresh: open(
                app,
                &Place::RefreshToken(organization, id),
                &tokens.refresh_token,
            )?,
        };
        Ok(both.sealed(app, &Place::PartingTokens(organization, id)))
    }

    /// Those that a call can be made with now: fetched where the access token is over, and kept before anything uses them.
    /// None where the account's people have ended the access themselves.
    ///
    /// # Errors
    /// Why there are none for now.
    pub(in crate::connections) async fn of(
        app: &App,
        parting: &PartingRecord,
    ) -> Result<Option<Self>, Stays> {
        let place = Place::PartingTokens(parting.organization, parting.id);
        let kept = Self::opened(app, &place, &parting.tokens)?;
        if app.now() < parting.access_ends_at {
            return Ok(Some(kept));
        }
        let given = match application(app, parting.kind)?
            .refresh(app.http(), &kept.refresh)
            .await
        {
            Ok(given) => given,
            Err(error) if error.is_invalid_grant() => return Ok(None),
            Err(error) => return Err(Stays::Access(error)),
        };
        let next = Self {
            refresh: given.refresh_token.unwrap_or(kept.refresh),
            access: given.access_token,
        };
        let life = TimeDelta::from_std(given.expires_in).unwrap_or(TimeDelta::hours(1));
        let (organization, id, ends_at) = (parting.organization, parting.id, app.now() + life);
        let tokens = next.sealed(app, &place);
        let kept = app
            .write(move |_, conn| Ok(partings::renew(conn, organization, id, &tokens, ends_at)?));
        kept.await?;
        Ok(Some(next))
    }

    /// What a client of the account signs in with.
    pub(in crate::connections) fn credential(&self) -> lever::Credential {
        lever::Credential::OAuth(Arc::new(StaticToken::new(self.access.clone())))
    }

    /// Gives the access back.
    ///
    /// # Errors
    /// Those of the authorization server.
    pub(in crate::connections) async fn give_back(
        &self,
        app: &App,
        kind: ConnectionKind,
    ) -> Result<(), AuthError> {
        match application(app, kind) {
            Ok(ours) => ours.revoke(app.http(), &self.refresh).await,
            Err(_) => Ok(()),
        }
    }

    fn sealed(&self, app: &App, place: &Place) -> String {
        // Neither holds a space: they came in a header or a form.
        let both = format!(
            "{} {}",
            self.access.expose_secret(),
            self.refresh.expose_secret()
        );
        let both = SecretString::from(both);
        secrets::seal(app, place, both.expose_secret().as_bytes())
    }

    fn opened(app: &App, place: &Place, text: &str) -> Result<Self> {
        let both = open(app, place, text)?;
        let halves = both.expose_secret().split_once(' ');
        let (access, refresh) = halves.ok_or(Error::Internal("two tokens are kept together"))?;
        Ok(Self {
            access: access.into(),
            refresh: refresh.into(),
        })
    }
}
