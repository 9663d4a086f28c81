//! Is the process alive, and may it be sent work?

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A check that takes longer counts as failed: the database has to answer within a second.
const PATIENCE: Duration = Duration::from_secs(1);
/// So long an answer is given again: probes, however many, are no load for the database.
const FRESH: Duration = Duration::from_millis(900);

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked: `database`, `writes`, `schema`, `keys`.
    pub name: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Passed,
    /// Why it failed, for the log; whoever asks only reads that it did.
    Failed(String),
    /// It could not be made, because another one failed.
    NotMade,
}

type Ask = dyn Fn() -> BoxFuture<'static, Vec<Check>> + Send + Sync;

/// Whether the process may be sent work; its clones share one state.
#[derive(Clone)]
pub struct Readiness {
    state: Arc<State>,
}

struct State {
    draining: AtomicBool,
    ask: OnceLock<Box<Ask>>,
    /// The last answer. Whoever asks while it is being found out waits for it, instead of asking the database too.
    last: Mutex<Option<(Instant, Answer)>>,
}

impl std::fmt::Debug for Readiness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readiness")
            .field("draining", &self.is_draining())
            .finish_non_exhaustive()
    }
}

/// What `/healthz` and `/readyz` answer.
#[derive(Clone, Serialize)]
struct Answer {
    status: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    checks: BTreeMap<&'static str, &'static str>,
}

impl Readiness {
    /// Of a process that has yet to open what it needs: not ready, until it is told how to [`check`](Self::check).
    pub fn starting() -> Self {
        Self {
            state: Arc::new(State {
                draining: AtomicBool::new(false),
                ask: OnceLock::new(),
                last: Mutex::new(None),
            }),
        }
    }

    /// As [`starting`](Self::starting) and [`check`](Self::check).
    pub fn new<F>(ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Vec<Check>> + Send + 'static,
    {
        let readiness = Self::starting();
        readiness.check(ask);
        readiness
    }

    /// From now on `ask` says whether all is well; it is called at most once a second. No check at all means ready. Only the
    /// first call counts.
    pub fn check<F>(&self, ask: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Vec<Check>> + Send + 'static,
    {
        self.state
            .ask
            .get_or_init(|| Box::new(move || ask().boxed()));
    }

    /// From now on `/readyz` answers 503: the process finishes what it has and takes nothing more.
    pub fn start_draining(&self) {
        self.state.draining.store(true, Ordering::SeqCst);
    }

    /// Is the process about to end?
    pub fn is_draining(&self) -> bool {
        self.state.draining.load(Ordering::SeqCst)
    }

    async fn answer(&self) -> Answer {
        if self.is_draining() {
            return plain("draining");
        }
        let Some(ask) = self.state.ask.get() else {
            return plain("starting");
        };
        let mut last = self.state.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < FRESH
        {
            return answer.clone();
        }
        let answer = judge(ask).await;
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

async fn judge(ask: &Ask) -> Answer {
    let Ok(checks) = tokio::time::timeout(PATIENCE, ask()).await else {
        tracing::warn!("not ready: the checks took longer than a second");
        return plain("timed_out");
    };
    let ready = checks.iter().all(|check| check.outcome == Outcome::Passed);
    Answer {
        status: if ready { "ready" } else { "not_ready" },
        checks: checks.iter().map(word).collect(),
    }
}

fn plain(status: &'static str) -> Answer {
    Answer {
        status,
        checks: BTreeMap::new(),
    }
}

fn word(check: &Check) -> (&'static str, &'static str) {
    let word = match &check.outcome {
        Outcome::Passed => "ok",
        Outcome::Failed(problem) => {
            tracing::warn!(check = check.name, problem, "not ready: a check failed");
            "failed"
        }
        Outcome::NotMade => "unknown",
    };
    (check.name, word)
}

/// Mounts `/healthz` (200 while the process answers at all) and `/readyz` (200 or 503), both JSON: `{"status", "checks"}`.
/// `status` is `ready`, `not_ready`, `timed_out`, `starting` or `draining`; each of `checks` is `ok`, `failed` or `unknown`.
pub fn health_routes(readiness: Readiness) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.route("/healthz", web::get().to(healthz)).service(
            web::resource("/readyz")
                .app_data(web::Data::new(readiness))
                .get(readyz),
        );
    }
}

async fn healthz() -> HttpResponse {
    not_stored(&mut HttpResponse::Ok()).json(plain("ok"))
}

async fn readyz(readiness: web::Data<Readiness>) -> HttpResponse {
    let answer = readiness.answer().await;
    let mut response = match answer.status {
        "ready" => HttpResponse::Ok(),
        _ => HttpResponse::ServiceUnavailable(),
    };
    not_stored(&mut response).json(answer)
}

fn not_stored(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    response.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
}
