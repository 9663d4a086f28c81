//! Issuing, refreshing, introspecting and ending.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::app::App;
use super::grant::{AccessToken, Grant};
use crate::harvest::settings::Expiry;
use crate::secret::Secret;
use crate::world::World;

/// Why the token endpoint refuses: status and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Denial {
    /// OAuth's form.
    pub(crate) fn word(status: u16, error: &str) -> Self {
        Self {
            status,
            body: json!({"error": error}),
        }
    }

    /// The gateway's form.
    pub(crate) fn message(status: u16, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self {
            status,
            body: json!({"message": message, "errorId": format!("err-{}", Secret::draw(6).0)}),
        }
    }

    fn invalid_grant() -> Self {
        Self::word(400, "invalid_grant")
    }
}

/// Redeems a code, which is used up by this whatever comes of it.
///
/// # Errors
/// The code is unknown, used, expired, for another app or redirect URI.
pub(crate) fn redeem(
    world: &mut World,
    now: DateTime<Utc>,
    app: &App,
    code: &str,
    redirect_uri: Option<&str>,
) -> Result<Value, Denial> {
    let redeemed = world.harvest.codes.remove(code);
    let redeemed = redeemed.ok_or_else(Denial::invalid_grant)?;
    let wrong_uri = redirect_uri.is_some_and(|uri| uri != redeemed.redirect_uri);
    if redeemed.client_id != app.client_id || redeemed.expires_at < now || wrong_uri {
        return Err(Denial::invalid_grant());
    }
    let grant = Grant {
        id: world.draw_id(),
        client_id: redeemed.client_id,
        organization_id: redeemed.organization_id,
        user_id: redeemed.user_id,
        scopes: redeemed.scopes,
        granted_at: now,
        ended_at: None,
        ended_because: None,
        refresh_tokens: Vec::new(),
        refresh_until: now,
        refreshes: 0,
        refused_refreshes: 0,
        reuses: 0,
    };
    Ok(issue(world, now, grant, true))
}

/// Gives the next pair for a refresh token, which is used up by this.
///
/// # Errors
/// The token is unknown, used, too old, or its grant has ended.
pub(crate) fn refresh(
    world: &mut World,
    now: DateTime<Utc>,
    app: &App,
    token: &str,
) -> Result<Value, Denial> {
    let mut grants = world.harvest.grants.values_mut();
    let of_app = |grant: &&mut Grant| {
        grant.client_id == app.client_id && grant.refresh_tokens.iter().any(|it| it.0 == token)
    };
    let grant = grants.find(of_app).ok_or_else(Denial::invalid_grant)?;
    let newest = grant.refresh_tokens.last().is_some_and(|it| it.0 == token);
    if !newest {
        grant.reuses += 1;
    }
    if !newest || !grant.is_live(now) {
        grant.refused_refreshes += 1;
        return Err(Denial::invalid_grant());
    }
    grant.refreshes += 1;
    let grant = grant.clone();
    Ok(issue(world, now, grant, true))
}

/// A token of an own credential, in the name of a user or of its service user.
///
/// # Errors
/// The app is a partner's, the user is unknown, or the credential may do nothing.
pub(crate) fn own(
    world: &mut World,
    now: DateTime<Utc>,
    app: &App,
    user: Option<&str>,
) -> Result<Value, Denial> {
    let refused = || Denial::word(400, "unauthorized_client");
    let organization_id = app.organization_id.ok_or_else(refused)?;
    if app.scopes.is_empty() {
        let why = "The OAuth 2.0 Client requests no scopes.";
        return Err(Denial::message(400, why));
    }
    let user_id = match user {
        Some(id) => {
            let id = id.parse().ok();
            let user = id.and_then(|id| world.harvest.user(organization_id, id));
            let user = user.filter(|user| !user.deactivated);
            user.ok_or_else(|| Denial::message(400, "The sub is no user."))?
                .id
        }
        None => service_user(world, now, app, organization_id),
    };
    let grant = Grant {
        id: world.draw_id(),
        client_id: app.client_id.clone(),
        organization_id,
        user_id,
        scopes: app.scopes.clone(),
        granted_at: now,
        ended_at: None,
        ended_because: None,
        refresh_tokens: Vec::new(),
        refresh_until: now,
        refreshes: 0,
        refused_refreshes: 0,
        reuses: 0,
    };
    Ok(issue(world, now, grant, false))
}

