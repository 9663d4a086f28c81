//! How an organization's Harvest behaves where the real one is not documented.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::Refusal;

/// Which members tell the end of a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expiry {
    /// `expires_at`, as in the guides.
    #[default]
    At,
    /// `expires_in`, as in the reference.
    In,
    /// Both.
    Both,
    /// Neither.
    None,
}

/// What a list answers to somebody who is no Site Admin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NonAdminLists {
    /// 403.
    #[default]
    Forbidden,
    /// Nothing.
    Empty,
}

/// What creating a candidate answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CreatedAnswer {
    /// `{"candidate", "application"}`.
    #[default]
    Wrapped,
    /// The candidate alone.
    Bare,
    /// A message in their place.
    Message,
}

/// Whether a further attempt of a delivery has the event id of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RetryEventId {
    /// The same.
    #[default]
    Same,
    /// Another.
    New,
}

/// All that can be set; `docs/sandbox-harvest.md` says what each means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) code_seconds: u32,
    pub(crate) access_token_seconds: u32,
    pub(crate) refresh_token_seconds: u32,
    pub(crate) expiry: Expiry,
    pub(crate) access_tokens_live_on: bool,
    pub(crate) calls_per_window: u32,
    pub(crate) window_seconds: u32,
    pub(crate) token_calls_per_minute: u32,
    pub(crate) cursor_seconds: u32,
    pub(crate) non_admin_lists: NonAdminLists,
    pub(crate) created_answer: CreatedAnswer,
    pub(crate) candidate_delay_seconds: u32,
    pub(crate) refuse_unknown_parameters: bool,
    pub(crate) show_job_interview_stage_id: bool,
    pub(crate) unknown_members: bool,
    pub(crate) refuse_tag_twice: bool,
    pub(crate) api_moves_tell: bool,
    pub(crate) delivery_timeout_seconds: u32,
    pub(crate) retry_after_seconds: Vec<u32>,
    pub(crate) retry_event_id: RetryEventId,
    pub(crate) delivery_copies: u32,
    pub(crate) delivery_delay_seconds: u32,
    pub(crate) deliveries_held: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            code_seconds: 60,
            access_token_seconds: 3_600,
            refresh_token_seconds: 86_400,
            expiry: Expiry::default(),
            access_tokens_live_on: false,
            calls_per_window: 75,
            window_seconds: 30,
            token_calls_per_minute: 60,
            cursor_seconds: 3_600,
            non_admin_lists: NonAdminLists::default(),
            created_answer: CreatedAnswer::default(),
            candidate_delay_seconds: 0,
            refuse_unknown_parameters: true,
            show_job_interview_stage_id: true,
            unknown_members: false,
            refuse_tag_twice: true,
            api_moves_tell: true,
            delivery_timeout_seconds: 10,
            retry_after_seconds: vec![60, 900, 3_600, 7_200, 14_400, 28_800],
            retry_event_id: RetryEventId::default(),
            delivery_copies: 1,
            delivery_delay_seconds: 0,
            deliveries_held: false,
        }
    }
}

impl Settings {
    /// These settings with the members of `change` in the place of their own.
    ///
    /// # Errors
    /// A member that there is none of, or a value that it cannot have.
    pub(crate) fn changed(&self, change: serde_json::Map<String, Value>) -> Result<Self, Refusal> {
        let mut members = serde_json::to_value(self).unwrap_or_default();
        for (name, value) in change {
            members[name] = value;
        }
        let settings: Self = serde_json::from_value(members).map_err(|error| {
            Refusal::field("settings", format!("The settings cannot be used: {error}."))
        })?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), Refusal> {
        let refuse = |field, message: &str| Err(Refusal::field(field, message));
        if !(1..=3_600).contains(&self.window_seconds) {
            let message = "A window lasts between 1 and 3,600 seconds.";
            return refuse("window_seconds", message);
        }
        if !(1..=10).contains(&self.delivery_copies) {
            let message = "An event is sent between 1 and 10 times.";
            return refuse("delivery_copies", message);
        }
        if !(1..=60).contains(&self.delivery_timeout_seconds) {
            let message = "An attempt waits between 1 and 60 seconds.";
            return refuse("delivery_timeout_seconds", message);
        }
        Ok(())
    }
}
