//! One sending of one test to one candidate: what `url` of `send_test` names.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// How long Greenhouse waits for a result, in days: eight weeks.
pub(crate) const GIVES_UP_AFTER_DAYS: i64 = 56;

/// How often a legacy partner is asked, in minutes.
pub(crate) const POLLS_EVERY_MINUTES: i64 = 60;

/// What made Greenhouse send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// **Send Test**.
    SendTest,
    /// **Send again**.
    Resend,
    /// Many candidates at once.
    Bulk,
    /// A stage transition rule.
    StageRule,
    /// **Send Test** pressed twice.
    DoubleClick,
}

/// Where a sent test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// The vendor has not answered yet.
    Sending,
    /// Sent; the candidate has it.
    Waiting,
    /// Complete: a scorecard is due.
    ToBeGraded,
    /// The vendor did not take it.
    SendFailed,
    /// No result within eight weeks.
    GaveUp,
}

/// A sent test.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SentTest {
    /// Twelve digits; the end of `url`.
    pub(crate) take_home_test_id: u64,
    pub(crate) organization_id: u64,
    pub(crate) application_id: u64,
    pub(crate) stage_id: u64,
    pub(crate) partner_test_id: String,
    pub(crate) partner_test_name: Option<String>,
    /// E-mail address of the Greenhouse user; none for rules.
    pub(crate) sent_by: Option<String>,
    pub(crate) reason: Reason,
    pub(crate) sent_at: DateTime<Utc>,
    pub(crate) state: State,
    /// Why the send failed, in words.
    pub(crate) failure: Option<String>,
    /// How many POSTs were sent.
    pub(crate) sends: u32,
    /// Every different id that the vendor answered, in order.
    pub(crate) interview_ids: Vec<String>,
    /// The newest of them.
    pub(crate) partner_interview_id: Option<String>,
    /// The status as last read.
    pub(crate) partner_status: Option<String>,
    /// How often `test_status` was read.
    pub(crate) reads: u32,
    pub(crate) last_read_at: Option<DateTime<Utc>>,
    /// PATCHes that were let in and answered 200.
    pub(crate) patches: u32,
    /// PATCHes that were turned away or met a fault.
    pub(crate) refused_patches: u32,
    /// PATCHes after which the status was read and was not complete.
    pub(crate) early_patches: u32,
    /// PATCHes of a complete test that brought nothing new.
    pub(crate) idle_patches: u32,
    pub(crate) last_patch_at: Option<DateTime<Utc>>,
    pub(crate) completed_at: Option<DateTime<Utc>>,
    pub(crate) score: Option<Number>,
    pub(crate) profile_url: Option<String>,
    /// Labels and values in the vendor's order.
    pub(crate) metadata: Vec<(String, Value)>,
    /// Complete, but the result's address is private, so that nothing of it is shown.
    pub(crate) result_hidden: bool,
}

impl SentTest {
    /// Whether eight weeks have gone by.
    pub(crate) fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        now - self.sent_at >= TimeDelta::days(GIVES_UP_AFTER_DAYS)
    }

    /// Whether the hourly read is due.
    pub(crate) fn is_poll_due(&self, now: DateTime<Utc>) -> bool {
        let last = self.last_read_at.unwrap_or(self.sent_at);
        now - last >= TimeDelta::minutes(POLLS_EVERY_MINUTES)
    }

    /// The state in a recruiter's words: "Test sent", "Complete, 80".
    pub(crate) fn label(&self) -> String {
        match self.state {
            State::Sending => "Sending".to_owned(),
            State::Waiting => "Test sent".to_owned(),
            State::SendFailed => "Test not sent".to_owned(),
            State::GaveUp => "No result after 8 weeks".to_owned(),
            State::ToBeGraded if self.result_hidden => "Complete, result hidden".to_owned(),
            State::ToBeGraded => match &self.score {
                Some(score) => format!("Complete, {}", plain(score)),
                None => "Complete".to_owned(),
            },
        }
    }
}

/// A number without a needless ".0".
pub(crate) fn plain(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_scores_are_shown_without_a_point() {
        let number = |value: f64| Number::from_f64(value).expect("finite");
        assert_eq!(plain(&number(80.0)), "80");
        assert_eq!(plain(&number(81.5)), "81.5");
        assert_eq!(plain(&Number::from(80)), "80");
    }
}
