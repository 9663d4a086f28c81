//! Greenhouse was told of every result, read it, and shows it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Evidence, Findings, NOTES_WITHIN};
use crate::broken::Result;
use crate::chronicle::{Blow, Deed};
use crate::drill::Drill;
use crate::ledger::Entry;
use crate::rig::Heard;

/// A PATCH was accepted, but the read that followed broke off, for the api was killed under it. What Greenhouse then does is
/// not documented; here it reads once more. Answers every sent test, by id.
pub(super) async fn read_again(drill: &Drill) -> Result<HashMap<u64, Value>> {
    let tests = by_id(drill.rig.greenhouse.tests().await?);
    for entry in drill.ledger.entries().values().filter(|it| it.goes_on) {
        let test = &tests[&entry.test];
        if test["state"] != json!("to_be_graded") && test["patches"] != json!(0) {
            drill.rig.greenhouse.read_again(entry.test).await?;
            drill.chronicle.note_read_again();
        }
    }
    crate::traffic::hear_out(drill).await?;
    Ok(by_id(drill.rig.greenhouse.tests().await?))
}

fn by_id(tests: Vec<Value>) -> HashMap<u64, Value> {
    let id = |test: &Value| test["take_home_test_id"].as_u64().unwrap_or_default();
    tests.into_iter().map(|test| (id(&test), test)).collect()
}

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let mut calls = HashMap::<u64, Vec<&Heard>>::new();
    for call in &evidence.heard {
        if let Some(test) = call.test {
            calls.entry(test).or_default().push(call);
        }
    }
    for entry in evidence.entries.values() {
        let calls = calls.remove(&entry.test).unwrap_or_default();
        if entry.goes_on {
            of_one_that_was_taken(entry, evidence, &calls, findings);
        } else if calls.iter().any(|call| call.call == "patch") {
            let name = &entry.interview;
            findings.add_of(name, "Greenhouse was told of a result that there is not");
        }
    }
}

fn of_one_that_was_taken(
    entry: &Entry,
    evidence: &Evidence,
    calls: &[&Heard],
    findings: &mut Findings,
) {
    let name = &entry.interview;
    let nothing = Value::Null;
    let invite = evidence.invites[entry.customer]
        .get(name)
        .unwrap_or(&nothing);
    let writeback = &invite["writebacks"][0]["state"];
    if invite["status"] != json!("completed") || invite["score"].as_f64() != Some(entry.score()) {
        let (status, score) = (&invite["status"], &invite["score"]);
        findings.add_of(name, format!("was handed in and is {status}, {score}"));
    }
    let test = &evidence.tests[&entry.test];
    if test["state"] != json!("to_be_graded") || test["score"].as_f64() != Some(entry.score()) {
        let (state, score) = (&test["state"], &test["score"]);
        findings.add_of(name, format!("Greenhouse shows it as {state}, {score}, where {} was scored; Baton's receipt is {writeback}",
            entry.score()
        ));
    } else if writeback != &json!("seen") {
        findings.add_of(
            name,
            format!("Greenhouse read its result, and the receipt is {writeback}"),
        );
    }
    if test["early_patches"] != json!(0) {
        findings.add_of(name, "PATCHed before its result could be read");
    }
    told(name, calls, &evidence.blows, findings);
}

/// Could Baton not note that this PATCH was accepted? A process that works on PATCHes was hit, or the database was.
fn explains(blow: &Blow, call: &Heard) -> bool {
    let felt = blow.until >= call.at && blow.from <= call.at + NOTES_WITHIN;
    felt && matches!(
        blow.deed,
        Deed::Killed(_) | Deed::Frozen(_) | Deed::Halted | Deed::Swallowed
    )
}

/// A PATCH was accepted, and the read that shows the result came after the first of them began.
fn told(name: &str, calls: &[&Heard], blows: &[Blow], findings: &mut Findings) {
    let patches = || calls.iter().filter(|call| call.call == "patch");
    let Some(first) = patches().next() else {
        return findings.add_of(name, "no PATCH came");
    };
    let accepted = |call: &&&Heard| call.status == Some(200);
    if !patches().any(|call| accepted(&call)) {
        findings.add_of(name, "no PATCH was accepted");
    }
    let read = calls.iter().any(|call| {
        call.sequence > first.sequence && call.partner_status.as_deref() == Some("complete")
    });
    if !read {
        findings.add_of(name, "its result was never read after a PATCH");
    }
    let patches: Vec<&&Heard> = patches().collect();
    for first in patches.iter().rev().skip(1).filter(|call| accepted(call)) {
        match blows.iter().any(|blow| explains(blow, first)) {
            true => findings.explain(
                "PATCH repeated: its sender was hit before it could note that it was accepted",
            ),
            false => findings.add_of(name, "PATCHed again after it was accepted, for no reason"),
        }
    }
}
