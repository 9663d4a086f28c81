//! Results on the wire.

use chrono::{DateTime, Utc};
use domain::{CompetencyScore, ResultBody, Revision};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::names;

names! {
    /// What the vendor advises.
    Recommendation = domain::Recommendation { StrongYes, Yes, No, StrongNo }
}

names! {
    /// A result that is no number, or more than one.
    Outcome = domain::Outcome { Passed, Failed, Inconclusive, Clear, Consider }
}

/// How the candidate did in one competency.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompetencyResult {
    /// At most 200 characters.
    #[schema(example = "Rust")]
    name: String,
    /// Between 0 and `max_score`.
    score: f64,
    #[serde(default = "hundred")]
    #[schema(default = 100)]
    max_score: f64,
    /// At most 10,000 characters.
    #[serde(default)]
    comment: Option<String>,
}

fn hundred() -> f64 {
    100.0
}

fn yes() -> bool {
    true
}

/// A result, or a revision of one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResultReport {
    /// Between 0 and `max_score`.
    #[serde(default)]
    score: Option<f64>,
    #[serde(default = "hundred")]
    #[schema(default = 100)]
    max_score: f64,
    /// The vendor's own report; http or https.
    #[serde(default)]
    report_url: Option<String>,
    /// At most 10,000 characters.
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    recommendation: Option<Recommendation>,
    /// At most 50.
    #[serde(default)]
    competencies: Vec<CompetencyResult>,
    /// What was said or typed; at most 100,000 characters.
    #[serde(default)]
    transcript: Option<String>,
    #[serde(default)]
    outcome: Option<Outcome>,
    /// At most 20 labels with texts, numbers or booleans; Greenhouse shows them as a list.
    #[serde(default)]
    #[schema(value_type = Object)]
    metadata: Map<String, Value>,
    /// Does it complete the invite? Else it is provisional.
    #[serde(default = "yes", rename = "final")]
    #[schema(default = true)]
    is_final: bool,
}

impl From<ResultReport> for ResultBody {
    fn from(report: ResultReport) -> Self {
        Self {
            score: report.score,
            max_score: report.max_score,
            report_url: report.report_url,
            summary: report.summary,
            recommendation: report.recommendation.map(Into::into),
            competencies: report.competencies.into_iter().map(Into::into).collect(),
            transcript: report.transcript,
            outcome: report.outcome.map(Into::into),
            metadata: report.metadata,
            is_final: report.is_final,
        }
    }
}

impl From<ResultBody> for ResultReport {
    fn from(body: ResultBody) -> Self {
        Self {
            score: body.score,
            max_score: body.max_score,
            report_url: body.report_url,
            summary: body.summary,
            recommendation: body.recommendation.map(Into::into),
            competencies: body.competencies.into_iter().map(Into::into).collect(),
            transcript: body.transcript,
            outcome: body.outcome.map(Into::into),
            metadata: body.metadata,
            is_final: body.is_final,
        }
    }
}

impl From<CompetencyResult> for CompetencyScore {
    fn from(result: CompetencyResult) -> Self {
        Self {
            name: result.name,
            score: result.score,
            max_score: result.max_score,
            comment: result.comment,
        }
    }
}

impl From<CompetencyScore> for CompetencyResult {
    fn from(score: CompetencyScore) -> Self {
        Self {
            name: score.name,
            score: score.score,
            max_score: score.max_score,
            comment: score.comment,
        }
    }
}

/// One numbered revision of a result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultRevision {
    /// 1, 2, …
    revision: i32,
    at: DateTime<Utc>,
    #[serde(flatten)]
    report: ResultReport,
}

impl From<Revision> for ResultRevision {
    fn from(revision: Revision) -> Self {
        Self {
            revision: revision.revision,
            at: revision.at,
            report: revision.body.into(),
        }
    }
}
