//! The log of every call, both ways.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Calls kept; the oldest go first.
const KEPT_CALLS: usize = 5_000;

/// Bytes kept of one body.
const KEPT_BODY: usize = 16 * 1024;

/// Who called whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// The ATS called the vendor.
    ToVendor,
    /// The vendor called the ATS.
    FromVendor,
}

/// Which system made or took a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ats {
    /// Greenhouse's side of the Assessment Partner API.
    #[default]
    Greenhouse,
    /// Lever.
    Lever,
}

impl Ats {
    /// Its name on pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Greenhouse => "Greenhouse",
            Self::Lever => "Lever",
        }
    }
}

/// What an answer of the vendor had wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Findings {
    /// Against the contract: reported to the vendor's error endpoint.
    pub(crate) errors: Vec<String>,
    /// Allowed, but worth mending.
    pub(crate) warnings: Vec<String>,
}

impl Findings {
    /// Adds what breaks the contract.
    pub(crate) fn error(&mut self, text: impl Into<String>) {
        self.errors.push(text.into());
    }

    /// Adds what is only unwise.
    pub(crate) fn warning(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }
}

/// One call with its answer. Credentials stand here in a shortened form only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    /// Rises by one with each call; given when the call is added to the log.
    pub(crate) sequence: u64,
    /// When it began, by the sandbox's clock.
    pub(crate) at: DateTime<Utc>,
    /// Which system it was.
    #[serde(default)]
    pub(crate) ats: Ats,
    /// Who called.
    pub(crate) direction: Direction,
    /// At Greenhouse `list_tests`, `send_test`, `test_status`, `response_error`, `patch` or `elsewhere`; at Lever the
    /// name of the endpoint, `token`, `revoke`, `webhook` or `elsewhere`.
    pub(crate) call: String,
    /// The HTTP method.
    pub(crate) method: String,
    /// The whole URL of a call to the vendor, path and query of a call from it.
    pub(crate) url: String,
    /// The credential, shortened.
    pub(crate) authorization: Option<String>,
    /// The body that was sent, cut at 16 KiB.
    pub(crate) request_body: Option<String>,
    /// The answer's status; none when no answer came.
    pub(crate) status: Option<u16>,
    /// The answer's body, cut at 16 KiB.
    pub(crate) response_body: Option<String>,
    /// From the first byte sent to the last received.
    pub(crate) milliseconds: u64,
    /// Why no answer came, or which fault was played.
    pub(crate) note: Option<String>,
    /// What the validator said of the answer.
    #[serde(flatten)]
    pub(crate) findings: Findings,
    /// Which organization the call was for.
    pub(crate) organization_id: Option<u64>,
    /// Which take home test the call was about.
    pub(crate) take_home_test_id: Option<u64>,
    /// Which account of Lever the call was for.
    #[serde(default)]
    pub(crate) account_id: Option<String>,
    /// Which opportunity the call was about.
    #[serde(default)]
    pub(crate) opportunity_id: Option<String>,
}

/// The newest calls, in the order in which they were added.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct CallLog {
    next: u64,
    calls: VecDeque<Call>,
}

impl CallLog {
    /// Adds one call and gives it its number.
    pub(crate) fn add(&mut self, mut call: Call) -> u64 {
        self.next += 1;
        call.sequence = self.next;
        call.request_body = call.request_body.map(shorten_body);
        call.response_body = call.response_body.map(shorten_body);
        self.calls.push_back(call);
        if self.calls.len() > KEPT_CALLS {
            self.calls.pop_front();
        }
        self.next
    }

    /// Adds how long a call took, once it has ended.
    pub(crate) fn set_milliseconds(&mut self, sequence: u64, milliseconds: u64) {
        let newest_first = self.calls.iter_mut().rev();
        for call in newest_first
            .filter(|call| call.sequence == sequence)
            .take(1)
        {
            call.milliseconds = milliseconds;
        }
    }

    /// All kept calls, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// One call by its number.
    pub(crate) fn find(&self, sequence: u64) -> Option<&Call> {
        self.calls.iter().find(|call| call.sequence == sequence)
    }

    /// Forgets all calls; numbering goes on.
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
    }
}

fn shorten_body(mut body: String) -> String {
    if body.len() > KEPT_BODY {
        let end = (0..=KEPT_BODY)
            .rev()
            .find(|at| body.is_char_boundary(*at))
            .unwrap_or(0);
        body.truncate(end);
        body.push_str(" … (cut)");
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let cut = shorten_body("é".repeat(KEPT_BODY));
        assert!(cut.len() < KEPT_BODY + 20);
        assert!(cut.ends_with("é … (cut)"));
    }
}
