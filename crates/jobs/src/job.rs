//! What work is, who does it, and how it says what is to happen next.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{JobId, OrganizationId, Traceparent};
use serde::{Serialize, de::DeserializeOwned};
use storage::jobs::{ClaimedJob, NewJob};
use storage::{AnyConnection, Life, Pulse};

use crate::{retry, trace};

/// A piece of background work, as the queue keeps it: ids, not copies.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Names it in the queue, in logs and in metrics. Jobs that wait outlive a release: whoever renames a kind keeps a
    /// handler under the old name until the queue is empty.
    const KIND: &'static str;

    /// Does one that is given up hold up those behind it in its order? Otherwise they go on; what they do then has to be
    /// right whatever became of it.
    const STRICT: bool = false;

    /// This work as a row for [`storage::jobs::enqueue`], to be stored in the transaction that made it necessary. While a job
    /// of the same organization, kind and `dedupe_key` waits, no second one is queued. It belongs to the trace in which it is made.
    fn queued(
        &self,
        id: JobId,
        organization: OrganizationId,
        dedupe_key: impl Into<String>,
        run_at: DateTime<Utc>,
    ) -> NewJob {
        NewJob {
            id,
            organization,
            kind: Self::KIND,
            dedupe_key: dedupe_key.into(),
            ordering_key: None,
            strict: Self::STRICT,
            payload: serde_json::to_string(self).expect("a payload of ids has a JSON form"),
            run_at,
            traceparent: trace::current().map(String::from),
        }
    }
}

/// Carries out one kind of job, with `C` to do it with.
pub trait Handler<C>: Job {
    /// Does the work once, outside any transaction. It may be cut off at any `await` (time-out, shutdown) and run again, by
    /// this worker or another.
    fn run(self, context: &C, held: &Held) -> impl Future<Output = Verdict> + Send;

    /// Stores what users are to see once the job is given up for `reason`, in the transaction that buries it: three days are
    /// over, or too many workers in a row went away over it. Not called where the payload cannot be read.
    ///
    /// # Errors
    /// Those of the database. One that does not pass is logged, and the job is buried without.
    fn give_up(
        self,
        context: &C,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let _ = (context, conn, held, reason);
        Ok(())
    }
}

/// What is to happen to a job after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The work is done; the worker ends the job.
    Done,
    /// The handler ended or parked the job in its own transaction, with [`Held::finish_in`] or [`Held::park_in`].
    Finished,
    /// It failed and may work later: again after the wait of [`retry`], or given up when its time is over.
    Retry {
        /// What failed: for people, without personal data.
        why: String,
        /// A floor for the wait: the far side's `Retry-After`.
        not_before: Option<Duration>,
    },
    /// It failed, and is tried again after `delay`, whatever the table of [`retry`] says; given up when its time is over.
    RetryIn {
        /// What failed: for people, without personal data.
        why: String,
        /// How long.
        delay: Duration,
    },
    /// It cannot be done yet, through no failure of its own: again after `delay`. Spends no attempt and none of its time.
    Wait {
        /// What it waits for: for people, without personal data.
        why: String,
        /// How long.
        delay: Duration,
    },
    /// It needs something that others need too (a key, the end of a throttle): it is parked under that name, out of the way of
    /// claims, until [`storage::jobs::unpark`] lets all under the name go on, at the latest after `delay`. Spends no attempt
    /// and none of its time.
    Park {
        /// The name, such as that of a connection.
        under: &'static str,
        /// What it waits for: for people, without personal data.
        why: String,
        /// How long at most.
        delay: Duration,
    },
    /// It will never be done, and trying again does not help: the job ends. What users should see of that, the handler has stored.
    Discard {
        /// Why not: for people, without personal data.
        why: String,
    },
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "an error at hand is given away, a text is lent: both read well"
)]
impl Verdict {
    /// Try again when the table says so.
    pub fn retry(why: impl ToString) -> Self {
        Self::Retry {
            why: why.to_string(),
            not_before: None,
        }
    }

