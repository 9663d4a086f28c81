//! Issuing, refreshing and revoking. Times are milliseconds by the sandbox's clock.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::app::App;
use super::grant::{ABSOLUTE_LIFE, AccessToken, Challenge, Grant, IDLE_LIFE, RefreshToken};
use super::scopes::OFFLINE_ACCESS;
use crate::lever::settings::{AfterRevoke, RefreshMode, Settings, WebhooksAfterRevoke};
use crate::lever::world::Lever;
use crate::secret::Secret;

/// Access tokens that expired longer ago than this are forgotten.
const REMEMBERED: i64 = 24 * 3_600 * 1_000;

/// Why the token endpoint refuses: status, OAuth's word, description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

impl Denial {
    pub(crate) fn new(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            error,
            description: description.into(),
        }
    }

    /// As Auth0 says it: 403, not 400.
    pub(crate) fn invalid_grant(description: &str) -> Self {
        Self::new(403, "invalid_grant", description)
    }
}

/// Redeems a code.
///
/// # Errors
/// The code is unknown, used, expired, for another app or redirect URI, or its PKCE verifier does not fit.
pub(crate) fn redeem(
    lever: &mut Lever,
    now: i64,
    app: &App,
    code: &str,
    redirect_uri: &str,
    verifier: Option<&str>,
    issuer: &str,
) -> Result<Value, Denial> {
    let refused = || Denial::invalid_grant("Invalid authorization code");
    let redeemed = lever.codes.remove(code).ok_or_else(refused)?;
    if redeemed.client_id != app.client_id || redeemed.expires_at < now {
        return Err(refused());
    }
    if redeemed.redirect_uri != redirect_uri {
        let why = "The redirect URI is wrong. It is not the one of the authorization request.";
        return Err(Denial::invalid_grant(why));
    }
    if !fits(redeemed.challenge.as_ref(), verifier) {
        return Err(Denial::invalid_grant("Failed to verify code verifier"));
    }
    let offline = redeemed.scopes.iter().any(|scope| scope == OFFLINE_ACCESS);
    let first = RefreshToken {
        token: Secret::draw(24),
        replaces: None,
        last_used_at: now,
        replaced_at: None,
    };
    let grant = Grant {
        id: lever.ids.draw(),
        client_id: redeemed.client_id,
        account_id: redeemed.account_id,
        user_id: redeemed.user_id,
        scopes: redeemed.scopes,
        granted_at: now,
        revoked_at: None,
        revoked_because: None,
        refresh_tokens: if offline { vec![first] } else { Vec::new() },
        refreshes: 0,
        refused_refreshes: 0,
        reuses: 0,
        last_refreshed_at: None,
    };
    let refresh_token = grant
        .refresh_tokens
        .first()
        .map(|first| first.token.clone());
    let id = grant.id.clone();
    lever.grants.insert(id.clone(), grant);
    Ok(issue(lever, now, &id, refresh_token, issuer))
}

fn fits(challenge: Option<&Challenge>, verifier: Option<&str>) -> bool {
    let Some(challenge) = challenge else {
        return true;
    };
    let Some(verifier) = verifier else {
        return false;
    };
    let hashed = || URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    if challenge.hashed {
        hashed() == challenge.challenge
    } else {
        verifier == challenge.challenge
    }
}

/// Refreshes, after the account's rule for refresh tokens.
///
/// # Errors
/// The token is unknown, replaced, expired or revoked.
pub(crate) fn refresh(
    lever: &mut Lever,
    now: i64,
    app: &App,
    token: &str,
    issuer: &str,
) -> Result<Value, Denial> {
    let refused = || Denial::invalid_grant("Unknown or invalid refresh token.");
    let (id, at) = find(lever, app, token).ok_or_else(refused)?;
    let settings = settings_of(lever, &id);
    let grant = lever.grants.get_mut(&id).ok_or_else(refused)?;
    if !may_refresh(grant, now, at, &settings) {
        grant.refused_refreshes += 1;
        return Err(refused());
    }
    grant.refreshes += 1;
    grant.last_refreshed_at = Some(now);
    let used = &mut grant.refresh_tokens[at];
    used.last_used_at = now;
    let next = (settings.refresh_mode != RefreshMode::Static).then(|| Secret::draw(24));
    if let Some(next) = &next {
        used.replaced_at.get_or_insert(now);
        grant.refresh_tokens.push(RefreshToken {
            token: next.clone(),
            replaces: Some(at),
            last_used_at: now,
            replaced_at: None,
        });
    }
    Ok(issue(lever, now, &id, next, issuer))
}

/// Grant and place of a refresh token.
fn find(lever: &Lever, app: &App, token: &str) -> Option<(String, usize)> {
    let grants = lever.grants.values();
    let of_app = grants.filter(|grant| grant.client_id == app.client_id);
    of_app.rev().find_map(|grant| {
        let mut family = grant.refresh_tokens.iter();
        let at = family.position(|known| known.token.0 == token)?;
        Some((grant.id.clone(), at))
    })
}

fn settings_of(lever: &Lever, grant_id: &str) -> Settings {
    let grant = lever.grants.get(grant_id);
    let account = grant.and_then(|grant| lever.accounts.get(&grant.account_id));
    account
        .map(|account| account.settings.clone())
        .unwrap_or_default()
}

