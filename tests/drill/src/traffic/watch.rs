//! What the drill itself does meanwhile: it keeps the sandbox's log, and notices programs that end by themselves.

use std::sync::Arc;
use std::time::Duration;

use crate::broken::Result;
use crate::drill::Drill;

/// The sandbox keeps the newest 5,000 calls: this is often enough.
const HEARS_EVERY: Duration = Duration::from_millis(500);

const LOOKS_EVERY: Duration = Duration::from_millis(100);

/// Takes in the sandbox's log for ever.
pub(crate) async fn hear(drill: Arc<Drill>) {
    loop {
        if let Err(why) = hear_out(&drill).await {
            drill.chronicle.odd(format!("the sandbox's log: {why}"));
        }
        tokio::time::sleep(HEARS_EVERY).await;
    }
}

/// Takes in what is new in the sandbox's log.
pub(crate) async fn hear_out(drill: &Drill) -> Result<()> {
    let last = drill.ledger.last_heard();
    let calls = drill.rig.greenhouse.log(last).await?;
    if let Some(first) = calls.first().filter(|first| first.sequence != last + 1) {
        let missed = first.sequence - last - 1;
        drill.chronicle.odd(format!(
            "the drill missed {missed} calls of the sandbox's log"
        ));
    }
    drill.ledger.hear(calls);
    Ok(())
}

/// Starts again, for ever, what ends by itself, and notes it: nothing but the drill should end a program.
pub(crate) async fn supervise(drill: Arc<Drill>) {
    loop {
        for program in &drill.rig.programs {
            if let Ok(Some(status)) = program.ended().await {
                let place = program.place;
                drill
                    .chronicle
                    .odd(format!("{place} ended by itself: {status}"));
                if let Err(why) = drill.rig.launch(program).await {
                    drill
                        .chronicle
                        .odd(format!("{place} could not be started again: {why}"));
                }
            }
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}
