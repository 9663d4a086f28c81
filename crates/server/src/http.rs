//! The HTTP server: the partner API, `/v1`, the pages, health.

use std::net::TcpListener;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as Site, HttpServer};
use app::App;
use settings::Settings;
use telemetry::Readiness;
use web::Limits;

/// How long requests that are under way may go on once the server is told to stop, in seconds.
const DRAIN_SECONDS: u64 = 25;

/// What the server serves, and how.
#[derive(Debug, Clone)]
pub struct Api {
    app: App,
    readiness: Readiness,
    limits: Limits,
}

impl Api {
    /// The server of `app`, as `settings` say.
    pub fn new(settings: &Settings, app: &App, readiness: Readiness) -> Self {
        let requests_per_minute =
            NonZeroU32::new(settings.limits.requests_per_minute).unwrap_or(NonZeroU32::MIN);
        Self {
            app: app.clone(),
            readiness,
            limits: Limits {
                requests_per_minute,
                trusted_proxies: settings.http.trusted_proxies.clone(),
            },
        }
    }

    /// Serves on `listener`; the answer runs until it is stopped by its handle. Signals are the caller's business.
    ///
    /// # Errors
    /// Where the operating system refuses the listener.
    pub fn serve(self, listener: TcpListener) -> std::io::Result<Server> {
        let web = web::configure(&self.app, &self.limits);
        let pages = pages::configure(&self.app, &self.limits.trusted_proxies);
        let readiness = self.readiness;
        let server = HttpServer::new(move || {
            Site::new()
                .configure(telemetry::health_routes(readiness.clone()))
                .configure(web.clone())
                .configure(pages.clone())
                .wrap(from_fn(web::bound))
                .wrap(from_fn(web::harden))
                .wrap(from_fn(web::carry_trace))
                .wrap(from_fn(telemetry::measure_requests))
                .wrap(from_fn(telemetry::answer_request_id))
                .wrap(telemetry::log_requests())
        })
        .client_request_timeout(Duration::from_secs(5))
        .keep_alive(Duration::from_secs(15))
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals()
        .listen(listener)?;
        Ok(server.run())
    }
}
