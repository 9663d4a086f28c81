//! One drill from start to verdict.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Clock, SystemClock};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::arguments::Plan;
use crate::broken::Result;
use crate::check::{self, Evidence};
use crate::chronicle::Chronicle;
use crate::ledger::Ledger;
use crate::report::Report;
use crate::rig::Rig;
use crate::{traffic, trouble};

/// Of a hundred PATCHes and of a hundred mails so many meet a fault.
const FAULTS: u8 = 20;

/// Once all is well, a retry that is further off than this is brought forward: Baton's own waits grow to hours.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// What belongs to one drill.
#[derive(Debug)]
pub(crate) struct Drill {
    pub(crate) plan: Plan,
    pub(crate) rig: Rig,
    pub(crate) ledger: Ledger,
    pub(crate) chronicle: Chronicle,
}

/// Carries out `plan` with the programs in a folder. Where something is lost, or `keep` is set, its folder is kept.
///
/// # Errors
/// The drill itself cannot go on.
pub(crate) async fn run(plan: Plan, programs: &Path, keep: bool) -> Result<Report> {
    let begun = Instant::now();
    let rig = Rig::start(&plan, programs).await?;
    let drill = Arc::new(Drill {
        plan,
        rig,
        ledger: Ledger::default(),
        chronicle: Chronicle::default(),
    });
    let around = go_on(&drill);
    let ended = to_the_end(&drill).await;
    for going_on in around {
        going_on.abort();
        let _ = going_on.await;
    }
    let mut report = match ended {
        Ok(evidence) => Report::of(&drill, &evidence, begun.elapsed()),
        Err(why) => Report::broken_off(&drill, &why, begun.elapsed()),
    };
    if let (Ok(drill), true) = (Arc::try_unwrap(drill), keep || !report.is_good()) {
        report.kept = Some(drill.rig.keep());
    }
    Ok(report)
}

/// Everything that goes on by itself until the end.
fn go_on(drill: &Arc<Drill>) -> Vec<JoinHandle<()>> {
    let (tell, told) = mpsc::unbounded_channel();
    vec![
        tokio::spawn(traffic::receive(Arc::clone(drill), tell)),
        tokio::spawn(traffic::attend(Arc::clone(drill), told)),
        tokio::spawn(traffic::hear(Arc::clone(drill))),
        tokio::spawn(traffic::supervise(Arc::clone(drill))),
    ]
}

async fn to_the_end(drill: &Arc<Drill>) -> Result<Evidence> {
    drill.rig.post.disturb(FAULTS, drill.plan.seed);
    drill
        .rig
        .greenhouse
        .disturb(FAULTS, drill.plan.seed)
        .await?;
    let (sent, made) = tokio::join!(traffic::send_all(drill), trouble::make(drill));
    made?;
    sent?;
    drill.rig.post.calm();
    drill.rig.greenhouse.calm().await?;
    let settled = settle(drill).await;
    if let Some(left) = settled {
        drill.chronicle.odd(left);
    }
    traffic::hear_out(drill).await?;
    check::gather(drill).await
}

/// Waits until every candidate is through and no work is left; else what is left after the plan's time.
async fn settle(drill: &Drill) -> Option<String> {
    let begun = Instant::now();
    loop {
        let [_, going_on, handed_in] = drill.ledger.count();
        let left = work_left(drill);
        if handed_in == going_on && left == 0 {
            return None;
        }
        if begun.elapsed() > drill.plan.settles_within {
            let open = going_on - handed_in;
            return Some(format!(
                "after {:?} without faults {open} candidates are not through and {left} jobs are left",
                drill.plan.settles_within
            ));
        }
        bring_forward(drill);
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

fn work_left(drill: &Drill) -> i64 {
    let left = "SELECT count(*) FROM jobs WHERE state <> 'dead'";
    tokio::task::block_in_place(|| drill.rig.database.count(left))
}

/// Has jobs that wait for long, by themselves or parked, tried now.
fn bring_forward(drill: &Drill) {
    let now = SystemClock.now();
    let (far, now) = (
        (now + LONGEST_WAIT).timestamp_micros(),
        now.timestamp_micros(),
    );
    let far_off = format!("state IN ('ready', 'parked') AND run_at > {far}");
    let database = &drill.rig.database;
    tokio::task::block_in_place(|| {
        let count = database.count(&format!("SELECT count(*) FROM jobs WHERE {far_off}"));
        if count > 0 {
            let sooner = [
                format!("UPDATE parkings SET until = {now} WHERE until > {far}"),
                format!("UPDATE circuits SET open_until = {now} WHERE open_until > {far}"),
                format!("UPDATE jobs SET run_at = {now} WHERE {far_off}"),
            ];
            database.run_sql(&sooner.join("; "));
            drill.chronicle.note_brought_forward(count);
        }
    });
}
