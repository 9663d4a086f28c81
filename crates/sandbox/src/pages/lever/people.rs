//! Users and stages of an account.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::lever::account::{ACCESS_ROLES, Stage, User};
use crate::lever::setup::{self, UserFields};
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/people", web::get().to(show))
        .route("/lever/accounts/{id}/users", web::post().to(add_user))
        .route(
            "/lever/accounts/{id}/users/deactivate",
            web::post().to(deactivate),
        )
        .route("/lever/accounts/{id}/stages", web::post().to(add_stage))
        .route(
            "/lever/accounts/{id}/stages/rename",
            web::post().to(rename_stage),
        )
        .route(
            "/lever/accounts/{id}/stages/delete",
            web::post().to(delete_stage),
        );
}

#[derive(Template)]
#[template(path = "lever/people.html")]
struct PeoplePage {
    frame: Frame,
    tabs: Tabs,
    users: Vec<User>,
    stages: Vec<Stage>,
    roles: [&'static str; 5],
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        Ok::<_, Refusal>(PeoplePage {
            frame: Frame::of(&shared, format!("Users and stages of {}", account.name)),
            tabs: Tabs::of(account, "Users and stages"),
            users: account.users.clone(),
            stages: account.stages.clone(),
            roles: ACCESS_ROLES,
        })
    })?;
    page(&template)
}

fn back(id: &str) -> String {
    format!("/lever/accounts/{id}/people")
}

async fn add_user(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let fields = UserFields {
        name: form.given("name"),
        email: form.given("email"),
        access_role: form.given("access_role"),
        deactivated: None,
    };
    act(&shared, &back(&id), |lever, now| {
        setup::add_user(lever, now, &id, fields).map(|_| ())
    })
}

async fn deactivate(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let fields = UserFields {
        deactivated: Some(form.text("deactivated") == "yes"),
        ..UserFields::default()
    };
    act(&shared, &back(&id), |lever, now| {
        setup::change_user(lever, now, form.text("user_id"), fields).map(|_| ())
    })
}

async fn add_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    let after = form.given("after");
    act(&shared, &back(&id), |lever, _| {
        setup::add_stage(lever, &id, form.text("text"), after.as_deref()).map(|_| ())
    })
}

async fn rename_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    act(&shared, &back(&id), |lever, _| {
        setup::rename_stage(lever, &id, form.text("stage_id"), form.text("text"))
    })
}

async fn delete_stage(shared: Data, id: Id, body: web::Bytes) -> Page {
    let form = Form::read(&body);
    act(&shared, &back(&id), |lever, _| {
        setup::delete_stage(lever, &id, form.text("stage_id"))
    })
}
