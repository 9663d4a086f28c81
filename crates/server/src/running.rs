//! The api, and the worker where it lives inside: from start to stop.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use app::App;
use jobs::WorkerConfig;
use settings::Settings;
use telemetry::Readiness;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{Api, Failure, alone, readiness, tools};

/// What is told to stop with us is given up on after this: whoever told us waits 30 seconds before a SIGKILL.
const ALL_ENDS: Duration = Duration::from_secs(29);

/// A server that serves, with the workers of this process.
#[derive(Debug)]
pub struct Running {
    readiness: Readiness,
    server: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    workers: Vec<JoinHandle<()>>,
    stop: CancellationToken,
}

impl Running {
    /// Serves `app` on `listener`; with `worker.embedded` a worker works beside it.
    ///
    /// # Errors
    /// [`Failure`], for settings that cannot be used and a listener that is refused.
    pub fn start(settings: &Settings, app: &App, listener: TcpListener) -> Result<Self, Failure> {
        Self::start_as(readiness(app), settings, app, listener)
    }

    /// As [`start`](Self::start), where others already ask `readiness`.
    ///
    /// # Errors
    /// [`Failure`], for settings that cannot be used and a listener that is refused.
    pub fn start_as(
        readiness: Readiness,
        settings: &Settings,
        app: &App,
        listener: TcpListener,
    ) -> Result<Self, Failure> {
        let server = Api::new(settings, app, readiness.clone()).serve(listener)?;
        let mut running = Self {
            readiness,
            server: server.handle(),
            serving: tokio::spawn(server),
            workers: Vec::new(),
            stop: CancellationToken::new(),
        };
        if settings.worker.embedded {
            running.add_worker(settings, app)?;
        } else if app.db().is_sqlite() {
            tracing::warn!(
                "`worker.embedded` is off: on SQLite nobody else can send mail and results; set it to true"
            );
        }
        Ok(running)
    }

    /// One more worker in this process.
    ///
    /// # Errors
    /// [`Failure`], for settings that cannot be used.
    pub fn add_worker(&mut self, settings: &Settings, app: &App) -> Result<(), Failure> {
        let config = if app.db().is_sqlite() {
            alone()
        } else {
            WorkerConfig::default()
        };
        let worker = app::worker::worker(tools(settings, app)?, config);
        self.workers
            .push(tokio::spawn(worker.run(self.stop.clone())));
        Ok(())
    }

    /// Whether it may be sent work.
    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// Takes nothing more, brings to its end what is under way, and stops, within 29 seconds. Connections that wait for a next
    /// request are closed; an answer that is yet to be given closes its own.
    ///
    /// # Errors
    /// [`Failure::Died`] where a part had ended before it was told to.
    pub async fn stop(self) -> Result<(), Failure> {
        self.readiness.start_draining();
        self.stop.cancel();
        let ended = tokio::time::timeout(ALL_ENDS, async {
            self.server.stop(true).await;
            self.serving
                .await
                .map_err(|_| Failure::Died("the HTTP server"))??;
            for worker in self.workers {
                worker.await.map_err(|_| Failure::Died("the worker"))?;
            }
            Ok(())
        });
        ended.await.unwrap_or_else(|_elapsed| {
            tracing::warn!("something did not come to its end in time and is cut off");
            Ok(())
        })
    }
}
