//! Work that is done from time to time, whoever asks.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use storage::{Db, schedules};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// What a tick needs to know.
#[derive(Clone)]
pub(crate) struct Ticking {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shutdown: CancellationToken,
}

type Run<C> = Box<dyn Fn(Arc<C>) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Periodic work, such as expiring what is due. Each worker does it, several at the same moment too, unless it is
/// [`Every::once_for_all`]: doing it twice must do no harm.
pub struct Every<C> {
    name: &'static str,
    period: Duration,
    once_for_all: bool,
    run: Run<C>,
}

impl<C> std::fmt::Debug for Every<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Every")
            .field("name", &self.name)
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}

impl<C> Every<C> {
    /// Does `run` at the start and then once per `period`; `name` stands in logs and metrics. What fails is logged and done
    /// again next time.
    pub fn new<F, Work, E>(name: &'static str, period: Duration, run: F) -> Self
    where
        F: Fn(Arc<C>) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display,
    {
        Self {
            name,
            period,
            once_for_all: false,
            run: Box::new(move |context| {
                let work = run(context);
                Box::pin(async move { work.await.map_err(|error| error.to_string()) })
            }),
        }
    }

    /// However many workers there are, one of them does it per period. A worker that ends in the middle leaves the rest to the
    /// next period.
    #[must_use]
    pub fn once_for_all(mut self) -> Self {
        self.once_for_all = true;
        self
    }

    /// Runs until the shutdown; what has begun by then is brought to its end.
    pub(crate) async fn tick(self, context: Arc<C>, ticking: Ticking) {
        let mut ticks = tokio::time::interval(self.period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = ticking.shutdown.cancelled() => return,
                _ = ticks.tick() => {
                    if !self.once_for_all || self.is_ours(&ticking).await {
                        self.once(Arc::clone(&context)).await;
                    }
                }
            }
        }
    }

    /// Takes the present slot of time, unless another worker has.
    async fn is_ours(&self, ticking: &Ticking) -> bool {
        let period = i64::try_from(self.period.as_micros())
            .unwrap_or(i64::MAX)
            .max(1);
        let (name, slot) = (self.name, ticking.clock.now().timestamp_micros() / period);
        let taken = ticking
            .db
            .write(move |conn| schedules::take(conn, name, slot));
        taken.await.unwrap_or_else(|error| {
            tracing::warn!(name, %error, "periodic work could not be begun; it is done next time");
            false
        })
    }

    async fn once(&self, context: Arc<C>) {
        let name = self.name;
        let ended = AssertUnwindSafe(async { (self.run)(context).await })
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err("it panicked".into()));
        if let Err(error) = ended {
            metrics::counter!("baton_periodic_failures_total", "name" => name).increment(1);
            tracing::warn!(
                name,
                error,
                "periodic work failed; it is done again next time"
            );
        }
    }
}
