//! What is done to Baton, one file for each scenario.

mod frozen;
mod kills;
mod restarts;
mod swallowed;

use crate::arguments::Scenario;
use crate::broken::Result;
use crate::drill::Drill;

/// Does to Baton what the plan says; ends when all of it is done and Baton's programs run.
pub(crate) async fn make(drill: &Drill) -> Result<()> {
    match drill.plan.scenario {
        Scenario::Kills => kills::make(drill).await,
        Scenario::Restarts => restarts::make(drill).await,
        Scenario::Frozen => frozen::make(drill).await,
        Scenario::Swallowed => swallowed::make(drill).await,
    }
}
