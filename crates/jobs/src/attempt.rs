//! One attempt at one job: run it, and settle it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Clock, Ids, Traceparent};
use futures_util::FutureExt;
use storage::jobs::ClaimedJob;
use storage::{AnyConnection, Db, Life, Pulse};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use crate::registry::Work;
use crate::settlement::{Change, Outcome, Settlement, settle};
use crate::{Held, Registry, trace};

/// So many workers in a row may go away over one job: two that had others in hand as well, which makes it a suspect, and six
/// that had it alone. Some of these may be chance, where machines go away again and again, and a job wrongly given up costs
/// somebody their mail; one more restart costs a moment.
const MOST_CRASHES: i32 = 8;
/// Between two tries to store what became of a job.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// What the attempts of one worker share.
pub(crate) struct Attempts<C> {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) registry: Registry<C>,
    pub(crate) context: Arc<C>,
    pub(crate) limit: Duration,
    pub(crate) pulse: Pulse,
    /// Cuts off what still runs.
    pub(crate) cut: CancellationToken,
}

impl<C: Send + Sync + 'static> Attempts<C> {
    /// Runs the job, unless the worker is `stopping` already, and stores what became of it. It was claimed in `life`.
    pub(crate) async fn make(
        self: Arc<Self>,
        claim: ClaimedJob,
        life: Life,
        stopping: CancellationToken,
    ) {
        let begun = Instant::now();
        let held = Held::new(claim, self.clock.now()).by(&self.pulse, life);
        let trace = held.trace();
        let span = tracing::info_span!(
            "job",
            kind = held.claim.kind,
            id = %held.id,
            organization = %held.organization,
            attempt = held.attempt,
            trace_id = trace.as_ref().map(Traceparent::trace_id),
        );
        let handler = self.registry.find(&held.claim.kind);
        let kind = handler.map_or("unknown", |(kind, _)| kind);
        let handler = handler.map(|(_, work)| work);
        let work = async {
            let outcome = if stopping.is_cancelled() {
                Outcome::CutShort
            } else {
                self.run(handler, &held).await
            };
            metrics::histogram!("baton_job_seconds", "kind" => kind).record(begun.elapsed());
            self.store(outcome, &held, kind, handler).await;
        };
        trace::within(trace, work.instrument(span)).await;
    }

    async fn run(&self, work: Option<Work<C>>, held: &Held) -> Outcome {
        if held.claim.crashes >= MOST_CRASHES {
            return Outcome::Crashed;
        }
        let Some(work) = work else {
            return Outcome::UnknownKind;
        };
        let begun = (work.run)(Arc::clone(&self.context), held.clone());
        let work = AssertUnwindSafe(begun).catch_unwind();
        tokio::select! {
            biased;
            ended = tokio::time::timeout(self.limit, work) => match ended {
                Ok(Ok(Ok(verdict))) => Outcome::Said(verdict),
                // Not the error's text: it may quote the payload.
                Ok(Ok(Err(error))) => Outcome::Unreadable { column: error.column() },
                Ok(Err(_panic)) => Outcome::Panicked,
                Err(_elapsed) => Outcome::TimedOut(self.limit),
            },
            () = self.cut.cancelled() => Outcome::CutShort,
            () = held.until_lost() => Outcome::CutShort,
        }
    }

    /// Stores until it is stored or lost: nobody else gives the job back while this worker lives.
    async fn store(
        &self,
        outcome: Outcome,
        held: &Held,
        kind: &'static str,
        work: Option<Work<C>>,
    ) {
        let now = self.clock.now();
        let settlement = Arc::new(settle(outcome, held, now, jitter(self.ids.draw(now))));
        let mut work = work;
        loop {
            match self.try_to_store(&settlement, held, now, work).await {
                Ok(true) => return report(&settlement, kind),
                Ok(false) => return report_lost(kind),
                Err(error) if error.is_passing() || work.is_none() => {
                    tracing::warn!(%error, "what became of the job could not be stored; tries again");
                    tokio::time::sleep(STORE_PAUSE).await;
                }
                Err(error) => {
                    tracing::error!(%error, "what the job's end means to users could not be stored; it ends without");
                    work = None;
                }
            }
        }
    }

    /// One transaction; a job that is given up has its handler store what that means.
    async fn try_to_store(
        &self,
        settlement: &Arc<Settlement>,
        held: &Held,
        now: DateTime<Utc>,
        work: Option<Work<C>>,
    ) -> storage::Result<bool> {
        let (settlement, held) = (Arc::clone(settlement), held.clone());
        let context = Arc::clone(&self.context);
        let unit = move |conn: &mut AnyConnection| {
            let stored = settlement.change.store(conn, &held.claim, now)?;
            if let (true, Change::Bury(reason), Some(work)) = (stored, &settlement.change, work) {
                (work.give_up)(&context, conn, &held, reason)?;
            }
            Ok(stored)
        };
        self.db.write(unit).await
    }
}

fn report(settlement: &Settlement, kind: &'static str) {
    let Settlement { word, why, .. } = settlement;
    metrics::counter!("baton_jobs_total", "kind" => kind, "verdict" => *word).increment(1);
    let why = why.as_deref().unwrap_or("-");
    match *word {
        "dead" => tracing::error!(why, "job given up"),
        "retry" => tracing::warn!(why, "job failed and will be tried again"),
        "discard" => tracing::warn!(why, "job ended undone"),
        "wait" => tracing::info!(why, "job waits"),
        "parked" => tracing::info!(why, "job parked"),
        "returned" => tracing::info!("job put back: the worker stops or was silent"),
        _ => tracing::info!("job done"),
    }
}

fn report_lost(kind: &'static str) {
    metrics::counter!("baton_jobs_total", "kind" => kind, "verdict" => "lost").increment(1);
    tracing::warn!("the claim was lost meanwhile: another worker has the job");
}

/// A number in `0.0..=1.0` from the random end of a fresh id.
fn jitter(id: Uuid) -> f64 {
    let [.., a, b, c, d] = id.into_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX)
}