/// Whether this token of the family may be used; where it was stolen, as it seems, the family ends.
fn may_refresh(grant: &mut Grant, now: i64, at: usize, settings: &Settings) -> bool {
    let token = &grant.refresh_tokens[at];
    if grant.revoked_at.is_some() || now - token.last_used_at > IDLE_LIFE {
        return false;
    }
    if now - grant.granted_at > ABSOLUTE_LIFE {
        return false;
    }
    let Some(replaced_at) = token.replaced_at else {
        return true;
    };
    grant.reuses += 1;
    let mut children = grant.refresh_tokens.iter();
    let child_was_used =
        children.any(|child| child.replaces == Some(at) && child.replaced_at.is_some());
    let let_off = match settings.refresh_mode {
        RefreshMode::Static => true,
        RefreshMode::RotateStrict => false,
        RefreshMode::RotateOverlap => {
            !child_was_used && now - replaced_at <= i64::from(settings.overlap_seconds) * 1_000
        }
    };
    if !let_off {
        grant.end(now, "A refresh token that had been replaced came again.");
    }
    let_off
}

/// A new access token, as the token endpoint answers it.
fn issue(
    lever: &mut Lever,
    now: i64,
    grant_id: &str,
    refresh_token: Option<Secret>,
    issuer: &str,
) -> Value {
    let seconds = settings_of(lever, grant_id).access_token_seconds;
    let expires_at = now + i64::from(seconds) * 1_000;
    lever
        .access_tokens
        .retain(|_, token| token.expires_at > now - REMEMBERED);
    let Some(grant) = lever.grants.get(grant_id) else {
        return Value::Null;
    };
    let access_token = jwt(grant, now, expires_at, issuer);
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "scope": grant.scopes.join(" "),
        "expires_in": seconds,
    });
    if let Some(token) = refresh_token {
        answer["refresh_token"] = token.0.into();
    }
    let issued = AccessToken {
        grant_id: grant_id.to_owned(),
        expires_at,
    };
    lever.access_tokens.insert(access_token, issued);
    answer
}

/// A token in the form of a JWT with the claims that Lever's have. Nobody but Lever can check its signature.
fn jwt(grant: &Grant, now: i64, expires_at: i64, issuer: &str) -> String {
    let claims = json!({
        "https://oauth.lever.co/userId": grant.user_id,
        "https://oauth.lever.co/accountId": grant.account_id,
        "https://oauth.lever.co/clientId": grant.client_id,
        "iss": issuer,
        "sub": format!("auth0|{}", grant.user_id),
        "aud": super::authorization::LEVERS_AUDIENCE,
        "iat": now / 1_000,
        "exp": expires_at / 1_000,
        "azp": grant.client_id,
        "scope": grant.scopes.join(" "),
    });
    let head = json!({"alg": "RS256", "typ": "JWT", "kid": "sandbox"});
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signature = URL_SAFE_NO_PAD.encode(Secret::draw(32).0);
    format!("{}.{}.{signature}", encode(&head), encode(&claims))
}

/// Ends the grant of a refresh token; one that is unknown is no error.
pub(crate) fn revoke_token(lever: &mut Lever, now: i64, app: &App, token: &str) {
    if let Some((id, _)) = find(lever, app, token) {
        end(lever, now, &id, "The app gave it back.", None);
    }
}

/// **Revoke Access**: ends the grants that an app, or every app, has of an account; how many were alive.
pub(crate) fn revoke_access(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    client_id: Option<&str>,
    access_tokens: Option<AfterRevoke>,
) -> usize {
    let of_account = lever
        .grants
        .values()
        .filter(|grant| grant.account_id == account_id);
    let wanted = of_account.filter(|grant| client_id.is_none_or(|id| id == grant.client_id));
    let live = wanted.filter(|grant| grant.revoked_at.is_none());
    let ids: Vec<String> = live.map(|grant| grant.id.clone()).collect();
    for id in &ids {
        end(
            lever,
            now,
            id,
            "A Super Admin revoked access.",
            access_tokens,
        );
    }
    ids.len()
}

fn end(lever: &mut Lever, now: i64, id: &str, why: &str, access_tokens: Option<AfterRevoke>) {
    let settings = settings_of(lever, id);
    let Some(grant) = lever.grants.get_mut(id) else {
        return;
    };
    grant.end(now, why);
    let (account_id, client_id) = (grant.account_id.clone(), grant.client_id.clone());
    let rule = access_tokens.unwrap_or(settings.access_tokens_after_revoke);
    if rule == AfterRevoke::DieNow {
        lever.access_tokens.retain(|_, token| token.grant_id != id);
    }
    if settings.webhooks_after_revoke == WebhooksAfterRevoke::Go {
        lever.webhooks.retain(|_, webhook| {
            webhook.account_id != account_id || webhook.client_id.as_deref() != Some(&client_id)
        });
    }
}

/// Lets the hour of every access token of an account be over; how many there were.
pub(crate) fn expire_access_tokens(lever: &mut Lever, now: i64, account_id: &str) -> usize {
    let grants = &lever.grants;
    let of_account = |token: &&mut AccessToken| {
        let grant = grants.get(&token.grant_id);
        grant.is_some_and(|grant| grant.account_id == account_id) && token.expires_at > now
    };
    let alive = lever.access_tokens.values_mut().filter(of_account);
    alive.map(|token| token.expires_at = now).count()
}
