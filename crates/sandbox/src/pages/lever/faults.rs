//! Faults of an account's API, and the calls that were counted.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::lever::faults::CALLS;
use crate::lever::views;
use crate::pages::{Choice, fault_form};
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/accounts/{id}/faults", web::get().to(show))
        .route("/lever/accounts/{id}/faults", web::post().to(set));
}

#[derive(Template)]
#[template(path = "lever/faults.html")]
struct FaultsPage {
    frame: Frame,
    tabs: Tabs,
    action: String,
    fault: Option<String>,
    kinds: Vec<Choice>,
    calls: String,
    refused: String,
    largest: String,
    now: String,
}

fn address(id: &str) -> String {
    format!("/lever/accounts/{id}/faults")
}

async fn show(shared: Data, id: Id) -> Page {
    let now = shared.now().format("%-d %b %Y, %H:%M:%S UTC").to_string();
    let template = shared.read(|world| {
        let account = world.lever.account(&id)?;
        let counted = views::allowance(account);
        Ok::<_, Refusal>(FaultsPage {
            frame: Frame::of(&shared, format!("Faults of {}", account.name)),
            tabs: Tabs::of(account, "Faults"),
            action: address(&id),
            fault: account.faults.words(),
            kinds: fault_form::kinds(),
            calls: counted["calls"].to_string(),
            refused: counted["refused"].to_string(),
            largest: counted["largest_second"].to_string(),
            now,
        })
    })?;
    page(&template)
}

async fn set(shared: Data, id: Id, body: web::Bytes) -> Page {
    let faults = fault_form::read(&Form::read(&body));
    act(&shared, &address(&id), |lever, _| {
        faults.check(CALLS)?;
        lever.account_mut(&id)?.faults = faults;
        Ok(())
    })
}
