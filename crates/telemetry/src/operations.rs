//! The operator's own listener, apart from the public one: metrics and health.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, web};

use crate::{MetricsHandle, Readiness, health_routes};

/// What Prometheus' text format is called.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves `/metrics`, `/healthz` and `/readyz` at `listen` while the answered server is awaited. It leaves signals to the caller;
/// stop it by its handle.
///
/// # Errors
/// The address is taken or not ours.
pub fn serve_operations(
    listen: SocketAddr,
    metrics: MetricsHandle,
    readiness: Readiness,
) -> io::Result<Server> {
    serve_operations_on(TcpListener::bind(listen)?, metrics, readiness)
}

/// As [`serve_operations`], on a listener that is open already (so that the caller knows its port).
///
/// # Errors
/// The listener cannot be used.
pub fn serve_operations_on(
    listener: TcpListener,
    metrics: MetricsHandle,
    readiness: Readiness,
) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        let metrics = metrics.clone();
        App::new()
            .configure(health_routes(readiness.clone()))
            .route("/metrics", web::get().to(move || show(metrics.clone())))
    });
    Ok(server
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run())
}

async fn show(metrics: MetricsHandle) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("content-type", TEXT_FORMAT))
        .body(metrics.render())
}
