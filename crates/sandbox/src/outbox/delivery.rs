//! One delivery of an event to a webhook, and its attempts.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Why there is a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Something happened.
    Event,
    /// It only tries the connection.
    Test,
    /// **Rerun** was pressed.
    Rerun,
    /// The same bytes once more.
    Duplicate,
    /// It did not happen.
    Forged,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Kept back until it is released.
    Held,
    /// An attempt is to come, or under way.
    Waiting,
    /// Answered as the system wants it.
    Delivered,
    /// Not answered so, and no attempt is to come.
    Failed,
    /// Never sent.
    Dropped,
}

/// One attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: i64,
    /// None where no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) milliseconds: u64,
    /// Why no answer came.
    pub(crate) note: Option<String>,
}

/// One delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) webhook_id: String,
    /// Whose webhook it is: an account's, or an organization's.
    pub(crate) owner_id: String,
    pub(crate) event: String,
    pub(crate) event_id: Option<String>,
    /// Whom it tells of: an opportunity, or a candidate.
    pub(crate) about_id: Option<String>,
    pub(crate) triggered_at: i64,
    pub(crate) url: String,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) next_attempt_at: Option<i64>,
    /// What is sent beside the type of the body.
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) attempts: Vec<Attempt>,
}

impl Delivery {
    /// The same bytes as another delivery.
    pub(crate) fn again(&self, kind: Kind) -> Self {
        Self {
            kind,
            state: State::Waiting,
            next_attempt_at: None,
            attempts: Vec::new(),
            ..self.clone()
        }
    }

    /// For the control API, by the system's words for whose webhook it is and whom it tells of.
    pub(crate) fn shown(&self, owner: &str, about: &str) -> Value {
        let mut shown = json!({
            "id": self.id,
            "webhook_id": self.webhook_id,
            "event_id": self.event_id,
            "event": self.event,
            "triggered_at": self.triggered_at,
            "url": self.url,
            "kind": self.kind,
            "state": self.state,
            "next_attempt_at": self.next_attempt_at.map(time),
            "body": self.body,
            "attempts": self.attempts.iter().map(Attempt::shown).collect::<Vec<_>>(),
        });
        shown[owner] = self.owner_id.as_str().into();
        shown[about] = self.about_id.as_deref().into();
        shown
    }
}

impl Attempt {
    fn shown(&self) -> Value {
        json!({
            "at": time(self.at),
            "status": self.status,
            "milliseconds": self.milliseconds,
            "note": self.note,
        })
    }
}

fn time(milliseconds: i64) -> String {
    let time = DateTime::from_timestamp_millis(milliseconds).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
