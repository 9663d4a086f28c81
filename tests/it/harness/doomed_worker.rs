//! A worker that ends as if its machine had lost power.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::TestApp;

/// Its threads get so long to notice.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// A worker with threads and database connections of its own, as in a process of its own. It can be killed: whatever it does
/// is cut off where it waits, nothing is brought to its end and nothing put back.
#[derive(Debug)]
pub(crate) struct DoomedWorker(Option<Runtime>);

impl DoomedWorker {
    /// Starts one by the same settings and the same clock; on SQLite it takes itself for the only one, as inside the api.
    pub(crate) fn start(app: &TestApp) -> Self {
        let mut runtime = Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (settings, clock) = app.for_another_process();
        runtime.spawn(async move {
            let app = server::open_at(&settings, clock).expect("the settings can be opened");
            let config = if app.db().is_sqlite() {
                server::alone()
            } else {
                Default::default()
            };
            let tools = server::tools(&settings, &app).expect("the settings can be used");
            app::worker::worker(tools, config)
                .run(Default::default())
                .await;
        });
        Self(Some(runtime))
    }

    /// Kills it.
    pub(crate) async fn kill(mut self) {
        let runtime = self.0.take().expect("it is killed once");
        let ended = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(ENDS_WITHIN));
        ended.await.expect("it ends");
    }
}

impl Drop for DoomedWorker {
    /// A test that fails leaves it behind.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
