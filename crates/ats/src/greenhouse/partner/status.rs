//! `test_status`, from an invite.

use domain::{InviteView, ResultBody, Status};
use greenhouse_assessment::{Completion, Metadata, ProfileUrl, Progress, Score, TestStatus};
use serde_json::Value;

use crate::words;

/// What Greenhouse reads of `view`; a finished invite comes with `result_url`, its score from 0 to 100 and what else is known.
/// `None` where `result_url` is no web address.
pub fn status(view: &InviteView, result_url: &str) -> Option<TestStatus> {
    if !view.is_finished() {
        return Some(progress(view.invite.status).into());
    }
    let mut done = Completion::new(ProfileUrl::new(result_url).ok()?);
    done.score = view
        .final_result()
        .and_then(|result| result.body.percent())
        .and_then(Score::new);
    Some(done.with_metadata(metadata(view)).into())
}

fn progress(status: Status) -> Progress {
    match status {
        Status::Invited => Progress::Sent,
        Status::Started => Progress::InProgress,
        Status::Submitted | Status::Completed => Progress::Submitted,
        Status::Expired => Progress::Expired,
        Status::Cancelled => Progress::Cancelled,
    }
}

/// Labels and values as a recruiter reads them, the most important first.
fn metadata(view: &InviteView) -> Metadata {
    let mut metadata = Metadata::new();
    match view.final_result() {
        Some(result) => metadata = of_result(metadata, &result.body),
        None => metadata = metadata.with("Grading", "open"),
    }
    let moments = [
        ("Started", view.invite.attempt.started_at),
        ("Submitted", view.invite.submitted_at),
    ];
    for (label, moment) in moments {
        if let Some(moment) = moment {
            metadata = metadata.with(label, words::moment(moment));
        }
    }
    metadata
}

fn of_result(mut metadata: Metadata, body: &ResultBody) -> Metadata {
    if let Some(recommendation) = body.recommendation {
        metadata = metadata.with("Recommendation", recommendation.words());
    }
    if let Some(outcome) = body.outcome {
        metadata = metadata.with("Outcome", outcome.words());
    }
    for competency in &body.competencies {
        let value = format!("{} of {}", competency.score, competency.max_score);
        metadata = metadata.with(&competency.name, value);
    }
    for (label, value) in &body.metadata {
        metadata = match value {
            Value::String(text) => metadata.with(label, text.as_str()),
            Value::Bool(yes) => metadata.with(label, if *yes { "Yes" } else { "No" }),
            Value::Number(number) => metadata.with(label, number.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => metadata,
        };
    }
    metadata
}
