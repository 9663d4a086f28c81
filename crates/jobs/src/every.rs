//! Work that is done from time to time, whoever asks.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

type Run<C> = Box<dyn Fn(Arc<C>) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Periodic work, such as expiring what is due. Each worker does it, several at the same moment too: doing it twice must do
/// no harm.
pub struct Every<C> {
    name: &'static str,
    period: Duration,
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
            run: Box::new(move |context| {
                let work = run(context);
                Box::pin(async move { work.await.map_err(|error| error.to_string()) })
            }),
        }
    }

    /// Runs until `shutdown`; what has begun by then is brought to its end.
    pub(crate) async fn tick(self, context: Arc<C>, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(self.period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => self.once(Arc::clone(&context)).await,
            }
        }
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
