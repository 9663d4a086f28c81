//! Is the process alive, and may it be sent work?

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;

/// A check that takes longer counts as failed: the database has to answer within a second.
const PATIENCE: Duration = Duration::from_secs(1);

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked: `database`, `schema`, `keys`.
    pub name: &'static str,
    /// Why it failed, for the log; whoever asks only reads that it did.
    pub outcome: Result<(), String>,
}

type Ask = dyn Fn() -> BoxFuture<'static, Vec<Check>> + Send + Sync;

/// Whether the process may be sent work; its clones share one state.
#[derive(Clone)]
pub struct Readiness {
    draining: Arc<AtomicBool>,
    ask: Arc<Ask>,
}

impl std::fmt::Debug for Readiness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readiness")
            .field("draining", &self.is_draining())
            .finish_non_exhaustive()
    }
}

/// What `/healthz` and `/readyz` answer.
#[derive(Serialize)]
struct Answer {
    status: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    checks: BTreeMap<&'static str, &'static str>,
}

impl Readiness {
    /// `ask` is called for each `/readyz`; no check at all means ready.
    pub fn new<F>(ask: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Vec<Check>> + Send + 'static,
    {
        Self {
            draining: Arc::new(AtomicBool::new(false)),
            ask: Arc::new(move || ask().boxed()),
        }
    }

    /// From now on `/readyz` answers 503: the process finishes what it has and takes nothing more.
    pub fn start_draining(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Is the process about to end?
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    async fn answer(&self) -> Answer {
        if self.is_draining() {
            return plain("draining");
        }
        let Ok(checks) = tokio::time::timeout(PATIENCE, (self.ask)()).await else {
            tracing::warn!("not ready: the checks took longer than a second");
            return plain("timed_out");
        };
        let ready = checks.iter().all(|check| check.outcome.is_ok());
        Answer {
            status: if ready { "ready" } else { "not_ready" },
            checks: checks.iter().map(word).collect(),
        }
    }
}

fn plain(status: &'static str) -> Answer {
    Answer {
        status,
        checks: BTreeMap::new(),
    }
}

fn word(check: &Check) -> (&'static str, &'static str) {
    match &check.outcome {
        Ok(()) => (check.name, "ok"),
        Err(problem) => {
            tracing::warn!(check = check.name, problem, "not ready: a check failed");
            (check.name, "failed")
        }
    }
}

/// Mounts `/healthz` (200 while the process answers at all) and `/readyz` (200 or 503), both JSON: `{"status", "checks"}`.
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
