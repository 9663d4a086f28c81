//! Each candidate got one mail. A copy more has a cause, and the same Message-ID.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use mail::catcher::Fault;
use serde_json::Value;

use super::{Evidence, Findings, NOTES_WITHIN};
use crate::chronicle::{Blow, Deed};
use crate::rig::Copy;

/// How well times of different clocks' readings can be compared.
const TOLERANCE: TimeDelta = TimeDelta::seconds(1);

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let mut by_address = BTreeMap::<&str, Vec<&Copy>>::new();
    for copy in &evidence.copies {
        by_address.entry(&copy.email).or_default().push(copy);
    }
    for (email, entry) in &evidence.entries {
        let copies = by_address.remove(email.as_str()).unwrap_or_default();
        let (invite, timeline) = (
            evidence.invites[entry.customer].get(&entry.interview),
            &evidence.timelines[&entry.interview],
        );
        copies_of_one(&entry.interview, &copies, &evidence.blows, findings);
        if entry.goes_on && !copies.is_empty() && says(timeline, "mail.not_sent").count() == 1 {
            findings.explain("mail not repeated: its candidate had handed in by then");
            continue;
        }
        if let Some(state) = invite
            .map(|it| &it["email_state"])
            .filter(|it| **it != "sent")
        {
            findings.add_of(&entry.interview, format!("its mail is {state}"));
        }
        noted(
            &entry.interview,
            &copies,
            timeline,
            &evidence.blows,
            findings,
        );
    }
    for email in by_address.keys() {
        findings.add(format!(
            "a mail went to {email}, whose send was never answered"
        ));
    }
}

fn copies_of_one(name: &str, copies: &[&Copy], blows: &[Blow], findings: &mut Findings) {
    let Some(first) = copies.first() else {
        return findings.add_of(name, "no mail came");
    };
    if copies
        .iter()
        .any(|copy| copy.message_id != first.message_id)
    {
        findings.add_of(name, "its mails have different Message-IDs");
    }
    for pair in copies.windows(2) {
        match cause(pair[0], pair[1], blows) {
            Some(cause) => findings.explain(format!("mail repeated: {cause}")),
            None => findings.add_of(told(name, pair), "a second mail, for no reason"),
        }
    }
}

fn told(name: &str, pair: &[&Copy]) -> String {
    let [first, second] = [0, 1].map(|at| format!("{} at {}", pair[at].from, pair[at].at));
    format!("{name}: by {first}, then by {second}")
}

/// Why `earlier` was not the last copy.
fn cause(earlier: &Copy, later: &Copy, blows: &[Blow]) -> Option<&'static str> {
    if earlier.fault == Some(Fault::Cut) {
        return Some("the relay hung up after it had taken the mail");
    }
    let within = |from: DateTime<Utc>, until: DateTime<Utc>| {
        until >= earlier.at - TOLERANCE && from <= later.at.min(earlier.at + NOTES_WITHIN)
    };
    blows.iter().find_map(|blow| match blow.deed {
        Deed::Killed(place) if place == earlier.from && within(blow.from, blow.until) => {
            Some("its sender was killed before it could note that it was sent")
        }
        Deed::Frozen(place) if place == earlier.from && within(blow.from, blow.until) => {
            Some("its sender was frozen before it could note that it was sent")
        }
        Deed::Frozen(_) if thawed(blow, later) => {
            Some("its sender was frozen in mid-send and went on")
        }
        Deed::Halted if within(blow.from, blow.until) => {
            Some("PostgreSQL was down when it was to be noted that it was sent")
        }
        Deed::Swallowed if within(blow.from, blow.until) => {
            Some("the COMMIT that noted it was swallowed")
        }
        _ => None,
    })
}

fn says<'a>(timeline: &'a [Value], name: &'static str) -> impl Iterator<Item = &'a Value> {
    timeline.iter().filter(move |event| event["type"] == name)
}

/// That it was sent stands on the timeline once, and no copy came after that.
fn noted(
    name: &str,
    copies: &[&Copy],
    timeline: &[Value],
    blows: &[Blow],
    findings: &mut Findings,
) {
    let noted: Vec<&Value> = says(timeline, "mail.sent").collect();
    if noted.len() != 1 {
        let count = noted.len();
        findings.add_of(
            name,
            format!("its timeline says {count} times that the mail was sent"),
        );
    }
    let at = noted.last().and_then(|event| event["at"].as_str());
    let at = at.and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let late = |copy: &&&Copy| at.is_some_and(|at| copy.at > at + TOLERANCE);
    for copy in copies.iter().filter(late) {
        match blows.iter().any(|blow| thawed(blow, copy)) {
            true => findings.explain(
                "mail after it was noted as sent, by a worker that was frozen in mid-send",
            ),
            false => findings.add_of(name, "a mail after it was noted as sent"),
        }
    }
}

/// What a worker had begun to send before it was frozen goes out when it is thawed.
fn thawed(blow: &Blow, copy: &Copy) -> bool {
    blow.deed == Deed::Frozen(copy.from)
        && blow.from <= copy.at
        && copy.at <= blow.until + NOTES_WITHIN
}
