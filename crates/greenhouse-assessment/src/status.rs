//! What `test_status` answers.

use serde::Serialize;
use serde::ser::Serializer;
use url::Url;

use crate::Metadata;

/// Where one sending stands. "Complete without a result page" cannot be said, nor can a score before completion.
///
/// ```
/// use greenhouse_assessment::{Completion, Metadata, Progress, ProfileUrl, Score, TestStatus};
///
/// let waiting = TestStatus::from(Progress::InProgress);
/// assert_eq!(serde_json::to_string(&waiting)?, r#"{"partner_status":"in_progress"}"#);
///
/// let page = ProfileUrl::new("https://vendor.example/results/inv_1")?;
/// let done = TestStatus::from(Completion::new(page).with_score(Score::from(82)));
/// assert_eq!(
///     serde_json::to_string(&done)?,
///     r#"{"partner_status":"complete","partner_profile_url":"https://vendor.example/results/inv_1","partner_score":82}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum TestStatus {
    /// Not finished: the status goes out alone.
    Pending(Progress),
    /// Results are there. Once said, it has to stay.
    Complete(Completion),
}

/// How far an unfinished sending is. Only `complete` means something to Greenhouse; these words are for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The candidate was invited.
    Sent,
    /// The candidate has begun.
    InProgress,
    /// Handed in, not graded yet.
    Submitted,
    /// The time ran out.
    Expired,
    /// Called off.
    Cancelled,
}

/// A finished test.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Completion {
    /// The page with the detailed result.
    pub profile_url: ProfileUrl,
    /// Left out where there is none.
    pub score: Option<Score>,
    /// Left out where empty.
    pub metadata: Metadata,
}

/// The address of a result page: http or https, with a host, without user name and password.
///
/// Greenhouse shows nothing of a result whose page is on `localhost` or in a private network; that is for the vendor's
/// configuration to see to, not judged here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileUrl(String);

/// A text that can be no [`ProfileUrl`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a result page needs a complete web address that starts with https://")]
pub struct BadProfileUrl;

/// A finite number. Greenhouse lets recruiters filter by it, so keep one scale, 0 to 100, for all tests.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Progress {
    /// The wire word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Completion {
    /// Complete, without score and metadata.
    pub fn new(profile_url: ProfileUrl) -> Self {
        Self {
            profile_url,
            score: None,
            metadata: Metadata::new(),
        }
    }

    /// With a score.
    #[must_use]
    pub fn with_score(mut self, score: Score) -> Self {
        self.score = Some(score);
        self
    }

    /// With labels and values beside the score.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }
}

impl ProfileUrl {
    /// Takes an absolute address.
    ///
    /// # Errors
    ///
    /// [`BadProfileUrl`] for another scheme, a missing host, or user name and password in it.
    pub fn new(text: &str) -> Result<Self, BadProfileUrl> {
        let url = Url::parse(text).map_err(|_| BadProfileUrl)?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let bare = url.username().is_empty() && url.password().is_none();
        if web && bare {
            Ok(Self(url.into()))
        } else {
            Err(BadProfileUrl)
        }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Score {
    /// `None` for what JSON cannot say: infinities and NaN.
    pub fn new(number: f64) -> Option<Self> {
        // Adding zero turns -0 into 0.
        number.is_finite().then_some(Self(number + 0.0))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl From<u32> for Score {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl From<Progress> for TestStatus {
    fn from(progress: Progress) -> Self {
        Self::Pending(progress)
    }
}

impl From<Completion> for TestStatus {
    fn from(completion: Completion) -> Self {
        Self::Complete(completion)
    }
}

/// Whole numbers are written without `.0`, as Greenhouse's samples have it.
impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "whole and within 2^53, so nothing is lost"
            )]
            return serializer.serialize_i64(self.0 as i64);
        }
        serializer.serialize_f64(self.0)
    }
}

impl Serialize for TestStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.wire().serialize(serializer)
    }
}

/// The four members, of which all but the first may be missing.
#[derive(Serialize)]
struct Wire<'a> {
    partner_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_profile_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner_score: Option<Score>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Metadata>,
}

impl TestStatus {
    fn wire(&self) -> Wire<'_> {
        match self {
            Self::Pending(progress) => Wire {
                partner_status: progress.as_str(),
                partner_profile_url: None,
                partner_score: None,
                metadata: None,
            },
            Self::Complete(completion) => Wire {
                partner_status: "complete",
                partner_profile_url: Some(completion.profile_url.as_str()),
                partner_score: completion.score,
                metadata: Some(&completion.metadata).filter(|metadata| !metadata.is_empty()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    #[rstest]
    #[case(81.5, "81.5")]
    #[case(82.0, "82")]
    #[case(0.0, "0")]
    #[case(-0.0, "0")]
    #[case(1e300, "1e+300")]
    fn scores_are_written_as_plain_numbers(#[case] number: f64, #[case] json: &str) {
        let score = Score::new(number).expect("finite");
        assert_eq!(serde_json::to_string(&score).expect("JSON"), json);
    }

    #[rstest]
    #[case(f64::NAN)]
    #[case(f64::INFINITY)]
    #[case(f64::NEG_INFINITY)]
    fn what_json_cannot_say_is_no_score(#[case] number: f64) {
        assert_eq!(Score::new(number), None);
    }

    #[rstest]
    #[case("")]
    #[case("/results/1")]
    #[case("ftp://vendor.example/1")]
    #[case("javascript:alert(1)")]
    #[case("https://user:pass@vendor.example/")]
    fn a_result_page_needs_a_web_address(#[case] text: &str) {
        assert_eq!(ProfileUrl::new(text), Err(BadProfileUrl));
    }

    fn status() -> impl Strategy<Value = TestStatus> {
        let progress = prop::sample::select(vec![
            Progress::Sent,
            Progress::InProgress,
            Progress::Submitted,
            Progress::Expired,
            Progress::Cancelled,
        ]);
        let complete = (any::<f64>(), ".*", ".*").prop_map(|(score, label, value)| {
            let page = ProfileUrl::new("https://vendor.example/results/1").expect("an address");
            let mut completion = Completion::new(page);
            completion.score = Score::new(score);
            completion
                .with_metadata(Metadata::new().with(&label, value))
                .into()
        });
        prop_oneof![progress.prop_map(TestStatus::from), complete]
    }

    proptest! {
        #[test]
        fn any_status_is_what_greenhouse_takes(status in status()) {
            let json = serde_json::to_string(&status).expect("JSON");
            let json: Value = serde_json::from_str(&json).expect("JSON that reads back");
            let complete = json["partner_status"] == "complete";
            prop_assert_eq!(complete, json.get("partner_profile_url").is_some_and(Value::is_string));
            prop_assert!(json.get("partner_score").is_none_or(|score| complete && score.is_number()));
            prop_assert!(json.get("metadata").is_none_or(|metadata| complete && metadata.is_object()));
        }
    }
}
