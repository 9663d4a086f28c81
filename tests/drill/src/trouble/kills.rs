//! Processes are killed (SIGKILL) at random moments, and started again soon after.

use std::time::Duration;

use crate::broken::Result;
use crate::chronicle::Deed;
use crate::drill::Drill;

/// A killed process is away for so long at most.
const LONGEST_ABSENCE: Duration = Duration::from_millis(400);

/// Spreads the plan's kills over the time of the sends.
pub(super) async fn make(drill: &Drill) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(drill.plan.seed ^ 0x006b_696c_6c73);
    let kills = u32::try_from(drill.plan.blows).unwrap_or(u32::MAX).max(1);
    let pause = drill.plan.sending_time() / kills;
    let mut left = drill.plan.blows;
    while left > 0 {
        let absence = LONGEST_ABSENCE.mul_f64(random.f64());
        let pause = pause.mul_f64(0.5 + random.f64()).saturating_sub(absence);
        tokio::time::sleep(pause).await;
        let program = &drill.rig.programs[random.usize(..drill.rig.programs.len())];
        if program.kill().await? {
            drill.chronicle.note(Deed::Killed(program.place));
            left -= 1;
        }
        tokio::time::sleep(absence).await;
        drill.rig.launch(program).await?;
        drill.chronicle.note_start();
    }
    Ok(())
}
