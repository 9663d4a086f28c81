//! No program panicked, and none logged an error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Findings;
use crate::drill::Drill;

pub(super) fn check(drill: &Drill, findings: &mut Findings) {
    let mut said = BTreeMap::<String, usize>::new();
    for program in &drill.rig.programs {
        let log = std::fs::read(program.log()).unwrap_or_default();
        for line in String::from_utf8_lossy(&log).lines() {
            if let Some(what) = alarming(line) {
                let entry = format!("{}: {what}", program.place);
                *said.entry(entry).or_default() += 1;
            }
        }
    }
    for (what, count) in said {
        findings.add(format!("{what} ({count} times)"));
    }
}

/// What a line of the log says, if it is an error, or no line of the log at all: a panic writes its own.
fn alarming(line: &str) -> Option<String> {
    match serde_json::from_str::<Value>(line) {
        Ok(event) if event["level"] == "ERROR" => {
            let told = event["message"]
                .as_str()
                .or(event["fields"]["message"].as_str());
            Some(told.unwrap_or(line).to_owned())
        }
        Ok(_) => None,
        Err(_) => line.contains("panicked").then(|| line.to_owned()),
    }
}
