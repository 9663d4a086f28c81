//! Apps, authorisation and grants.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Answer, Data, Id, created, ok, parse};
use crate::lever::auth::app::{self, NewApp};
use crate::lever::auth::authorization::{AuthorizationRequest, Turned};
use crate::lever::auth::tokens;
use crate::lever::settings::AfterRevoke;
use crate::lever::views;
use crate::refusal::Refusal;

pub(super) async fn apps(shared: Data) -> Answer {
    let all: Vec<Value> = shared.read(|world| world.lever.apps.values().map(views::app).collect());
    ok(json!({"apps": all}))
}

pub(super) async fn register(shared: Data, body: web::Bytes) -> Answer {
    let new: NewApp = parse(&body)?;
    let app = shared.change(|world, _| app::register(&mut world.lever, new))?;
    created(views::app(&app))
}

pub(super) async fn remove(shared: Data, id: Id) -> Answer {
    let gone = shared.change(|world, _| world.lever.apps.remove(id.as_str()));
    gone.ok_or_else(|| Refusal::unknown("app", &*id))?;
    ok(json!({}))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    #[default]
    Accept,
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorize {
    url: Url,
    account_id: String,
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    decision: Decision,
}

/// What the page does, without a browser.
pub(super) async fn authorize(shared: Data, body: web::Bytes) -> Answer {
    let order: Authorize = parse(&body)?;
    let request = AuthorizationRequest::of_query(order.url.query().unwrap_or_default());
    let audience = shared.link("/lever/v1/");
    let redirect_to = shared.change(|world, now| {
        let asked = match request.check(&world.lever, &audience) {
            Ok(asked) => asked,
            Err(Turned::Back(url)) => return Ok(url),
            Err(Turned::Away(why)) => return Err(Refusal::Conflict(why)),
        };
        match order.decision {
            Decision::Deny => Ok(request.deny()),
            Decision::Accept => {
                let (now, user) = (now.timestamp_millis(), order.user_id.as_deref());
                request.accept(&mut world.lever, now, &asked, &order.account_id, user)
            }
        }
    })?;
    ok(json!({"redirect_to": redirect_to}))
}

pub(super) async fn grants(shared: Data, id: Id) -> Answer {
    let now = shared.now().timestamp_millis();
    let grants = shared.read(|world| {
        let lever = &world.lever;
        lever.account(&id)?;
        let of_account = lever
            .grants
            .values()
            .filter(|grant| grant.account_id == *id);
        let shown = of_account.map(|grant| views::grant(lever, now, grant));
        Ok::<_, Refusal>(shown.collect::<Vec<_>>())
    })?;
    ok(json!({"grants": grants}))
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Revoke {
    client_id: Option<String>,
    access_tokens: Option<AfterRevoke>,
}

pub(super) async fn revoke(shared: Data, id: Id, body: web::Bytes) -> Answer {
    let order: Revoke = parse(&body)?;
    let revoked = shared.change(|world, now| {
        world.lever.account(&id)?;
        let (now, app) = (now.timestamp_millis(), order.client_id.as_deref());
        let rule = order.access_tokens;
        Ok::<_, Refusal>(tokens::revoke_access(&mut world.lever, now, &id, app, rule))
    })?;
    ok(json!({"revoked": revoked}))
}

pub(super) async fn expire(shared: Data, id: Id) -> Answer {
    let expired = shared.change(|world, now| {
        world.lever.account(&id)?;
        let now = now.timestamp_millis();
        Ok::<_, Refusal>(tokens::expire_access_tokens(&mut world.lever, now, &id))
    })?;
    ok(json!({"expired": expired}))
}
