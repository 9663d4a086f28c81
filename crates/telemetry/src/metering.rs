//! Metrics, as Prometheus reads them. No id, path or host is ever a label.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::route::Route;
use crate::span::method;

/// Seconds. Without buckets a histogram becomes a summary, which cannot be added up over processes.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
const UPKEEP: Duration = Duration::from_secs(5);

static INSTALLED: OnceLock<MetricsHandle> = OnceLock::new();

/// Of each method and status, the meters of each route.
type MetersByCall = HashMap<(&'static str, u16), HashMap<String, Meters>>;

thread_local! {
    /// By method and class of status, then by route: looked up without making the labels anew.
    static METERS: RefCell<MetersByCall> = RefCell::default();
}

/// What counts one kind of request.
struct Meters {
    requests: Counter,
    seconds: Histogram,
}

/// The process's metrics.
#[derive(Clone)]
pub struct MetricsHandle(PrometheusHandle);

impl std::fmt::Debug for MetricsHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsHandle")
    }
}

impl MetricsHandle {
    /// All metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Starts the process's metrics; a second call answers the same. A thread tidies them every 5 s: what is recorded would pile up
/// between two scrapes otherwise.
///
/// # Panics
/// Where another recorder was installed in this process.
pub fn install_metrics() -> MetricsHandle {
    INSTALLED.get_or_init(install).clone()
}

fn install() -> MetricsHandle {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)
        .expect("there are buckets")
        .install_recorder()
        .expect("no other metrics recorder is installed in this process");
    describe();
    let tidied = handle.clone();
    std::thread::Builder::new()
        .name("metrics-upkeep".into())
        .spawn(move || {
            loop {
                std::thread::sleep(UPKEEP);
                tidied.run_upkeep();
            }
        })
        .expect("a thread can be started");
    MetricsHandle(handle)
}

fn describe() {
    metrics::describe_counter!(
        "baton_http_requests_total",
        "Requests answered, by method, route pattern and class of status."
    );
    metrics::describe_histogram!(
        "baton_http_request_seconds",
        metrics::Unit::Seconds,
        "From a request to the head of its answer, by method, route pattern and class of status."
    );
}

/// A middleware: counts and times each request by method, route pattern and class of status (`2xx`).
///
/// # Errors
/// Those of the inner services.
pub async fn measure_requests<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let begun = Instant::now();
    let method = method(&request);
    let route = Route::of(&request);
    let outcome = next.call(request).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    // Before there is a recorder a meter would count nothing, for good.
    if INSTALLED.get().is_some() {
        count(
            method,
            route.as_str(),
            status.as_u16() / 100,
            begun.elapsed(),
        );
    }
    outcome
}

fn count(method: &'static str, route: &str, class: u16, took: Duration) {
    METERS.with_borrow_mut(|meters| {
        let of_routes = meters.entry((method, class)).or_default();
        if !of_routes.contains_key(route) {
            of_routes.insert(route.to_owned(), Meters::of(method, route, class));
        }
        if let Some(meters) = of_routes.get(route) {
            meters.requests.increment(1);
            meters.seconds.record(took);
        }
    });
}

impl Meters {
    fn of(method: &'static str, route: &str, class: u16) -> Self {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", format!("{class}xx")),
        ];
        Self {
            requests: metrics::counter!("baton_http_requests_total", &labels),
            seconds: metrics::histogram!("baton_http_request_seconds", &labels),
        }
    }
}
