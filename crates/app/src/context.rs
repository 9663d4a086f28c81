//! What every use case works with.

use std::sync::Arc;

use ats_http::reqwest;
use chrono::{DateTime, Utc};
use domain::{Clock, Ids};
use secrecy::SecretString;
use storage::{AnyConnection, Db, GroupLane, ReadLane};
use url::Url;
use uuid::Uuid;
use vault::{Keyring, Random};

use crate::audit::By;
use crate::connections::{HarvestConfig, LeverConfig, Shared};
use crate::greenhouse::{ListTests, SendTest, TestStatus};
use crate::intake::Receive;
use crate::{Error, Result, trace};

/// What the settings say to the use cases.
#[derive(Debug, Clone)]
pub struct Config {
    /// Base of every link we hand out; without a slash at its end.
    pub public_url: Url,
    /// The vendor's name, as candidates see it.
    pub platform_name: String,
    /// Is there a relay? Where there is none, mail waits.
    pub mail_configured: bool,
    /// How many mails one organization may send in a day (UTC), more wait for the next; 0: as many as it likes.
    pub mail_daily_limit: u32,
    /// Opens the address for reports of what became of mails.
    pub bounce_token: Option<SecretString>,
    /// Where the operator reads of requests and of connections that break.
    pub operator_email: Option<String>,
    /// Opens the operator's routes.
    pub operator_token: Option<SecretString>,
    /// Development only: may a launch link lead to `http` on this machine?
    pub allow_loopback_http: bool,
    /// What Greenhouse may name as the address to tell of completion.
    pub greenhouse: ats::greenhouse::partner::Rules,
    /// Greenhouse's Harvest, and our application there.
    pub harvest: HarvestConfig,
    /// Lever, and our application there.
    pub lever: LeverConfig,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn Ids>,
    /// Draws secrets.
    pub random: Arc<dyn Random>,
    /// Encrypts secrets at rest.
    pub keyring: Keyring,
    /// Calls ATSs.
    pub http: reqwest::Client,
    /// What the settings say.
    pub config: Config,
}

/// Baton, seen from its use cases. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    parts: Arc<Parts>,
    send_test: GroupLane<SendTest>,
    test_status: ReadLane<TestStatus>,
    list_tests: ReadLane<ListTests>,
    lever: GroupLane<Receive>,
    connections: Arc<Shared>,
    by: Arc<By>,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            send_test: GroupLane::new(parts.db.clone()),
            test_status: ReadLane::new(parts.db.clone()),
            list_tests: ReadLane::new(parts.db.clone()),
            lever: GroupLane::new(parts.db.clone()),
            connections: Arc::default(),
            parts: Arc::new(parts),
            by: Arc::default(),
        }
    }

    /// The same with at most `most` send_tests in one transaction, 1 to 64: what grouping brings is measured beside 1.
    #[must_use]
    pub fn with_groups_of(mut self, most: usize) -> Self {
        self.send_test = self.send_test.with_groups_of(most);
        self
    }

    /// The same, acting for somebody: the audit log says so.
    #[must_use]
    pub fn acting(&self, by: By) -> Self {
        Self {
            by: Arc::new(by),
            ..self.clone()
        }
    }

    /// For whom it acts: Baton itself, where nobody was named.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    /// What the settings say.
    pub fn config(&self) -> &Config {
        &self.parts.config
    }

    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now()
    }

    /// The clock itself, for the worker.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.parts.clock)
    }

    /// The source of ids itself, for the worker.
    pub fn ids(&self) -> Arc<dyn Ids> {
        Arc::clone(&self.parts.ids)
    }

    /// A fresh id of one kind.
    pub fn draw<T: From<Uuid>>(&self) -> T {
        self.parts.ids.draw(self.now()).into()
    }

    /// Where secrets come from.
    pub fn random(&self) -> &dyn Random {
        &*self.parts.random
    }

    pub(crate) fn send_test_lane(&self) -> &GroupLane<SendTest> {
        &self.send_test
    }

    pub(crate) fn test_status_lane(&self) -> &ReadLane<TestStatus> {
        &self.test_status
    }

    pub(crate) fn list_tests_lane(&self) -> &ReadLane<ListTests> {
        &self.list_tests
    }

    pub(crate) fn lever_lane(&self) -> &GroupLane<Receive> {
        &self.lever
    }

    /// Can what was encrypted with this key be read?
    pub fn holds_key(&self, id: &str) -> bool {
        self.keyring().holds(id)
    }

    /// The id of the key that encrypts.
    pub fn first_key(&self) -> &str {
        self.keyring().ids().next().unwrap_or_default()
    }

    /// The ids of all keys; the first one encrypts.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keyring().ids()
    }

    /// What calls ATSs.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.parts.http
    }

    /// What this process knows of connections in use.
    pub(crate) fn connections(&self) -> &Shared {
        &self.connections
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.parts.keyring
    }

    /// Runs `body` to look something up.
    ///
    /// # Errors
    /// Those of `body` and of the database.
    pub async fn read<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&App, &mut AnyConnection) -> Result<T> + Send + 'static,
    {
        let app = self.clone();
        self.db().read(move |conn| carry(body(&app, conn))).await?
    }

    /// Runs `body` in one transaction: committed on `Ok`, rolled back on any error. It may be run again where somebody
    /// else changed the same row at the same moment. The worker is woken for what it queued,
    /// which is part of the trace that this is part of.
    ///
    /// # Errors
    /// Those of `body` and of the database.
    pub async fn write<T, F>(&self, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&App, &mut AnyConnection) -> Result<T> + Send + 'static,
    {
        let (app, trace) = (self.clone(), trace::current());
        let refusal = Arc::new(std::sync::Mutex::new(None));
        let slot = Arc::clone(&refusal);
        let outcome = self
            .db()
            .write(
                move |conn| match trace::within_now(trace.clone(), || body(&app, conn)) {
                    Ok(value) => Ok(value),
                    Err(Error::Storage(error)) => Err(error),
                    Err(refused) => {
                        *slot
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(refused);
                        Err(storage::Error::Refused)
                    }
                },
            )
            .await;
        match outcome {
            Ok(value) => {
                self.db().wake().notify();
                Ok(value)
            }
            Err(error) => {
                let mut refusal = refusal
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                Err(refusal.take().unwrap_or(Error::Storage(error)))
            }
        }
    }
}

/// An error of the database ends the unit of work; a refusal is an answer.
fn carry<T>(outcome: Result<T>) -> storage::Result<Result<T>> {
    match outcome {
        Err(Error::Storage(error)) => Err(error),
        other => Ok(other),
    }
}