    /// Try again after `delay`; no attempt is spent.
    pub fn wait(why: impl ToString, delay: Duration) -> Self {
        Self::Wait {
            why: why.to_string(),
            delay,
        }
    }

    /// Park it under a name, for `delay` at most.
    pub fn park(under: &'static str, why: impl ToString, delay: Duration) -> Self {
        Self::Park {
            under,
            why: why.to_string(),
            delay,
        }
    }

    /// End it undone.
    pub fn discard(why: impl ToString) -> Self {
        Self::Discard {
            why: why.to_string(),
        }
    }
}

/// A job in a worker's hands. Cheap to clone into a unit of work.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id: the same at every attempt.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// The how-manieth attempt this is, from 1.
    pub attempt: u32,
    /// When it was first tried; waits that spent no attempt move it on.
    pub first_tried_at: DateTime<Utc>,
    /// Time from then to the start of this attempt.
    pub elapsed: Duration,
    pub(crate) claim: Arc<ClaimedJob>,
    pub(crate) pulse: Pulse,
    pub(crate) life: Option<Life>,
}

impl Held {
    /// A claimed job, held from `now` on.
    pub fn new(claim: ClaimedJob, now: DateTime<Utc>) -> Self {
        Self {
            id: claim.id,
            organization: claim.organization,
            attempt: u32::try_from(claim.attempt).unwrap_or(0),
            first_tried_at: claim.first_tried_at,
            elapsed: (now - claim.first_tried_at).to_std().unwrap_or_default(),
            claim: Arc::new(claim),
            pulse: Pulse::unneeded(),
            life: None,
        }
    }

    /// The same, held by a worker that has to be heard of.
    pub(crate) fn by(mut self, pulse: &Pulse, life: Life) -> Self {
        self.pulse = pulse.clone();
        self.life = Some(life);
        self
    }

    /// May a call to the outside still be begun? Not once the worker has been silent for so long that another may have taken
    /// the job over. To be asked right before each call that shows; where not, answer [`Self::lost`].
    pub fn may_still_act(&self) -> bool {
        self.life.is_none_or(|life| self.pulse.goes_on(life))
    }

    /// What to answer where [`Self::may_still_act`] says no. Changes nothing where another has the job already.
    pub fn lost() -> Verdict {
        Verdict::wait("its worker was silent for too long", Duration::ZERO)
    }

    /// Waits until [`Self::may_still_act`] says no.
    pub(crate) async fn until_lost(&self) {
        match self.life {
            Some(life) => self.pulse.lost(life).await,
            None => std::future::pending().await,
        }
    }

    /// Will the job be given up if this attempt asks for a [`Verdict::Retry`]?
    pub fn is_last_attempt(&self) -> bool {
        self.elapsed >= retry::GIVE_UP_AFTER
    }

    /// Ends the job in the caller's transaction, together with what the work changed. The handler then answers
    /// [`Verdict::Finished`], once that transaction is committed.
    ///
    /// # Errors
    /// [`storage::Error::Stale`] where the claim was lost: let it roll the transaction back. Else those of the database.
    pub fn finish_in(&self, conn: &mut AnyConnection) -> storage::Result<()> {
        if storage::jobs::finish(conn, &self.claim)? {
            Ok(())
        } else {
            Err(storage::Error::Stale)
        }
    }

    /// Parks the job under a name in the caller's transaction, until `until` at the latest. The handler then answers
    /// [`Verdict::Finished`], once that transaction is committed.
    ///
    /// # Errors
    /// [`storage::Error::Stale`] where the claim was lost: let it roll the transaction back. Else those of the database.
    pub fn park_in(
        &self,
        conn: &mut AnyConnection,
        under: &str,
        until: DateTime<Utc>,
        why: &str,
    ) -> storage::Result<()> {
        if storage::jobs::park(conn, &self.claim, under, until, why)? {
            Ok(())
        } else {
            Err(storage::Error::Stale)
        }
    }

    /// The trace the job belongs to. What the handler queues belongs to it too.
    pub fn trace(&self) -> Option<Traceparent> {
        self.claim
            .traceparent
            .as_deref()
            .and_then(Traceparent::parse)
    }
}
