//! A worker is frozen (SIGSTOP) with work in its hands, for so long that the other takes it over; then it goes on
//! (SIGCONT) as if nothing had been.

use domain::{Clock, SystemClock};

use crate::broken::{Result, broken};
use crate::chronicle::Deed;
use crate::drill::Drill;
use crate::rig::{Program, Role};

pub(super) async fn make(drill: &Drill) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(drill.plan.seed ^ 0x6672_6f7a_656e);
    let pause = drill.plan.sending_time().mul_f64(0.2 * random.f64() + 0.05);
    for _ in 0..drill.plan.blows {
        tokio::time::sleep(pause).await;
        let workers = drill.rig.programs.iter();
        let workers: Vec<&Program> = workers.filter(|it| it.place.role == Role::Worker).collect();
        let Some(worker) = random.choice(workers) else {
            return broken("there is no worker to freeze");
        };
        let from = SystemClock.now();
        worker.signal("STOP").await?;
        tokio::time::sleep(drill.plan.frozen_for).await;
        worker.signal("CONT").await?;
        drill.chronicle.note_since(Deed::Frozen(worker.place), from);
    }
    Ok(())
}
