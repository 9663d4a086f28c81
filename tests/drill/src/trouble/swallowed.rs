//! Connections to PostgreSQL end between a COMMIT and its answer: it is done, and Baton cannot know.

use std::time::Duration;

use crate::broken::{Result, broken};
use crate::drill::Drill;

/// How long the proxy may wait for COMMITs to swallow, beyond the time of the sends.
const PATIENCE: Duration = Duration::from_secs(60);

const LOOKS_EVERY: Duration = Duration::from_millis(100);

pub(super) async fn make(drill: &Drill) -> Result<()> {
    let Some(proxy) = &drill.rig.proxy else {
        return broken("only PostgreSQL's connections can be swallowed");
    };
    proxy.swallow(drill.plan.blows);
    let all = async {
        while proxy.swallowed().len() < drill.plan.blows {
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    };
    let waited = tokio::time::timeout(drill.plan.sending_time() + PATIENCE, all).await;
    proxy.swallow(0);
    for at in proxy.swallowed() {
        drill
            .chronicle
            .note_at(crate::chronicle::Deed::Swallowed, at);
    }
    if waited.is_err() {
        drill
            .chronicle
            .odd("there were not enough COMMITs to swallow");
    }
    Ok(())
}
