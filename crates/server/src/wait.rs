//! A database that is not there yet when a program starts.

use std::time::Duration;

use app::App;
use settings::{DatabaseUrl, Settings};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{OpenError, open};

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(500);
/// Between two lines of the log that say so.
const REMINDER: Duration = Duration::from_secs(10);

/// As [`open`], and waits for a PostgreSQL that cannot be reached or takes no writes, for as long as it takes: a program
/// that ends instead is only started again, later and later. Answers none where it is told to stop meanwhile. To be called
/// inside a multi-threaded Tokio runtime.
///
/// # Errors
/// [`OpenError`], in words for the operator, where waiting does not help.
pub async fn open_when_there(
    settings: &Settings,
    stop: &CancellationToken,
) -> Result<Option<App>, OpenError> {
    let mut said: Option<Instant> = None;
    while !stop.is_cancelled() {
        let why = match tokio::task::block_in_place(|| open(settings)) {
            Err(OpenError::Database(why)) if why.is_passing() && can_come(settings) => why,
            opened => return opened.map(Some),
        };
        if said.is_none_or(|at| at.elapsed() >= REMINDER) {
            tracing::warn!("{why}; waits for it");
            said = Some(Instant::now());
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(None)
}

/// A file is there or is not.
fn can_come(settings: &Settings) -> bool {
    matches!(settings.database.url, DatabaseUrl::Postgres(_))
}
