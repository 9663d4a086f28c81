//! Whether a program may be sent work.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use telemetry::{Check, Outcome, Readiness};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::open::{OpenError, fits, keys_are_there};

/// The keys are looked for this often: that reads every stored secret's key id.
const KEYS_EVERY: Duration = Duration::from_secs(60);

/// Whether `app` may be sent work: the database answers and takes writes, this release can run on its schema, its secrets can
/// be read.
pub fn readiness(app: &App) -> Readiness {
    let readiness = Readiness::starting();
    watch(&readiness, app);
    readiness
}

/// From now on `readiness` says whether `app` may be sent work.
pub fn watch(readiness: &Readiness, app: &App) {
    let (app, keys_seen) = (app.clone(), Arc::new(Mutex::new(None)));
    readiness.check(move || {
        let (app, keys_seen) = (app.clone(), Arc::clone(&keys_seen));
        async move { checks(&app, &keys_seen).await }
    });
}

async fn checks(app: &App, keys_seen: &Mutex<Option<Instant>>) -> Vec<Check> {
    let schema = app.db().read(fits).await;
    let database = match &schema {
        Ok(_) => Outcome::Passed,
        Err(error) => Outcome::Failed(error.to_string()),
    };
    let check = |name, outcome| Check { name, outcome };
    let Ok(schema) = schema else {
        let rest = ["writes", "schema", "keys"].map(|name| check(name, Outcome::NotMade));
        return std::iter::once(check("database", database))
            .chain(rest)
            .collect();
    };
    let fits = schema.is_ok();
    let keys = if fits {
        outcome(keys(app, keys_seen).await)
    } else {
        Outcome::NotMade
    };
    vec![
        check("database", database),
        check("writes", outcome(app.db().takes_writes().await)),
        check("schema", outcome(schema)),
        check("keys", keys),
    ]
}

/// Once found they stay: they are looked for again, but not each time.
async fn keys(app: &App, seen: &Mutex<Option<Instant>>) -> Result<(), OpenError> {
    let mut seen = seen.lock().await;
    if seen.is_some_and(|at| at.elapsed() < KEYS_EVERY) {
        return Ok(());
    }
    let looking = app.clone();
    app.db()
        .read(move |conn| keys_are_there(conn, |id| looking.holds_key(id)))
        .await??;
    *seen = Some(Instant::now());
    Ok(())
}

fn outcome(of: Result<(), impl std::fmt::Display>) -> Outcome {
    match of {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(error.to_string()),
    }
}
