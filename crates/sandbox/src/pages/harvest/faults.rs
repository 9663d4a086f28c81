//! Faults of an organization's Harvest, and the calls that were counted.

use actix_web::web;
use askama::Template;

use super::{Data, Form, Frame, Id, Page, Tabs, act, page};
use crate::harvest::faults::CALLS;
use crate::pages::{Choice, fault_form};
use crate::refusal::Refusal;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/organizations/{id}/harvest-faults", web::get().to(show))
        .route("/organizations/{id}/harvest-faults", web::post().to(set));
}

#[derive(Template)]
#[template(path = "harvest/faults.html")]
struct FaultsPage {
    frame: Frame,
    tabs: Tabs,
    action: String,
    fault: Option<String>,
    kinds: Vec<Choice>,
    calls: u64,
    refused: u64,
    largest: u32,
    now: String,
}

fn address(id: u64) -> String {
    format!("/organizations/{id}/harvest-faults")
}

async fn show(shared: Data, id: Id) -> Page {
    let template = shared.change(|world, now| {
        world.sync_harvest(now);
        let organization = world.organization(*id)?.clone();
        let office = world.office_mut(*id)?;
        let sums = office.allowances.values().map(|it| it.sums());
        let (calls, refused, largest) = sums.fold((0, 0, 0), |all, it| {
            (all.0 + it.0, all.1 + it.1, all.2.max(it.2))
        });
        Ok::<_, Refusal>(FaultsPage {
            frame: Frame::of(&shared, format!("Harvest faults of {}", organization.name)),
            tabs: Tabs::of(&organization, "Harvest faults"),
            action: address(*id),
            fault: office.faults.words(),
            kinds: fault_form::kinds(),
            calls,
            refused,
            largest,
            now: now.format("%-d %b %Y, %H:%M:%S UTC").to_string(),
        })
    })?;
    page(&template)
}

async fn set(shared: Data, id: Id, body: web::Bytes) -> Page {
    let faults = fault_form::read(&Form::read(&body));
    act(&shared, &address(*id), |world, now| {
        faults.check(CALLS)?;
        world.sync_harvest(now);
        world.office_mut(*id)?.faults = faults;
        Ok(())
    })
}
