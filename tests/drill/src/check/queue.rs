//! No work is left, and none was given up.

use super::Findings;
use crate::drill::Drill;

pub(super) fn check(drill: &Drill, findings: &mut Findings) {
    let shown = "SELECT kind || ', ' || state || ', attempt ' || attempt || ', ' || coalesce(last_error, '-') AS text FROM jobs";
    let left = tokio::task::block_in_place(|| drill.rig.database.texts(shown));
    for job in left {
        findings.add_of("the queue", format!("a job is left: {job}"));
    }
}
