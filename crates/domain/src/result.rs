//! The numbered revisions of an invite's result.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What the vendor advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Recommendation {
    StrongYes,
    Yes,
    No,
    StrongNo,
}

impl Recommendation {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::StrongYes => "Strong yes",
            Self::Yes => "Yes",
            Self::No => "No",
            Self::StrongNo => "Strong no",
        }
    }
}

/// A result that is no number, or more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Outcome {
    Passed,
    Failed,
    Inconclusive,
    Clear,
    Consider,
}

impl Outcome {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Failed => "Failed",
            Self::Inconclusive => "Inconclusive",
            Self::Clear => "Clear",
            Self::Consider => "Consider",
        }
    }
}

/// How the candidate did in one competency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetencyScore {
    /// The competency's name.
    pub name: String,
    /// Points reached.
    pub score: f64,
    /// Points that could be reached.
    #[serde(default = "hundred")]
    pub max_score: f64,
    /// In words.
    #[serde(default)]
    pub comment: Option<String>,
}

fn hundred() -> f64 {
    100.0
}

fn yes() -> bool {
    true
}

/// The body of one result, as `/v1` takes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultBody {
    /// Points reached; `None` where there is no number.
    #[serde(default)]
    pub score: Option<f64>,
    /// Points that could be reached.
    #[serde(default = "hundred")]
    pub max_score: f64,
    /// The vendor's own report.
    #[serde(default)]
    pub report_url: Option<String>,
    /// In words.
    #[serde(default)]
    pub summary: Option<String>,
    /// What the vendor advises.
    #[serde(default)]
    pub recommendation: Option<Recommendation>,
    /// By competency.
    #[serde(default)]
    pub competencies: Vec<CompetencyScore>,
    /// What was said or typed.
    #[serde(default)]
    pub transcript: Option<String>,
    /// A result that is no number.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Shown in the ATS as label and value; texts, numbers and booleans only.
    #[serde(default)]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// A result that completes the invite; else it is provisional.
    #[serde(default = "yes", rename = "final")]
    pub is_final: bool,
}

impl Default for ResultBody {
    fn default() -> Self {
        Self {
            score: None,
            max_score: 100.0,
            report_url: None,
            summary: None,
            recommendation: None,
            competencies: Vec::new(),
            transcript: None,
            outcome: None,
            metadata: serde_json::Map::new(),
            is_final: true,
        }
    }
}

/// What a result body lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct ResultError {
    /// The member at fault.
    pub field: &'static str,
    /// What is wrong with it and what to do.
    pub problem: &'static str,
}

const NAME: usize = 200;
const NOTE: usize = 10_000;
const TRANSCRIPT: usize = 100_000;

impl ResultBody {
    /// The score on the scale of 0 to 100, rounded to two decimals.
    pub fn percent(&self) -> Option<f64> {
        self.score
            .map(|score| (score / self.max_score * 10_000.0).round() / 100.0)
    }

    /// Checks ranges, lengths and shapes.
    pub fn check(&self) -> Result<(), ResultError> {
        let fault = |field, problem| Err(ResultError { field, problem });
        if !in_range(self.max_score, f64::MIN_POSITIVE) {
            return fault("max_score", "has to be a number above 0");
        }
        if self
            .score
            .is_some_and(|score| !in_range(score, 0.0) || score > self.max_score)
        {
            return fault("score", "has to lie between 0 and max_score");
        }
        if self.competencies.len() > 50 {
            return fault(
                "competencies",
                "holds more than 50; send the 50 that matter most",
            );
        }
        if self.competencies.iter().any(|c| !c.is_sound()) {
            return fault(
                "competencies",
                "each needs a name of at most 200 characters and a score between 0 and its max_score",
            );
        }
        if !short(self.summary.as_deref(), NOTE) {
            return fault("summary", "is longer than 10,000 characters");
        }
        if !short(self.transcript.as_deref(), TRANSCRIPT) {
            return fault("transcript", "is longer than 100,000 characters");
        }
        if !self.report_url.as_deref().is_none_or(is_web_link) {
            return fault(
                "report_url",
                "has to be an http or https URL of at most 2,048 characters",
            );
        }
        self.check_metadata()
    }

    fn check_metadata(&self) -> Result<(), ResultError> {
        let fault = |problem| {
            Err(ResultError {
                field: "metadata",
                problem,
            })
        };
        if self.metadata.len() > 20 {
            return fault("holds more than 20 entries; Greenhouse shows them as one list");
        }
        if self
            .metadata
            .values()
            .any(|v| v.is_array() || v.is_object() || v.is_null())
        {
            return fault("has to be flat: texts, numbers and booleans only");
        }
        if self
            .metadata
            .iter()
            .any(|(k, v)| k.trim().is_empty() || k.chars().count() > 60 || !short(v.as_str(), 500))
        {
            return fault("labels take 1 to 60 characters, values at most 500");
        }
        Ok(())
    }
}

impl CompetencyScore {
    fn is_sound(&self) -> bool {
        let named = !self.name.trim().is_empty() && self.name.chars().count() <= NAME;
        let scored = in_range(self.max_score, f64::MIN_POSITIVE)
            && in_range(self.score, 0.0)
            && self.score <= self.max_score;
        named && scored && short(self.comment.as_deref(), NOTE)
    }
}

fn in_range(number: f64, least: f64) -> bool {
    number.is_finite() && number >= least && number <= 1e9
}

fn short(text: Option<&str>, most: usize) -> bool {
    text.is_none_or(|text| text.chars().count() <= most)
}

fn is_web_link(text: &str) -> bool {
    text.len() <= 2048
        && url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// One numbered revision of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// 1, 2, …
    pub revision: i32,
    /// When it came in.
    pub at: DateTime<Utc>,
    /// What it says.
    #[serde(flatten)]
    pub body: ResultBody,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_scaled_to_a_hundred() {
        let result = ResultBody {
            score: Some(7.0),
            max_score: 10.0,
            ..ResultBody::default()
        };
        assert_eq!(result.percent(), Some(70.0));
        assert_eq!(
            ResultBody {
                score: Some(1.0),
                max_score: 3.0,
                ..ResultBody::default()
            }
            .percent(),
            Some(33.33)
        );
    }

    #[test]
    fn each_fault_names_its_field() {
        let with = |change: fn(&mut ResultBody)| {
            let mut body = ResultBody::default();
            change(&mut body);
            body.check().map_err(|fault| fault.field)
        };
        assert_eq!(with(|_| ()), Ok(()));
        assert_eq!(with(|b| b.max_score = 0.0), Err("max_score"));
        assert_eq!(with(|b| b.score = Some(101.0)), Err("score"));
        assert_eq!(with(|b| b.score = Some(f64::NAN)), Err("score"));
        assert_eq!(
            with(|b| b.report_url = Some("javascript:alert(1)".into())),
            Err("report_url")
        );
        assert_eq!(
            with(|b| drop(b.metadata.insert("a".into(), serde_json::json!([1])))),
            Err("metadata")
        );
        assert_eq!(
            with(|b| b.summary = Some("x".repeat(10_001))),
            Err("summary")
        );
    }
}
