//! Greenhouse's pages beside those of the partner's half: people with their feed, job posts, the Dev Center, and the page that
//! asks a Site Admin for access.

mod apps;
mod authorize;
mod dev_center;
mod faults;
mod people;
mod posts;
mod profile;

use actix_web::web;

use super::form::Form;
use super::{Data, Frame, Id, Page, page, page_with, refused, see_other};
use crate::greenhouse::organization::Organization;
use crate::refusal::Refusal;
use crate::world::World;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    apps::configure(config);
    authorize::configure(config);
    dev_center::configure(config);
    faults::configure(config);
    people::configure(config);
    posts::configure(config);
    profile::configure(config);
}

/// The pages of an organization, with their paths below its own.
const TABS: [(&str, &str); 4] = [
    ("Assessment partner", ""),
    ("Candidates", "/people"),
    ("Dev Center", "/dev-center"),
    ("Harvest faults", "/harvest-faults"),
];

/// The head of an organization's pages.
#[derive(Debug)]
pub(super) struct Tabs {
    id: u64,
    pub(super) organization: String,
    here: &'static str,
}

impl Tabs {
    /// Of the page that is shown.
    pub(super) fn of(organization: &Organization, here: &'static str) -> Self {
        Self {
            id: organization.id,
            organization: organization.name.clone(),
            here,
        }
    }

    /// Name, address, and whether it is the page that is shown.
    pub(super) fn all(&self) -> Vec<(&'static str, String, bool)> {
        let tab = |(name, path): (&'static str, &str)| {
            let address = format!("/organizations/{}{path}", self.id);
            (name, address, name == self.here)
        };
        TABS.into_iter().map(tab).collect()
    }
}

/// Does something, and goes back to the page where the button is.
fn act(
    shared: &Data,
    back: &str,
    action: impl FnOnce(&mut World, chrono::DateTime<chrono::Utc>) -> Result<(), Refusal>,
) -> Page {
    answered(shared.change(action), back)
}

/// The answer to a button whose doing has come to its end.
fn answered<T>(outcome: Result<T, Refusal>, back: &str) -> Page {
    match outcome {
        Ok(_) => see_other(back),
        Err(refusal) => refused(&refusal, back),
    }
}

/// A time of the sandbox's clock, for people.
fn time(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}
