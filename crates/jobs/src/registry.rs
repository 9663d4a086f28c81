//! Which handler carries out which kind of job.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use storage::AnyConnection;

use crate::{Handler, Held, Verdict};

/// Decodes a job's payload and runs its handler.
pub(crate) type Run<C> = fn(Arc<C>, Held) -> BoxFuture<'static, Result<Verdict, serde_json::Error>>;

/// Decodes a job's payload and has its handler store what its death means.
pub(crate) type GiveUp<C> = fn(&C, &mut AnyConnection, &Held, &str) -> storage::Result<()>;

/// What a handler does.
pub(crate) struct Work<C> {
    pub(crate) run: Run<C>,
    pub(crate) give_up: GiveUp<C>,
}

impl<C> Clone for Work<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Work<C> {}

/// The handlers a worker has, by the kind of job they carry out.
pub struct Registry<C> {
    handlers: HashMap<&'static str, Work<C>>,
}

impl<C> std::fmt::Debug for Registry<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.handlers.keys()).finish()
    }
}

impl<C> Default for Registry<C> {
    fn default() -> Self {
        Self {
            handlers: HashMap::new(),
        }
    }
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// No handlers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With the handler of one more kind.
    ///
    /// # Panics
    /// Where the kind has a handler already.
    #[must_use]
    pub fn with<J: Handler<C>>(mut self) -> Self {
        let work = Work {
            run: run::<J, C>,
            give_up: give_up::<J, C>,
        };
        let earlier = self.handlers.insert(J::KIND, work);
        assert!(
            earlier.is_none(),
            "two handlers for jobs of kind {}",
            J::KIND
        );
        self
    }

    /// Is there a handler for this kind?
    pub fn knows(&self, kind: &str) -> bool {
        self.handlers.contains_key(kind)
    }

    /// The handler, and the kind as a name from the closed list of those that are known: fit for a metric's label.
    pub(crate) fn find(&self, kind: &str) -> Option<(&'static str, Work<C>)> {
        self.handlers
            .get_key_value(kind)
            .map(|(kind, work)| (*kind, *work))
    }
}

fn run<J, C>(context: Arc<C>, held: Held) -> BoxFuture<'static, Result<Verdict, serde_json::Error>>
where
    J: Handler<C>,
    C: Send + Sync + 'static,
{
    Box::pin(async move {
        let job: J = serde_json::from_str(&held.claim.payload)?;
        Ok(job.run(&context, &held).await)
    })
}

/// A payload that nobody can read has nobody to tell.
fn give_up<J, C>(
    context: &C,
    conn: &mut AnyConnection,
    held: &Held,
    reason: &str,
) -> storage::Result<()>
where
    J: Handler<C>,
{
    match serde_json::from_str::<J>(&held.claim.payload) {
        Ok(job) => job.give_up(context, conn, held, reason),
        Err(_) => Ok(()),
    }
}
