//! An invite's facts, in words.

use app::invites::EventRecord;
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::parts::TimelineEntry;
use crate::when::When;

/// The entries for `events`, in their order.
pub(crate) fn entries(events: &[EventRecord], now: DateTime<Utc>) -> Vec<TimelineEntry> {
    let entry = |event: &EventRecord| {
        let detail = words(&event.name, &event.detail);
        TimelineEntry::new(&event.name, detail, When::new(event.at, now))
    };
    events.iter().map(entry).collect()
}

/// Why, or what was answered, where a fact says so.
fn words(name: &str, detail: &Value) -> Option<String> {
    let text = |member: &str| detail[member].as_str().map(str::to_owned);
    match name {
        "invite.created" if detail["mails"] == false => {
            Some("Baton does not mail this one: the link is handed on another way.".into())
        }
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
        _ => text("reason").or_else(|| text("detail")),
    }
}
