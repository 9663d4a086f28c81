//! Metrics, as Prometheus reads them. No id, path or host is ever a label.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::NO_ROUTE;
use crate::span::method;

/// Seconds. Without buckets a histogram becomes a summary, which cannot be added up over processes.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];
const UPKEEP: Duration = Duration::from_secs(5);

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
    static INSTALLED: OnceLock<MetricsHandle> = OnceLock::new();
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
    let route = request.match_pattern().unwrap_or_else(|| NO_ROUTE.into());
    let outcome = next.call(request).await;
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    let labels = [
        ("method", method.to_owned()),
        ("route", route),
        ("status", format!("{}xx", status.as_u16() / 100)),
    ];
    metrics::counter!("baton_http_requests_total", &labels).increment(1);
    metrics::histogram!("baton_http_request_seconds", &labels).record(begun.elapsed());
    outcome
}
