//! What Baton answered to Greenhouse: nothing but 200, or an end that a deed explains.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Evidence, Findings};
use crate::chronicle::{Blow, Deed};
use crate::rig::{Heard, Role};

/// A caller may feel a blow so long after it: until the programs are up, and pooled connections are used up.
const FELT_FOR: TimeDelta = TimeDelta::seconds(5);

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let mut without_cause = BTreeMap::<String, usize>::new();
    for call in &evidence.heard {
        for complaint in &call.complaints {
            findings.add(format!(
                "Greenhouse complains of {}: {complaint}",
                call.call
            ));
        }
        if call.call == "patch" || call.status == Some(200) {
            continue;
        }
        let told = told(call);
        match evidence.blows.iter().any(|blow| explains(blow, call)) {
            true => findings.explain(told),
            false => *without_cause.entry(told).or_default() += 1,
        }
    }
    for (told, count) in without_cause {
        findings.add(format!("{told}, {count} times, for no reason"));
    }
}

fn told(call: &Heard) -> String {
    match (call.status, &call.note) {
        (Some(status), _) => format!("{} was answered {status}", call.call),
        (None, Some(note)) => format!("{} was not answered: {note}", call.call),
        (None, None) => format!("{} was not answered", call.call),
    }
}

fn explains(blow: &Blow, call: &Heard) -> bool {
    let felt = blow.from <= call.at + FELT_FOR && call.at <= blow.until + FELT_FOR;
    let able = match (blow.deed, call.status) {
        (Deed::Killed(place), None) => place.role == Role::Api,
        (Deed::Halted | Deed::Swallowed, status) => status == Some(503),
        _ => false,
    };
    felt && able
}
