//! What a command answers: lines for people, or JSON for programs.

use serde_json::Value;

/// One answer in both forms.
#[derive(Debug)]
pub(crate) struct Answer {
    lines: String,
    json: Value,
    status: u8,
}

impl Answer {
    pub(crate) fn new(lines: impl Into<String>, json: Value) -> Self {
        Self {
            lines: lines.into(),
            json,
            status: 0,
        }
    }

    /// The same, ending the program with this status.
    pub(crate) fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn status(&self) -> u8 {
        self.status
    }

    pub(crate) fn written(&self, as_json: bool) -> String {
        if as_json {
            self.json.to_string()
        } else {
            self.lines.clone()
        }
    }
}
