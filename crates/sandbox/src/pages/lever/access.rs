//! Settings › Integrations and API › Authorized Apps.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page, time};
use crate::lever::auth::grant::Grant;
use crate::lever::auth::{scopes, tokens};
use crate::lever::settings::AfterRevoke;
use crate::lever::world::Lever;
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/apps", web::get().to(show))
        .route("/lever/accounts/{id}/apps/revoke", web::post().to(revoke));
}

struct GrantCard {
    app: String,
    client_id: String,
    user: String,
    granted: String,
    permissions: Vec<String>,
    refreshes: String,
    ended: Option<String>,
}

#[derive(Template)]
#[template(path = "lever/apps.html")]
struct AppsPage {
    frame: Frame,
    tabs: Tabs,
    grants: Vec<GrantCard>,
    lives_out: bool,
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let newest = world.lever.grants.values().rev();
        let theirs = newest.filter(|grant| grant.account_id == *id);
        Ok::<_, Refusal>(AppsPage {
            frame: Frame::followed(&shared, format!("Authorized apps of {}", account.name)),
            tabs: Tabs::of(account, "Authorized apps"),
            grants: theirs.map(|grant| card(&world.lever, grant)).collect(),
            lives_out: account.settings.access_tokens_after_revoke == AfterRevoke::LiveOut,
        })
    })?;
    page(&template)
}

fn card(lever: &Lever, grant: &Grant) -> GrantCard {
    let app = lever.apps.get(&grant.client_id);
    let account = lever.accounts.get(&grant.account_id);
    let user = account.and_then(|account| account.user(&grant.user_id).ok());
    let refreshes = match grant.refreshes {
        0 => "Never refreshed".to_owned(),
        1 => "Refreshed once".to_owned(),
        times => format!("Refreshed {times} times"),
    };
    let last = grant
        .last_refreshed_at
        .map(|at| format!(", last {}", time(at)));
    GrantCard {
        app: app.map_or_else(|| "An app that is gone".to_owned(), |app| app.name.clone()),
        client_id: grant.client_id.clone(),
        user: user.map(|user| user.name.clone()).unwrap_or_default(),
        granted: time(grant.granted_at),
        permissions: grant
            .scopes
            .iter()
            .map(|scope| scopes::words(scope))
            .collect(),
        refreshes: format!("{refreshes}{}", last.unwrap_or_default()),
        ended: grant.revoked_at.map(|at| {
            format!(
                "{} {}",
                time(at),
                grant.revoked_because.as_deref().unwrap_or_default()
            )
        }),
    }
}

async fn revoke(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let rule = match form.text("access_tokens") {
        "live_out" => AfterRevoke::LiveOut,
        _ => AfterRevoke::DieNow,
    };
    act(
        &shared,
        &format!("/lever/accounts/{id}/apps"),
        |lever, now| {
            lever.account(&id)?;
            tokens::revoke_access(lever, now, &id, Some(form.text("client_id")), Some(rule));
            Ok(())
        },
    )
}
