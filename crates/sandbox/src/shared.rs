//! What all handlers share: the world behind one lock, the clock and the HTTP client.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Client;
use tokio::sync::watch;
use url::Url;

use crate::clock::{TimeSource, moved};
use crate::world::World;

/// The sandbox's inside. The lock is held for a closure only, never across an await.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    version: watch::Sender<u64>,
    clock: Arc<dyn TimeSource>,
    /// Calls vendors; follows no redirect.
    pub(crate) http: Client,
    /// Base of every link handed to vendors, without a trailing slash in its text form.
    pub(crate) public_url: Url,
}

impl Shared {
    /// Puts a world into its lock.
    pub(crate) fn new(
        world: World,
        clock: Arc<dyn TimeSource>,
        http: Client,
        public_url: Url,
    ) -> Self {
        Self {
            world: Mutex::new(world),
            version: watch::Sender::new(1),
            clock,
            http,
            public_url,
        }
    }

    /// Looks at the world.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the world and wakes whoever waits for a change.
    pub(crate) fn change<T>(&self, alter: impl FnOnce(&mut World, DateTime<Utc>) -> T) -> T {
        let answer = {
            let mut world = self.lock();
            let now = moved(self.clock.now(), world.clock_ahead_seconds);
            alter(&mut world, now)
        };
        self.version.send_modify(|version| *version += 1);
        answer
    }

    /// The sandbox's time: the clock's, moved by the virtual offset.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        moved(
            self.clock.now(),
            self.read(|world| world.clock_ahead_seconds),
        )
    }

    /// Rises with every change.
    pub(crate) fn version(&self) -> u64 {
        *self.version.borrow()
    }

    /// The version as soon as it is past `seen`, or the present one after `longest`.
    pub(crate) async fn version_after(&self, seen: u64, longest: Duration) -> u64 {
        let mut versions = self.version.subscribe();
        let changed = versions.wait_for(|version| *version > seen);
        let _ = tokio::time::timeout(longest, changed).await;
        self.version()
    }

    /// A link below the public URL; `path` begins with a slash.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    // A panic inside a closure leaves at worst a half-done change of a stand-in: going on is more useful.
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
