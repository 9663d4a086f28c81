//! Every send that was answered is there, once.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Evidence, Findings};

pub(super) fn check(sends: usize, evidence: &Evidence, findings: &mut Findings) {
    let count = evidence.entries.len();
    if count != sends {
        findings.add(format!("{count} of {sends} sends were answered"));
    }
    for (email, entry) in &evidence.entries {
        let name = &entry.interview;
        match evidence.invites[entry.customer].get(name) {
            None => findings.add_of(name, "was answered and is not there"),
            Some(invite) if invite["candidate"]["email"] != json!(email) => {
                findings.add_of(name, "is another candidate's");
            }
            Some(_) => {}
        }
        let test = &evidence.tests[&entry.test];
        if test["interview_ids"] != json!([name]) {
            let ids = &test["interview_ids"];
            findings.add(format!(
                "one url, sent again, was answered with the ids {ids}"
            ));
        }
    }
    no_others(evidence, findings);
}

/// There is no invite that was never answered: each send was repeated until it was.
fn no_others(evidence: &Evidence, findings: &mut Findings) {
    for (customer, invites) in evidence.invites.iter().enumerate() {
        let entries = evidence.entries.values();
        let answered: BTreeSet<&String> = entries
            .filter(|entry| entry.customer == customer)
            .map(|entry| &entry.interview)
            .collect();
        for id in invites.keys().filter(|id| !answered.contains(id)) {
            findings.add(format!("invite {id} is there and was never answered"));
        }
    }
}
