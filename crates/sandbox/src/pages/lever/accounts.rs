//! All accounts, and the apps that are registered with Lever.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Page, act, page, refused, see_other};
use crate::lever::auth::app::{self, App, Environment, NewApp};
use crate::lever::setup;
use crate::lever::world::Lever;
use crate::secret::Secret;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever", web::get().to(show))
        .route("/lever/accounts", web::post().to(add))
        .route("/lever/apps", web::post().to(register))
        .route("/lever/apps/{id}/remove", web::post().to(remove));
}

/// An account on a list.
pub(crate) struct AccountLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) people: usize,
    pub(crate) apps: String,
}

/// All accounts, with the apps that have access.
pub(crate) fn account_lines(lever: &Lever) -> Vec<AccountLine> {
    let accounts = lever.accounts.values().map(|account| {
        let mut apps: Vec<&str> = Vec::new();
        for grant in lever.grants.values() {
            let app = lever
                .apps
                .get(&grant.client_id)
                .map(|app| app.name.as_str());
            let open = grant.account_id == account.id && grant.revoked_at.is_none();
            if let Some(name) = app.filter(|name| open && !apps.contains(name)) {
                apps.push(name);
            }
        }
        AccountLine {
            id: account.id.clone(),
            name: account.name.clone(),
            people: lever.opportunities_of(&account.id).count(),
            apps: apps.join(", "),
        }
    });
    accounts.collect()
}

#[derive(Template)]
#[template(path = "lever/accounts.html")]
struct AccountsPage {
    frame: Frame,
    accounts: Vec<AccountLine>,
    apps: Vec<App>,
    addresses: [(&'static str, String); 4],
}

async fn show(shared: Data) -> Page {
    let (accounts, apps) = shared.read(|world| {
        let apps = world.lever.apps.values().cloned().collect();
        (account_lines(&world.lever), apps)
    });
    page(&AccountsPage {
        frame: Frame::of(&shared, "Lever"),
        accounts,
        apps,
        addresses: [
            ("Data API", shared.link("/lever/v1")),
            ("Authorise", shared.link("/lever/auth/authorize")),
            ("Token", shared.link("/lever/auth/oauth/token")),
            ("Audience", shared.link("/lever/v1/")),
        ],
    })
}

async fn add(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let made = shared.change(|world, now| {
        let settings = serde_json::Map::new();
        let now = now.timestamp_millis();
        setup::create_account(&mut world.lever, now, form.text("name"), settings)
    });
    match made {
        Ok(id) => see_other(&format!("/lever/accounts/{id}")),
        Err(refusal) => refused(&refusal, "/lever"),
    }
}

async fn register(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let new = NewApp {
        name: form.owned("name"),
        redirect_uris: form.given("redirect_uri").into_iter().collect(),
        client_id: form.given("client_id"),
        client_secret: form.given("client_secret").map(Secret),
        environment: Environment::Production,
    };
    act(&shared, "/lever", |lever, _| {
        app::register(lever, new).map(|_| ())
    })
}

async fn remove(shared: Data, id: super::Id) -> Page {
    act(&shared, "/lever", |lever, _| {
        lever.apps.remove(id.as_str());
        Ok(())
    })
}
