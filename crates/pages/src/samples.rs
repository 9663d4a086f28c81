//! Made-up people and assessments for the style guide, the snapshots and the pictures; absent from release builds.

pub mod integrations;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Answer, Assessment, AssessmentStatus, Attempt, CandidateDetails, Category, Choice, Competency,
    CompetencyScore, CompleteOn, Email, Grade, Invite, Kind, Marks, Origin, Question, QuestionId,
    QuestionKind, Recommendation, ResultBody, Revision, Status, Target, WritebackState,
};
use uuid::Uuid;

use crate::dashboard::{Frame, Section};
use crate::link::WebHref;
use crate::parts::TimelineEntry;
use crate::take::Asker;
use crate::when::When;

/// The present moment in every sample: Wednesday 25 November 2026, 13:04 UTC.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_611_840, 0).unwrap_or_default()
}

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + number).into()
}

/// Acme, who asks.
pub fn asker() -> Asker {
    Asker {
        organization: "Acme Logistics".into(),
        logo_src: None,
        privacy_url: WebHref::new("https://acme.example/privacy"),
        contact: Some("jobs@acme.example".into()),
        platform: "Baton".into(),
    }
}

/// The dashboard around a page.
pub fn frame(section: Section) -> Frame {
    Frame {
        platform: "Baton".into(),
        organization: "Acme Logistics".into(),
        person: "rosa.ortega@acme.example".into(),
        role: "Owner",
        administers: true,
        operates: false,
        csrf: "csrf-token".into(),
        section,
        mail_waits: false,
        toast: None,
    }
}

/// The dashboard around an operator's page.
pub fn operators_frame() -> Frame {
    Frame {
        organization: "All organizations".into(),
        person: "olu@vendor.example".into(),
        role: "Operator",
        administers: false,
        operates: true,
        ..frame(Section::Requests)
    }
}

/// Zoë, who is asked.
#[expect(clippy::missing_panics_doc, reason = "the address is a good one")]
pub fn candidate() -> CandidateDetails {
    CandidateDetails {
        first_name: "Zoë".into(),
        last_name: "Nakamura".into(),
        preferred_name: None,
        email: Email::parse("zoe@candidate.example").expect("a good address"),
        phone: None,
        linkedin_url: None,
        erased_at: None,
    }
}

fn question(
    number: u128,
    kind: QuestionKind,
    prompt: &str,
    choices: &[&str],
    points: f64,
) -> Question {
    let choices = choices.iter().zip(0..).map(|(text, at)| Choice {
        id: id(number * 100 + at),
        text: text.trim_start_matches('*').to_owned(),
        correct: text.starts_with('*'),
    });
    Question {
        id: id(number),
        kind,
        prompt: prompt.to_owned(),
        choices: choices.collect(),
        points,
        competency: None,
    }
}

/// A questionnaire with a question of each kind.
pub fn assessment() -> Assessment {
    Assessment {
        id: id(900),
        organization: id(901),
        status: AssessmentStatus::Published,
        version: 3,
        title: "Backend practical".into(),
        description_html: Some(
            "<p>A short look at how you think about services that have to stay up. There are no tricks, and we don't mind which language you use.</p>"
                .into(),
        ),
        kind: Kind::Questionnaire,
        time_limit_minutes: Some(45),
        invite_valid_days: 14.0,
        send_email: true,
        email_template: None,
        competencies: vec![Competency {
            key: "craft".into(),
            name: "Craft".into(),
        }],
        questions: questions(),
        external: None,
        category: Some(Category::Skills),
        greenhouse_job_id: None,
        greenhouse_complete_on: CompleteOn::Graded,
    }
}

fn questions() -> Vec<Question> {
    vec![
        question(
            1,
            QuestionKind::SingleChoice,
            "Two requests raise the same counter in a database. Which of these never loses one of them?",
            &[
                "Read the value, add one, write it back",
                "*One UPDATE that adds to the column",
                "Read it twice to be sure",
                "Keep the counter in memory",
            ],
            2.0,
        ),
        question(
            2,
            QuestionKind::MultipleChoice,
            "Which answers tell a client that it may send the same request again?",
            &[
                "400 Bad Request",
                "*429 Too Many Requests",
                "*503 Service Unavailable",
                "422 Unprocessable Content",
            ],
            2.0,
        ),
        question(
            3,
            QuestionKind::ShortText,
            "In which HTTP header would a server say how long to wait?",
            &[],
            1.0,
        ),
        question(
            4,
            QuestionKind::LongText,
            "A webhook of ours was delivered twice. How would you make sure that the second delivery does no harm?",
            &[],
            10.0,
        ),
        question(
            5,
            QuestionKind::Code,
            "Write a function that returns the first word that occurs twice in a text.\n\nfirst_repeated(\"one two one\") gives \"one\".",
            &[],
            10.0,
        ),
    ]
}

