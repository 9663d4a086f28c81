//! The queue: work that a committed change calls for, claimed with a token and finished by that token.
//!
//! | state | what it means |
//! |---|---|
//! | `ready` | may be claimed once it is due |
//! | `waiting` | stands behind the head of its ordering key |
//! | `parked` | waits under a name for what it needs, until it is woken or its time comes |
//! | `claimed` | a worker has it |
//! | `dead` | given up, and kept |
//!
//! One that is done is gone. Work still to be done is there once per organization, kind and dedupe key; work that is being
//! done may be asked for again meanwhile, since what it reads may have changed under it. That second job waits until the
//! first is over: one key is never worked on twice at a time.
//!
//! Jobs with an ordering key are done in the order they were queued in: one of them, the head, is `ready` or `claimed`, the
//! others are `waiting`. Whatever takes the head away (its end, its death, parking) makes the next one the head in the same
//! transaction.

mod claim;
mod dead;
mod enqueue;
mod figures;
mod lost;
mod order;
mod parked;
mod progress;
mod settle;
mod turns;

use chrono::{DateTime, Utc};
use domain::{JobId, OrganizationId, Traceparent};
use uuid::Uuid;

use crate::literal::literal;

pub use claim::{Claimed, Room, claim, claim_suspect, suspect_is_due};
pub use dead::{DeadFilter, DeadJob, count_dead, dead, replay};
pub use enqueue::enqueue;
pub use figures::{count_by_state, next_due};
pub use lost::{any_lost, disclaim, mend_orders, take_back_all, take_back_lost};
pub use parked::{park, parked_is_due, unpark, unpark_due};
pub use progress::Progress;
pub use settle::{bury, finish, put_back};

literal!(
    /// Still to be done.
    IsPending,
    "state IN ('ready', 'waiting', 'parked')"
);
literal!(
    /// Ready, and never tried yet.
    IsFresh,
    "state = 'ready' AND attempt = 0"
);
literal!(
    /// Ready to be tried once more.
    IsAgain,
    "state = 'ready' AND attempt > 0 AND crashes < 2"
);
literal!(
    /// Ready, and in hand when two workers in a row went away.
    IsSuspect,
    "state = 'ready' AND crashes >= 2"
);
literal!(IsClaimed, "state = 'claimed'");
literal!(IsDead, "state = 'dead'");

/// Work to be queued.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: &'static str,
    /// Two with the same key are one, while they wait.
    pub dedupe_key: String,
    /// Those of one organization with the same key are done in the order they are queued in.
    pub ordering_key: Option<String>,
    /// Does it hold up those behind it when it is given up? Otherwise they go on.
    pub strict: bool,
    /// What the handler reads: ids, not copies.
    pub payload: String,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
}

impl NewJob {
    /// To be done after all that its organization has queued under `key` before.
    #[must_use]
    pub fn in_order(mut self, key: impl Into<String>) -> Self {
        self.ordering_key = Some(key.into());
        self
    }

    /// Part of this trace, unless it is part of one already.
    #[must_use]
    pub fn or_in_trace(mut self, trace: Option<&Traceparent>) -> Self {
        self.traceparent = self.traceparent.or_else(|| trace.map(ToString::to_string));
        self
    }
}

/// A job as a worker holds it.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// For whom.
    pub organization: OrganizationId,
    /// Which handler.
    pub kind: String,
    /// Under which key it was queued.
    pub dedupe_key: String,
    /// Whose head it is.
    pub ordering_key: Option<String>,
    /// Does it hold up those behind it when it is given up?
    pub strict: bool,
    /// What the handler reads.
    pub payload: String,
    /// The how-manieth try this is, from 1. Raised at the claim, so that a job that kills its worker uses them up too.
    pub attempt: i32,
    /// When it was first tried; waits that spent no attempt are not counted, they move it on.
    pub first_tried_at: DateTime<Utc>,
    /// When this claim was made.
    pub claimed_at: DateTime<Utc>,
    /// How many workers went away over it in a row, just before this claim.
    pub crashes: i32,
    /// What every later write has to name.
    pub claim_token: Uuid,
    /// The trace it belongs to.
    pub traceparent: Option<String>,
}
