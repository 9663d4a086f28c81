//! What an ATS says of a grant that has just been given: whose account it is for, and whether it can do what we need.

use std::sync::Arc;
use std::time::Duration;

use ats_http::StaticToken;
use chrono::{DateTime, Utc};
use domain::OrganizationId;
use futures_util::TryStreamExt;
use greenhouse_harvest::oauth::{Introspection, OAuthError};
use greenhouse_harvest::{Client, UserFilter, scope};
use secrecy::SecretString;

use super::application::{Application, Given};
use super::harvest::{harvest_with, not_allowed};
use super::lever::client_with;
use crate::App;

/// How long it may take: the grant is kept in any case.
const PATIENCE: Duration = Duration::from_secs(8);

/// What was seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// For which account it is, where the tokens do not say themselves.
    pub(super) account_id: Option<String>,
    /// What people call the account, or whoever let us in.
    pub(super) account_name: Option<String>,
    /// The time there.
    pub(super) at: Option<DateTime<Utc>>,
    /// What it cannot do, for people.
    pub(super) lacks: Option<String>,
}

/// Looks around under a new grant.
pub(super) async fn look_around(
    app: &App,
    organization: OrganizationId,
    ours: Application<'_>,
    given: &Given,
) -> Seen {
    let looking = async {
        match ours {
            Application::Lever(_) => at_lever(app, organization, given).await,
            Application::Harvest(_) => at_greenhouse(app, organization, ours, given).await,
        }
    };
    let seen = tokio::time::timeout(PATIENCE, looking).await;
    seen.unwrap_or_default()
}

async fn at_lever(app: &App, organization: OrganizationId, given: &Given) -> Seen {
    let token: SecretString = given.access_token.clone();
    let credential = lever::Credential::OAuth(Arc::new(StaticToken::new(token)));
    let client = client_with(app, organization, credential);
    let at = client.stages_dated().await.ok().and_then(|it| it.sent_at);
    let user = match &given.user_id {
        Some(id) => client.user(&id.as_str().into()).await.ok(),
        None => None,
    };
    Seen {
        account_name: user.map(|user| called(&user)),
        at: at.map(DateTime::<Utc>::from),
        ..Seen::default()
    }
}

/// Lever has no name for an account; people know it by who let us in.
fn called(user: &lever::User) -> String {
    match &user.email {
        Some(email) if user.name.is_empty() => email.clone(),
        Some(email) => format!("{} ({email})", user.name),
        None => user.name.clone(),
    }
}

/// Whose account it is is asked first: that is what keeps two organizations apart.
async fn at_greenhouse(
    app: &App,
    organization: OrganizationId,
    ours: Application<'_>,
    given: &Given,
) -> Seen {
    let told = introspected(app, &given.access_token).await;
    let told = told.unwrap_or_else(|error| {
        tracing::warn!(%error, "Greenhouse did not say whose account a grant is for");
        None
    });
    let scopes = match &told {
        Some(told) if !told.scopes.is_empty() => &told.scopes,
        _ => &given.scopes,
    };
    let tokens = Arc::new(StaticToken::new(given.access_token.clone()));
    let client = harvest_with(app, organization, tokens);
    let at = client.server_time().await.ok().flatten();
    let lacks = match not_granted(ours.scopes(), scopes) {
        Some(lack) => Some(lack),
        None => cannot_read(&client).await,
    };
    Seen {
        account_id: told.as_ref().and_then(account_of),
        account_name: told.and_then(|told| told.organization_name),
        at: at.map(DateTime::<Utc>::from),
        lacks,
    }
}

/// What Greenhouse says of an access token; none for one that is no longer good, or where no application is set.
///
/// # Errors
/// Those of Greenhouse.
pub(super) async fn introspected(
    app: &App,
    token: &SecretString,
) -> Result<Option<Introspection>, OAuthError> {
    let Some(ours) = &app.config().harvest.oauth else {
        return Ok(None);
    };
    let told = ours.introspect(app.http(), token).await?;
    Ok(told.active.then_some(told))
}

/// The account's id as it is kept.
pub(super) fn account_of(told: &Introspection) -> Option<String> {
    told.organization_id.map(|id| id.to_string())
}

fn not_granted(asked: &[String], granted: &[String]) -> Option<String> {
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let missing = scope::missing(&asked, granted);
    (!missing.is_empty()).then(|| {
        format!(
            "Greenhouse did not grant {}: what needs that does not work until somebody connects again and accepts all permissions",
            missing.join(", ")
        )
    })
}

/// Only a Site Admin may read lists; others get a refusal, or nothing at all.
pub(super) async fn cannot_read(client: &Client) -> Option<String> {
    let first = UserFilter::new().page_size(1);
    match client.list(&first).try_next().await {
        Ok(None) => Some(not_allowed("read anything")),
        Err(error) if error.is_forbidden() => Some(not_allowed("read lists")),
        Ok(Some(_)) | Err(_) => None,
    }
}
