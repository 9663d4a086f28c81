//! Things stand in the order in which they can only have happened.

use std::collections::HashSet;

use serde_json::Value;

use super::{Evidence, Findings};

/// What happens once to an invite that is taken, in this order.
const ONCE: [&str; 4] = [
    "invite.created",
    "invite.started",
    "invite.submitted",
    "invite.completed",
];

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    for entry in evidence.entries.values() {
        let timeline = &evidence.timelines[&entry.interview];
        let expected = if entry.goes_on { &ONCE[..] } else { &ONCE[..1] };
        timeline_of(&entry.interview, timeline, expected, findings);
    }
    statuses_read(evidence, findings);
}

fn timeline_of(name: &str, timeline: &[Value], expected: &[&str], findings: &mut Findings) {
    let types = || timeline.iter().filter_map(|event| event["type"].as_str());
    let life: Vec<&str> = types().filter(|name| name.starts_with("invite.")).collect();
    if life != expected {
        findings.add_of(name, format!("its timeline says {life:?}"));
    }
    let place = |wanted: &str| types().position(|name| name == wanted);
    let (completed, sent) = (place("invite.completed"), place("writeback.sent"));
    if sent.is_some() && sent < completed {
        findings.add_of(name, "told to Greenhouse before it was completed");
    }
    let sent = types().filter(|name| *name == "writeback.sent").count();
    if sent > 1 {
        findings.add_of(
            name,
            format!("its timeline says {sent} times that Greenhouse accepted"),
        );
    }
}

/// What was read as complete is never read as anything else again.
fn statuses_read(evidence: &Evidence, findings: &mut Findings) {
    let mut complete = HashSet::new();
    for call in &evidence.heard {
        let (Some(test), Some(status)) = (call.test, &call.partner_status) else {
            continue;
        };
        if status == "complete" {
            complete.insert(test);
        } else if complete.contains(&test) {
            findings.add(format!(
                "test {test} was complete, and later read as {status}"
            ));
        }
    }
}