/// What Zoë answered.
pub fn answers() -> BTreeMap<QuestionId, Answer> {
    let all = questions();
    let texts = [
        (2, "Retry-After"),
        (
            3,
            "Give each delivery an id, and keep the ids we have handled in the same transaction as the effect. When an id comes in again, answer 200 and do nothing.\n\nThe ids can go after a month: no sender repeats that late.",
        ),
        (
            4,
            "fn first_repeated(text: &str) -> Option<&str> {\n    let mut seen = HashSet::new();\n    text.split_whitespace().find(|word| !seen.insert(*word))\n}",
        ),
    ];
    let picked = [(0, vec![1]), (1, vec![1, 2])];
    let picked = picked
        .into_iter()
        .map(|(at, choices): (usize, Vec<usize>)| {
            let chosen = choices.into_iter().map(|choice| all[at].choices[choice].id);
            (all[at].id, Answer::Choices(chosen.collect()))
        });
    let texts = texts.map(|(at, text)| (all[at].id, Answer::Text(text.to_owned())));
    picked.chain(texts).collect()
}

/// The points they earned.
pub fn marks() -> Marks {
    let all = questions();
    let points = [
        (0, 2.0, None),
        (1, 2.0, None),
        (2, 1.0, None),
        (
            3,
            8.0,
            Some(
                "Clear, and thinks of cleaning up. Does not say what happens when two deliveries race.",
            ),
        ),
        (4, 7.5, Some("Right; a test would have been welcome.")),
    ];
    let grades = points.map(|(at, points, comment): (usize, f64, Option<&str>)| Grade {
        question_id: all[at].id,
        points,
        comment: comment.map(str::to_owned),
    });
    grades
        .into_iter()
        .map(|grade| (grade.question_id, grade))
        .collect()
}

/// Zoë's invite in `status`; with a result once completed.
pub fn invite(status: Status) -> Invite {
    let begun = !matches!(
        status,
        Status::Invited | Status::Cancelled | Status::Expired
    );
    let over = matches!(status, Status::Submitted | Status::Completed);
    let ago = |minutes| now() - TimeDelta::minutes(minutes);
    Invite {
        id: id(700),
        organization: id(901),
        assessment: id(900),
        assessment_version: 3,
        candidate: id(902),
        origin: Origin::Greenhouse,
        status,
        attempt: Attempt {
            number: 1,
            started_at: begun.then(|| ago(100)),
            ends_at: begun.then(|| ago(100) + TimeDelta::minutes(145)),
        },
        resends: 0,
        result: (status == Status::Completed).then(result),
        created_at: ago(2 * 24 * 60),
        submitted_at: over.then(|| ago(62)),
        completed_at: (status == Status::Completed).then(|| ago(12)),
        expires_at: if status == Status::Expired {
            ago(90)
        } else {
            now() + TimeDelta::days(12)
        },
    }
}

fn result() -> Revision {
    let competency = |name: &str, score, comment: Option<&str>| CompetencyScore {
        name: name.to_owned(),
        score,
        max_score: 10.0,
        comment: comment.map(str::to_owned),
    };
    Revision {
        revision: 1,
        at: now() - TimeDelta::minutes(12),
        body: ResultBody {
            score: Some(20.375),
            max_score: 25.0,
            summary: Some("Solid on concurrency and on what a retry means. Explains choices without being asked.".into()),
            recommendation: Some(Recommendation::Yes),
            competencies: vec![
                competency("Craft", 8.5, Some("Small, well-named functions.")),
                competency("Reliability", 8.0, None),
                competency("Communication", 6.0, Some("To the point; could say more about trade-offs.")),
            ],
            transcript: Some("00:00 Started\n00:04 Question 1 answered\n00:38 Submitted".into()),
            ..ResultBody::default()
        },
    }
}

/// A few facts, newest first.
pub fn timeline() -> Vec<TimelineEntry> {
    let ago = |minutes| When::new(now() - TimeDelta::minutes(minutes), now());
    let told = |state, detail: Option<&str>, minutes| {
        let detail = detail.map(str::to_owned);
        TimelineEntry::of_writeback(Target::GreenhouseStatus, state, detail, ago(minutes))
    };
    let reported = [
        told(WritebackState::Seen, None, 11),
        told(WritebackState::Sent, Some("Greenhouse answered 200"), 12),
    ];
    let facts = [
        ("invite.completed", None, 12),
        ("result.revised", Some("Score 81.5, revision 1"), 12),
        ("invite.submitted", None, 62),
        ("invite.started", None, 100),
        ("mail.sent", Some("To the candidate's address"), 2880),
        ("invite.created", Some("Greenhouse asked for it"), 2880),
    ];
    let entries = facts.map(|(name, detail, minutes)| {
        TimelineEntry::new(name, detail.map(str::to_owned), ago(minutes))
    });
    reported.into_iter().chain(entries).collect()
}
