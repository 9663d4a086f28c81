//! What an operator sees of a running process: its log, its metrics, its health.
//!
//! Nothing here shows a path, a query, a secret or a personal datum: a request is named by its route's pattern
//! (`/take/{token}`), never by its path.
//!
//! An actix application takes three middlewares, the outermost last, and the two health routes:
//!
//! ```
//! use actix_web::{App, middleware::from_fn};
//! # let readiness = telemetry::Readiness::new(|| async { vec![] });
//! let app = App::new()
//!     .configure(telemetry::health_routes(readiness))
//!     .wrap(from_fn(telemetry::measure_requests))
//!     .wrap(from_fn(telemetry::answer_request_id))
//!     .wrap(telemetry::log_requests());
//! ```

mod client_address;
mod health;
mod line;
mod logging;
mod metering;
mod operations;
mod output;
mod request_id;
mod route;
mod span;

pub use client_address::client_address;
pub use health::{Check, Outcome, Readiness, health_routes};
pub use logging::{LogFormat, LoggingError, init_logging, subscriber};
pub use metering::{MetricsHandle, install_metrics, measure_requests};
pub use operations::{serve_operations, serve_operations_on};
pub use output::flush_log;
pub use request_id::{RequestId, answer_request_id, name_request};
pub use span::{RequestSpan, log_requests};
