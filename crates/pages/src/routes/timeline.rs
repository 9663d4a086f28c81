//! An invite's facts, in words.

use app::invites::EventRecord;
use chrono::{DateTime, Utc};
use domain::{Target, WritebackState};
use serde_json::Value;

use crate::dashboard::MailNews;
use crate::parts::TimelineEntry;
use crate::when::When;

/// The entries for `events`, in their order.
pub(crate) fn entries(events: &[EventRecord], now: DateTime<Utc>) -> Vec<TimelineEntry> {
    events.iter().map(|event| entry(event, now)).collect()
}

fn entry(event: &EventRecord, now: DateTime<Utc>) -> TimelineEntry {
    let detail = words(&event.name, &event.detail);
    let when = When::new(event.at, now);
    match written_back(event) {
        Some((target, state)) => TimelineEntry::of_writeback(target, state, detail, when),
        None => TimelineEntry::new(&event.name, detail, when),
    }
}

/// Where a write-back goes and how far it has come, where the fact is about one.
fn written_back(event: &EventRecord) -> Option<(Target, WritebackState)> {
    let state = event.name.strip_prefix("writeback.")?;
    let target = event.detail["target"].as_str()?;
    Some((Target::parse(target)?, WritebackState::parse(state)?))
}

/// What the newest fact about a mail says.
pub(crate) fn mail_news(newest_first: &[EventRecord]) -> MailNews {
    let newest = newest_first
        .iter()
        .find(|event| event.name.starts_with("mail."));
    newest.map_or_else(MailNews::default, |event| MailNews {
        reason: event.detail["reason"].as_str().map(str::to_owned),
        delivered: event.name == "mail.delivered",
        complained: event.name == "mail.complained",
    })
}

/// Which mail, where it is not the invitation, and why.
fn mail_words(detail: &Value) -> Option<String> {
    let which = match detail["mail"].as_str() {
        Some(mail) if mail.starts_with("reminder") => Some("The reminder"),
        Some(mail) if mail.starts_with("resend") => Some("One more mail with the same link"),
        _ => None,
    };
    match (which, detail["reason"].as_str()) {
        (Some(which), Some(reason)) => Some(format!("{which}: {reason}")),
        (Some(which), None) => Some(format!("{which}.")),
        (None, reason) => reason.map(str::to_owned),
    }
}

/// Why, or what was answered, where a fact says so.
fn words(name: &str, detail: &Value) -> Option<String> {
    let text = |member: &str| detail[member].as_str().map(str::to_owned);
    match name {
        "invite.created" if detail["mails"] == false => {
            Some("Baton does not mail this one: the link is handed on another way.".into())
        }
        "interview.filed" if detail["advance"] == false => {
            Some("The interviewer would not go on.".into())
        }
        "interview.filed" => Some("The interviewer would go on.".into()),
        "interview.answered" if detail["interested"] == true => Some("Wants to go on.".into()),
        "interview.answered" => Some("Does not want to go on.".into()),
        "invite.submitted" if detail["time_ran_out"] == true => {
            Some("The time ran out: what was saved was submitted.".into())
        }
        "invite.reset" => Some(format!("Attempt {}.", detail["attempt"])),
        "result.revised" if detail["final"] == false => {
            Some(format!("Revision {}, provisional.", detail["revision"]))
        }
        "result.revised" => Some(format!("Revision {}.", detail["revision"])),
        "greenhouse.response_error" => {
            let errors = detail["errors"].as_array()?;
            let errors: Vec<&str> = errors.iter().filter_map(Value::as_str).collect();
            Some(errors.join("; "))
        }
        name if name.starts_with("mail.") => mail_words(detail),
        _ => text("reason").or_else(|| text("detail")),
    }
}
