//! How an account's Lever behaves where the real one is not documented, or differs from customer to customer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::Refusal;

/// What becomes of a refresh token that was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RefreshMode {
    /// It is replaced; when it comes again its whole family dies.
    #[default]
    RotateStrict,
    /// It is replaced; for a while it is let off.
    RotateOverlap,
    /// It stays.
    Static,
}

/// What becomes of issued access tokens when access is revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AfterRevoke {
    /// They are refused at once.
    #[default]
    DieNow,
    /// They work until their hour is over.
    LiveOut,
}

/// What becomes of an app's webhooks when its access is revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhooksAfterRevoke {
    /// Deliveries go on.
    #[default]
    Stay,
    /// They are removed.
    Go,
}

/// How a posting's tags come onto its opportunities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PostingTags {
    /// Copied when the opportunity is linked; can be removed there.
    #[default]
    Copied,
    /// Shown as long as they stand on the posting; cannot be removed.
    Live,
}

/// What create note answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoteAnswer {
    /// The note, with `id` and `noteId`: as recorded.
    #[default]
    Whole,
    /// `noteId` alone: as documented.
    IdOnly,
}

/// Whether a further attempt of a delivery is signed anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Token {
    /// The same token, time and signature.
    #[default]
    Same,
    /// New ones.
    New,
}

/// All that can be set; `docs/sandbox-lever.md` says what each means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) refresh_mode: RefreshMode,
    pub(crate) overlap_seconds: u32,
    pub(crate) access_token_seconds: u32,
    pub(crate) access_tokens_after_revoke: AfterRevoke,
    pub(crate) webhooks_after_revoke: WebhooksAfterRevoke,
    pub(crate) posting_tags: PostingTags,
    pub(crate) tags_locked: bool,
    pub(crate) blank_write_answers: bool,
    pub(crate) nested_webhook_answer: bool,
    pub(crate) note_answer: NoteAnswer,
    pub(crate) confidential_status: u16,
    pub(crate) page_size: usize,
    pub(crate) offset_seconds: u32,
    pub(crate) calls_per_second: u32,
    pub(crate) burst: u32,
    pub(crate) retry_after: bool,
    pub(crate) api_moves_tell: bool,
    pub(crate) confidential_moves_tell: bool,
    pub(crate) delivery_timeout_seconds: u32,
    pub(crate) retry_after_seconds: Vec<u32>,
    pub(crate) retry_token: Token,
    pub(crate) delivery_copies: u32,
    pub(crate) delivery_delay_seconds: u32,
    pub(crate) deliveries_held: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            refresh_mode: RefreshMode::default(),
            overlap_seconds: 30,
            access_token_seconds: 3_600,
            access_tokens_after_revoke: AfterRevoke::default(),
            webhooks_after_revoke: WebhooksAfterRevoke::default(),
            posting_tags: PostingTags::default(),
            tags_locked: false,
            blank_write_answers: true,
            nested_webhook_answer: false,
            note_answer: NoteAnswer::default(),
            confidential_status: 403,
            page_size: 100,
            offset_seconds: 3_600,
            calls_per_second: 10,
            burst: 20,
            retry_after: true,
            api_moves_tell: true,
            confidential_moves_tell: true,
            delivery_timeout_seconds: 10,
            retry_after_seconds: vec![10, 60, 600, 3_600, 21_600],
            retry_token: Token::default(),
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
        if !(1..=100).contains(&self.page_size) {
            return refuse("page_size", "A page carries between 1 and 100 items.");
        }
        if !matches!(self.confidential_status, 403 | 404) {
            return refuse(
                "confidential_status",
                "A confidential opportunity is refused with 403 or with 404.",
            );
        }
        if self.calls_per_second > 0 && self.burst == 0 {
            return refuse("burst", "A bucket holds at least one call.");
        }
        if !(1..=10).contains(&self.delivery_copies) {
            return refuse(
                "delivery_copies",
                "An event is sent between 1 and 10 times.",
            );
        }
        if !(1..=60).contains(&self.delivery_timeout_seconds) {
            return refuse(
                "delivery_timeout_seconds",
                "An attempt waits between 1 and 60 seconds.",
            );
        }
        Ok(())
    }
}
