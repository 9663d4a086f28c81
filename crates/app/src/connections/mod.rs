//! Organizations' links to ATSs: how they come about, how they are kept alive, how they end.
//!
//! ```text
//! authorize ─▶ the ATS asks a person ─▶ finish ─┬▶ taken: tokens kept, webhook made there, parked work goes on
//!                                              └▶ held, until confirm_account or the operator's fulfil
//! taken for another account ─▶ LeaveAccount removes what was ours in the one before
//! ```
//!
//! What an ATS gave us to call it with is seen in `tokens.rs` alone: everybody else asks [`lever_client`] or
//! [`harvest_client`] for a client.

mod allowance;
mod application;
mod authorize;
mod check_harvest;
mod confirm_account;
mod connect_links;
mod disconnect;
mod facts;
mod finish;
mod greenhouse;
mod harvest;
mod keep_alive;
mod lever;
mod look_around;
mod open_requests;
mod parting;
mod permissions;
mod requests;
mod settings;
mod stage_mappings;
mod stages;
mod take;
mod titles;
mod tokens;
mod users;
mod view;
mod wake;
mod watch;
mod webhook;
mod webhook_secret;
mod windows;
mod working;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionId, OrganizationId};

use crate::greenhouse::OpenJobs;
use allowance::Allowance;

pub(crate) use self::harvest::harvest_refusal;
pub use self::harvest::{HARVEST_PARKED, HarvestConfig, harvest_client, not_allowed};
pub use self::lever::{LeverConfig, PARKED, lever_client};
pub use authorize::{MadeBy, authorize};
pub(crate) use check_harvest::CheckHarvest;
pub use confirm_account::confirm_account;
pub use connect_links::{OpenLink, create_link, follow_link, open_link};
pub use disconnect::disconnect;
pub use finish::{Callback, Finished, Outcome, finish, undo};
pub use keep_alive::keep_alive;
pub use open_requests::{AskedBy, OpenRequest, open_request, open_requests};
pub(crate) use parting::LeaveAccount;
pub(crate) use permissions::{asks_for_confidential, found_allowed};
pub use requests::{
    Offered, Requested, fulfil, offered, request, requests, set_offered, with_offered,
};
pub use settings::{
    HarvestChange, LeverChange, change_harvest, change_lever, harvest_settings, lever_settings,
};
pub use stage_mappings::{
    FoundJobStage, JobStage, StageMapping, add_stage_mapping, find_job_stage, job_stages,
    map_to_job, may_be_invited_to, remove_stage_mapping, stage_mappings,
};
pub use stages::{
    FoundStage, StageChoice, add_trigger_stage, check_trigger_stages, find_stage,
    remove_trigger_stage, stages, trigger_stages, trigger_stages_of_connected,
};
pub use storage::connections::ConnectionRecord;
pub use storage::trigger_stages::TriggerStage;
pub use take::note_trouble;
pub use titles::{InLever, Namesake, Outdated, What, titles_in_lever};
pub use users::{LeverUser, lever_users};
pub(crate) use view::life;
pub use view::{
    Account, ConnectionView, HeldView, NOT_REACHED, NOT_YET_HEARD, WebhookState, WebhookView, list,
    show, show_in,
};
pub use watch::{forget_old, watch};
pub(crate) use webhook::EnsureWebhook;
pub use webhook::webhook_secret;
pub use webhook_secret::{WebhookSecret, make_webhook_secret};
pub(crate) use working::PARKED_FOR;

/// What this process knows of connections in use. Nothing of it is missed by another process: what counts stands in the
/// database.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    flights: Mutex<HashMap<ConnectionId, Flight>>,
    allowances: Mutex<HashMap<OrganizationId, Arc<Allowance>>>,
    jobs: Mutex<HashMap<OrganizationId, OpenJobs>>,
}

/// Whoever fetches a connection's next tokens in this process has it.
type Flight = Arc<tokio::sync::Mutex<()>>;

impl Shared {
    fn flight(&self, connection: ConnectionId) -> Flight {
        one(&self.flights, connection, Flight::default)
    }

    fn allowance(
        &self,
        organization: OrganizationId,
        make: impl FnOnce() -> Allowance,
    ) -> Arc<Allowance> {
        one(&self.allowances, organization, || Arc::new(make()))
    }
}

/// How long a list of open jobs is good enough to search in: somebody types, and each letter would cost calls.
const JOBS_GOOD_FOR: TimeDelta = TimeDelta::seconds(60);

impl Shared {
    /// The open jobs that an organization's Greenhouse had a moment ago.
    pub(crate) fn open_jobs(
        &self,
        organization: OrganizationId,
        now: DateTime<Utc>,
    ) -> Option<OpenJobs> {
        let mut all = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, jobs| now < jobs.seen_at + JOBS_GOOD_FOR);
        all.get(&organization).cloned()
    }

    /// Keeps the open jobs that were just read.
    pub(crate) fn keep_open_jobs(&self, organization: OrganizationId, jobs: OpenJobs) {
        let mut all = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(organization, jobs);
    }
}

/// The one under `key`; those that nobody uses any more are forgotten.
fn one<K: std::hash::Hash + Eq, V>(
    all: &Mutex<HashMap<K, Arc<V>>>,
    key: K,
    make: impl FnOnce() -> Arc<V>,
) -> Arc<V> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, one| Arc::strong_count(one) > 1);
    Arc::clone(all.entry(key).or_insert_with(make))
}