fn service_user(world: &mut World, now: DateTime<Utc>, app: &App, organization_id: u64) -> u64 {
    let name = format!("{} (integration)", app.name);
    let known = world
        .harvest
        .users_of(organization_id)
        .find(|user| user.service_account && user.name == name)
        .map(|user| user.id);
    match known {
        Some(id) => id,
        None => world.add_user(organization_id, &name, "", true, now),
    }
}

/// A new access token, and the next refresh token where there are any, as the token endpoint answers them.
fn issue(world: &mut World, now: DateTime<Utc>, mut grant: Grant, refreshable: bool) -> Value {
    let harvest = &mut world.harvest;
    let settings = harvest.settings_of(grant.organization_id);
    let expires_at = now + TimeDelta::seconds(settings.access_token_seconds.into());
    let token = format!("sim.at.{}", Secret::draw(24).0);
    let mut answer = json!({"token_type": "Bearer", "access_token": token});
    if refreshable {
        let next = Secret(format!("sim.rt.{}", Secret::draw(24).0));
        answer["refresh_token"] = next.0.clone().into();
        grant.refresh_tokens.push(next);
        grant.refresh_until = now + TimeDelta::seconds(settings.refresh_token_seconds.into());
    }
    if matches!(settings.expiry, Expiry::At | Expiry::Both) {
        let at = expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        answer["expires_at"] = at.into();
    }
    if matches!(settings.expiry, Expiry::In | Expiry::Both) {
        answer["expires_in"] = settings.access_token_seconds.into();
    }
    harvest
        .access_tokens
        .retain(|_, token| token.expires_at > now);
    let issued = AccessToken {
        grant_id: grant.id,
        expires_at,
    };
    harvest.access_tokens.insert(token, issued);
    harvest.grants.insert(grant.id, grant);
    answer
}

/// What a token is good for.
pub(crate) fn introspect(world: &World, now: DateTime<Utc>, app: &App, token: &str) -> Value {
    let harvest = &world.harvest;
    let issued = harvest.access_tokens.get(token);
    let issued = issued.filter(|issued| issued.expires_at > now);
    let grant = issued.and_then(|issued| harvest.grants.get(&issued.grant_id));
    let Some(grant) = grant.filter(|grant| grant.client_id == app.client_id) else {
        return json!({"active": false});
    };
    let organization = world.organizations.get(&grant.organization_id);
    let user = harvest.user(grant.organization_id, grant.user_id);
    json!({
        "active": true,
        "client_id": grant.client_id,
        "sub": grant.user_id.to_string(),
        "scope": grant.scopes.join(" "),
        "https://auth.greenhouse.io/claims": {
            "organization": {
                "id": grant.organization_id,
                "name": organization.map(|it| it.name.as_str()),
            },
            "user_role": if user.is_some_and(|user| user.site_admin) { "site_admin" } else { "basic" },
        },
    })
}

/// The customer removes an app, or every app: how many of its grants were alive.
pub(crate) fn revoke(
    world: &mut World,
    now: DateTime<Utc>,
    organization_id: u64,
    client_id: Option<&str>,
) -> usize {
    let harvest = &mut world.harvest;
    let live_on = harvest.settings_of(organization_id).access_tokens_live_on;
    let wanted = harvest.grants.values_mut().filter(|grant| {
        grant.organization_id == organization_id
            && grant.ended_at.is_none()
            && client_id.is_none_or(|id| id == grant.client_id)
    });
    let ended: Vec<u64> = wanted
        .map(|grant| {
            grant.end(now, "The customer removed the app.");
            grant.id
        })
        .collect();
    if !live_on {
        let tokens = &mut harvest.access_tokens;
        tokens.retain(|_, token| !ended.contains(&token.grant_id));
    }
    ended.len()
}

/// Lets the hour of every access token of an organization be over; how many there were.
pub(crate) fn expire(world: &mut World, now: DateTime<Utc>, organization_id: u64) -> usize {
    let harvest = &mut world.harvest;
    let grants = &harvest.grants;
    let of_organization = |token: &&mut AccessToken| {
        let grant = grants.get(&token.grant_id);
        grant.is_some_and(|grant| grant.organization_id == organization_id)
            && token.expires_at > now
    };
    let alive = harvest.access_tokens.values_mut().filter(of_organization);
    alive.map(|token| token.expires_at = now).count()
}
