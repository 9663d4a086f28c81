//! Lever's pages: accounts with their pipeline and settings, and the page that asks a Super Admin for access.

mod access;
pub(super) mod accounts;
mod authorize;
mod board;
mod faults;
mod opportunities;
mod opportunity;
mod people;
mod postings;
mod settings;
mod webhooks;

use actix_web::web;

use super::deliveries::time;
use super::form::Form;
use super::{Data, Frame, Page, page, page_with, refused, see_other};
use crate::lever::account::Account;
use crate::lever::opportunity::Actor;
use crate::lever::world::Lever;
use crate::refusal::Refusal;

/// Ids are strings here.
type Id = web::Path<String>;

pub(super) fn configure(config: &mut web::ServiceConfig) {
    accounts::configure(config);
    authorize::configure(config);
    board::configure(config);
    opportunities::configure(config);
    opportunity::configure(config);
    postings::configure(config);
    webhooks::configure(config);
    access::configure(config);
    people::configure(config);
    settings::configure(config);
    faults::configure(config);
}

/// The pages of an account, with their paths below its own.
const TABS: [(&str, &str); 7] = [
    ("Pipeline", ""),
    ("Postings", "/postings"),
    ("Webhooks", "/webhooks"),
    ("Authorized apps", "/apps"),
    ("Users and stages", "/people"),
    ("Behaviour", "/settings"),
    ("Faults", "/faults"),
];

/// The head of an account's pages.
#[derive(Debug)]
struct Tabs {
    id: String,
    account: String,
    here: &'static str,
}

impl Tabs {
    fn of(account: &Account, here: &'static str) -> Self {
        Self {
            id: account.id.clone(),
            account: account.name.clone(),
            here,
        }
    }

    /// Name, address, and whether it is the page that is shown.
    fn all(&self) -> Vec<(&'static str, String, bool)> {
        let tab = |(name, path): (&'static str, &str)| {
            (
                name,
                format!("/lever/accounts/{}{path}", self.id),
                name == self.here,
            )
        };
        TABS.into_iter().map(tab).collect()
    }
}

/// The user who presses a recruiter's buttons.
fn recruiter(account: &Account) -> Actor {
    Actor::user(account.recruiter().map(|user| user.id.clone()))
}

/// Does something to Lever, and goes back to the page where the button is.
fn act(
    shared: &Data,
    back: &str,
    action: impl FnOnce(&mut Lever, i64) -> Result<(), Refusal>,
) -> Page {
    let done = shared.change(|world, now| action(&mut world.lever, now.timestamp_millis()));
    match done {
        Ok(()) => see_other(back),
        Err(refusal) => refused(&refusal, back),
    }
}
