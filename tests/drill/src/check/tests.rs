//! A check is worth what it finds: each harm done to sound evidence has to be told.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use mail::catcher::Fault;
use serde_json::{Value, json};

use super::{Evidence, Findings, of_both_sides};
use crate::chronicle::{Blow, Deed};
use crate::ledger::Entry;
use crate::rig::{Copy, Heard, Place, Role};

const EMAIL: &str = "candidate-0@candidate.example";
const TEST: u64 = 123_456_789_012;
const INVITE: &str = "one";

fn worker(number: usize) -> Place {
    let role = Role::Worker;
    Place { role, number }
}

fn after(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn copy(number: usize, at: i64) -> Copy {
    Copy {
        email: EMAIL.to_owned(),
        message_id: "<one.1.invitation@baton.example>".to_owned(),
        from: worker(number),
        at: after(at),
        fault: None,
        link: None,
    }
}

fn heard(sequence: u64, call: &str, partner_status: Option<&str>) -> Heard {
    Heard {
        sequence,
        call: call.to_owned(),
        at: after(100),
        status: Some(200),
        note: None,
        test: Some(TEST),
        partner_status: partner_status.map(str::to_owned),
        complaints: Vec::new(),
    }
}

fn killed(number: usize, at: i64) -> Blow {
    Blow {
        deed: Deed::Killed(worker(number)),
        from: after(at),
        until: after(at),
    }
}

fn event(name: &str, at: i64) -> Value {
    json!({ "type": name, "at": after(at), "detail": {} })
}

/// One test, sent, mailed, taken and told, with nothing amiss.
fn sound() -> Evidence {
    let entry = Entry {
        customer: 0,
        test: TEST,
        interview: INVITE.to_owned(),
        goes_on: true,
        choice: 0,
    };
    let invite = json!({
        "status": "completed", "score": 100.0, "email_state": "sent",
        "candidate": { "email": EMAIL }, "writebacks": [{ "state": "seen" }],
    });
    let test = json!({
        "interview_ids": [INVITE], "state": "to_be_graded", "score": 100.0, "early_patches": 0,
    });
    let timeline = vec![
        event("invite.created", 0),
        event("mail.sent", 60),
        event("invite.started", 61),
        event("invite.submitted", 62),
        event("invite.completed", 62),
        event("writeback.sent", 63),
        event("writeback.seen", 63),
    ];
    let text = str::to_owned;
    Evidence {
        entries: BTreeMap::from([(text(EMAIL), entry)]),
        copies: vec![copy(0, 60)],
        heard: vec![
            heard(1, "send_test", None),
            heard(2, "patch", None),
            heard(3, "test_status", Some("complete")),
        ],
        blows: Vec::new(),
        tests: HashMap::from([(TEST, test)]),
        invites: vec![HashMap::from([(text(INVITE), invite)])],
        timelines: HashMap::from([(text(INVITE), timeline)]),
    }
}

fn findings(evidence: &Evidence) -> Findings {
    let mut findings = Findings::default();
    of_both_sides(1, evidence, &mut findings);
    findings
}

#[track_caller]
fn assert_told(told: &str, harm: impl FnOnce(&mut Evidence)) {
    let mut evidence = sound();
    harm(&mut evidence);
    let unexplained = findings(&evidence).unexplained;
    let is_told = unexplained.keys().any(|what| what.contains(told));
    assert!(is_told, "{unexplained:?}");
}

fn invite(evidence: &mut Evidence) -> &mut Value {
    evidence.invites[0].get_mut(INVITE).expect("it is there")
}

fn test(evidence: &mut Evidence) -> &mut Value {
    evidence.tests.get_mut(&TEST).expect("it is there")
}

fn timeline(evidence: &mut Evidence) -> &mut Vec<Value> {
    evidence.timelines.get_mut(INVITE).expect("it is there")
}

#[test]
fn nothing_is_found_in_sound_evidence() {
    let findings = findings(&sound());
    assert_eq!(findings.unexplained, BTreeMap::new());
    assert!(findings.explained.is_empty());
}

#[test]
fn a_send_that_was_answered_and_is_gone_is_told() {
    assert_told("is not there", |it| {
        it.invites[0].remove(INVITE);
    });
    assert_told("0 of 1 sends", |it| it.entries.clear());
}

#[test]
fn two_invites_for_one_url_are_told() {
    assert_told("with the ids", |it| {
        test(it)["interview_ids"] = json!([INVITE, "two"]);
    });
    assert_told("was never answered", |it| {
        let other = invite(it).clone();
        it.invites[0].insert("two".to_owned(), other);
    });
}

#[test]
fn a_mail_that_did_not_come_is_told() {
    assert_told("no mail came", |it| it.copies.clear());
}

#[test]
fn a_second_mail_for_no_reason_is_told() {
    assert_told("for no reason", |it| it.copies.insert(0, copy(1, 30)));
    assert_told("for no reason", |it| {
        it.copies.insert(0, copy(1, 30));
        // Killed, but another one, long after, or before it had sent.
        it.blows = vec![killed(0, 31), killed(1, 50), killed(1, 20)];
    });
}

#[test]
fn a_second_mail_after_a_kill_or_a_cut_is_explained_if_it_is_the_same_mail() {
    let mut evidence = sound();
    evidence.copies.insert(0, copy(1, 30));
    evidence.blows = vec![killed(1, 31)];
    assert_eq!(findings(&evidence).unexplained, BTreeMap::new());
    assert_eq!(findings(&evidence).explained.len(), 1);
    evidence.copies[0].message_id = "<another>".to_owned();
    assert_eq!(findings(&evidence).unexplained.len(), 1);
    assert_told("for no reason", |it| {
        let slow = Some(Fault::Slow { milliseconds: 9 });
        it.copies.insert(
            0,
            Copy {
                fault: slow,
                ..copy(1, 30)
            },
        );
    });
    let mut evidence = sound();
    let cut = Some(Fault::Cut);
    evidence.copies.insert(
        0,
        Copy {
            fault: cut,
            ..copy(1, 30)
        },
    );
    assert_eq!(findings(&evidence).unexplained, BTreeMap::new());
}

#[test]
fn a_mail_after_it_was_noted_as_sent_is_told_unless_its_worker_was_frozen() {
    let late = |it: &mut Evidence| {
        it.copies.push(copy(1, 90));
        it.blows = vec![killed(0, 61)];
    };
    assert_told("after it was noted", late);
    let mut evidence = sound();
    late(&mut evidence);
    evidence.blows.push(Blow {
        deed: Deed::Frozen(worker(1)),
        from: after(59),
        until: after(89),
    });
    assert_eq!(findings(&evidence).unexplained, BTreeMap::new());
}

#[test]
fn a_mail_noted_twice_is_told() {
    assert_told("2 times that the mail was sent", |it| {
        timeline(it).insert(1, event("mail.sent", 59));
    });
}

#[test]
fn a_result_that_greenhouse_does_not_show_is_told() {
    assert_told("Greenhouse shows it as", |it| {
        test(it)["state"] = json!("waiting");
    });
    assert_told("Greenhouse shows it as", |it| {
        test(it)["score"] = json!(0.0);
    });
    assert_told("no PATCH came", |it| {
        it.heard.retain(|call| call.call != "patch");
    });
    assert_told("no PATCH was accepted", |it| it.heard[1].status = Some(500));
    assert_told("never read after", |it| it.heard[2].sequence = 1);
    assert_told("the receipt is", |it| {
        invite(it)["writebacks"][0]["state"] = json!("sent");
    });
    assert_told("was handed in and is", |it| {
        invite(it)["status"] = json!("started");
    });
    assert_told("before its result", |it| {
        test(it)["early_patches"] = json!(1);
    });
}

#[test]
fn a_result_that_there_is_not_is_told() {
    assert_told("a result that there is not", |it| {
        it.entries.get_mut(EMAIL).expect("it is there").goes_on = false;
    });
}

#[test]
fn what_is_out_of_order_is_told() {
    assert_told("its timeline says [", |it| timeline(it).swap(2, 3));
    assert_told("its timeline says [", |it| {
        timeline(it).insert(5, event("invite.completed", 62));
    });
    assert_told("before it was completed", |it| timeline(it).swap(4, 5));
    assert_told("later read as started", |it| {
        it.heard.push(heard(4, "test_status", Some("started")));
    });
}

#[test]
fn an_answer_other_than_200_is_told_unless_a_deed_explains_it() {
    assert_told("send_test was answered 500", |it| {
        it.heard[0].status = Some(500);
    });
    assert_told("send_test was answered 503", |it| {
        it.heard[0].status = Some(503);
    });
    assert_told("send_test was not answered", |it| it.heard[0].status = None);
    let mut evidence = sound();
    evidence.heard[0].status = Some(503);
    evidence.blows = vec![Blow {
        deed: Deed::Halted,
        from: after(90),
        until: after(99),
    }];
    assert_eq!(findings(&evidence).unexplained, BTreeMap::new());
}
