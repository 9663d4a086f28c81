//! The apps that Greenhouse issued a client id to.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Page, act, page};
use crate::harvest::auth::app::{self, App, NewApp};
use crate::harvest::{API, AUTH};
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::shared::Shared;

const PATH: &str = "/harvest";

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route(PATH, web::get().to(show))
        .route("/harvest/apps", web::post().to(register))
        .route("/harvest/apps/{id}/remove", web::post().to(remove));
}

#[derive(Template)]
#[template(path = "harvest/apps.html")]
struct AppsPage {
    frame: Frame,
    apps: Vec<App>,
    addresses: [(&'static str, String); 3],
}

async fn show(shared: Data) -> Page {
    let apps = shared.read(|world| world.harvest.apps.values().cloned().collect());
    page(&AppsPage {
        frame: Frame::of(&shared, "Harvest apps"),
        apps,
        addresses: addresses(&shared),
    })
}

fn addresses(shared: &Shared) -> [(&'static str, String); 3] {
    let base = API.trim_end_matches("/v3");
    [
        ("Harvest, before the /v3", shared.link(base)),
        ("Authorization", shared.link(AUTH)),
        ("Token endpoint", shared.link(&format!("{AUTH}/token"))),
    ]
}

async fn register(shared: Data, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let new = NewApp {
        name: form.owned("name"),
        redirect_uris: form.given("redirect_uri").into_iter().collect(),
        scopes: Vec::new(),
        organization_id: None,
        client_id: form.given("client_id"),
        client_secret: form.given("client_secret").map(Secret),
    };
    act(&shared, PATH, |world, _| {
        app::register(world, new).map(drop)
    })
}

async fn remove(shared: Data, id: web::Path<String>) -> Page {
    act(&shared, PATH, |world, _| {
        let gone = world.harvest.apps.remove(id.as_str());
        gone.map(drop)
            .ok_or_else(|| Refusal::unknown("app", id.as_str()))
    })
}
