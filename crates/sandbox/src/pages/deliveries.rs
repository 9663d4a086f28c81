//! The log of deliveries, the same for every system.

use crate::outbox::delivery::{Delivery, Kind, State};

/// A line of the log.
pub(super) struct DeliveryLine {
    pub(super) id: u64,
    pub(super) at: String,
    pub(super) event: String,
    pub(super) kind: &'static str,
    pub(super) label: &'static str,
    pub(super) tone: &'static str,
    pub(super) detail: String,
    pub(super) about: Option<String>,
}

impl DeliveryLine {
    /// Of a delivery.
    pub(super) fn of(delivery: &Delivery) -> Self {
        let (label, tone) = match delivery.state {
            State::Held => ("Held", ""),
            State::Waiting if delivery.attempts.is_empty() => ("On its way", ""),
            State::Waiting => ("! Will be tried again", "warn"),
            State::Delivered => ("✓ Delivered", "good"),
            State::Failed => ("! Failed", "bad"),
            State::Dropped => ("Lost", "bad"),
        };
        Self {
            id: delivery.id,
            at: time(delivery.triggered_at),
            event: delivery.event.clone(),
            kind: match delivery.kind {
                Kind::Event => "",
                Kind::Test => "Test",
                Kind::Rerun => "Rerun",
                Kind::Duplicate => "Duplicate",
                Kind::Forged => "Forged",
            },
            label,
            tone,
            detail: detail(delivery),
            about: delivery.about_id.clone(),
        }
    }
}

fn detail(delivery: &Delivery) -> String {
    let Some(last) = delivery.attempts.last() else {
        return String::new();
    };
    let answer = match (last.status, &last.note) {
        (Some(status), _) => format!("answered {status}"),
        (None, Some(note)) => note.clone(),
        (None, None) => "no answer".to_owned(),
    };
    let tries = match delivery.attempts.len() {
        1 => "1 attempt".to_owned(),
        tries => format!("{tries} attempts"),
    };
    match delivery.next_attempt_at {
        Some(next) => format!("{answer}, {tries}, next {}", time(next)),
        None => format!("{answer}, {tries}"),
    }
}

/// A time of the sandbox's clock, for people.
pub(super) fn time(milliseconds: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(milliseconds);
    time.map_or_else(String::new, |time| {
        time.format("%-d %b, %H:%M:%S").to_string()
    })
}
