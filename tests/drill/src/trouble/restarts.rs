//! PostgreSQL is stopped as a crash would stop it, and started again.

use std::time::Duration;

use domain::{Clock, SystemClock};

use crate::broken::{Result, broken};
use crate::chronicle::Deed;
use crate::drill::Drill;

/// Once PostgreSQL answers again, every api has to be ready within this time.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// Between two restarts.
const SHORTEST_CALM: Duration = Duration::from_secs(2);

/// Spreads the plan's restarts over the time of the sends.
pub(super) async fn make(drill: &Drill) -> Result<()> {
    let Some(postgres) = &drill.rig.postgres else {
        return broken("only PostgreSQL can be restarted");
    };
    let mut random = fastrand::Rng::with_seed(drill.plan.seed ^ 0x7265_7374_6172_7473);
    let restarts = u32::try_from(drill.plan.blows).unwrap_or(u32::MAX).max(1);
    let pause = drill.plan.sending_time() / restarts;
    for _ in 0..restarts {
        // Else Baton would get nothing done between two restarts, and the next would find it idle.
        tokio::time::sleep(pause.max(SHORTEST_CALM)).await;
        let from = SystemClock.now();
        tokio::task::block_in_place(|| postgres.halt())?;
        refuses(drill).await;
        tokio::time::sleep(Duration::from_millis(random.u64(200..1_500))).await;
        tokio::task::block_in_place(|| postgres.resume())?;
        drill.chronicle.note_since(Deed::Halted, from);
        match drill.rig.until_ready(READY_WITHIN).await {
            Ok(took) => drill.chronicle.note_ready(took),
            Err(why) => drill
                .chronicle
                .odd(format!("{why} after PostgreSQL was back")),
        }
    }
    Ok(())
}

/// Without its database the api is there, says so, and is not ready.
async fn refuses(drill: &Drill) {
    let url = format!("{}/readyz", drill.rig.vendor.url);
    let answer = drill.rig.http.get(url).send().await;
    match answer.map(|answer| answer.status().as_u16()) {
        Ok(503) => drill.chronicle.note_refusal(),
        Ok(status) => drill
            .chronicle
            .odd(format!("/readyz answers {status} while PostgreSQL is down")),
        Err(why) => drill.chronicle.odd(format!(
            "/readyz is not answered while PostgreSQL is down: {why}"
        )),
    }
}
