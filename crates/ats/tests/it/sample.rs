//! An invite, a house and an opportunity, for tests to change.

use ats::lever::{Move, Seen, Titled};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    AssessmentId, Attempt, CompleteOn, Invite, InviteId, InviteView, Origin, ResultBody, Revision,
    Status,
};
use uuid::Uuid;

pub(crate) const STAGE: &str = "b3f9d2aa-7a1e-4f0c-8b5e-0d9c8a7b6c5d";

/// A moment, in minutes from the hour that everything happens in.
pub(crate) fn minute(minute: i64) -> DateTime<Utc> {
    let hour = DateTime::from_timestamp(1_790_000_000, 0).expect("in range");
    hour + TimeDelta::minutes(minute)
}

pub(crate) fn assessment(number: u128) -> AssessmentId {
    Uuid::from_u128(number).into()
}

pub(crate) fn invite_id(number: u128) -> InviteId {
    Uuid::from_u128(1_000 + number).into()
}

/// Published assessments with these titles, numbered from 1.
pub(crate) fn published(titles: &[&str]) -> Vec<Titled> {
    let titled = |(index, title): (usize, &&str)| Titled {
        assessment: assessment(index as u128 + 1),
        title: (*title).to_owned(),
    };
    titles.iter().enumerate().map(titled).collect()
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// An opportunity that was moved into the trigger stage at minute 30.
pub(crate) fn seen(tags: &[&str]) -> Seen {
    Seen {
        id: "5e1d0c9a-0b7f-4c55-9b61-3f0f6a2d8c11".to_owned(),
        contact: Some("c0ffee00-1111-4222-8333-444455556666".to_owned()),
        name: "Zoë Nguyễn Okafor".to_owned(),
        emails: texts(&["zoe@candidate.example", "other@candidate.example"]),
        phone: None,
        links: Vec::new(),
        page: None,
        application: None,
        stage: Some(STAGE.to_owned()),
        moves: vec![
            Move {
                to: "applicant-new".to_owned(),
                at: minute(-500),
            },
            Move {
                to: STAGE.to_owned(),
                at: minute(30),
            },
        ],
        is_archived: false,
        is_anonymized: false,
        may_be_contacted: true,
        is_confidential: false,
        tags: texts(tags),
    }
}

/// An invite to "Rust Basics", as it is shown in this status.
pub(crate) fn view(status: Status) -> InviteView {
    let started = !matches!(status, Status::Invited);
    let submitted = matches!(status, Status::Submitted | Status::Completed);
    InviteView {
        invite: Invite {
            id: invite_id(1),
            organization: Uuid::from_u128(7).into(),
            assessment: assessment(1),
            assessment_version: 1,
            candidate: Uuid::from_u128(8).into(),
            origin: Origin::Lever,
            status,
            attempt: Attempt {
                number: 1,
                started_at: started.then(|| minute(40)),
                ends_at: None,
            },
            resends: 0,
            result: None,
            created_at: minute(31),
            submitted_at: submitted.then(|| minute(55)),
            completed_at: None,
            expires_at: minute(20_000),
        },
        assessment_title: "Rust Basics".to_owned(),
        complete_on: CompleteOn::Graded,
    }
}

/// The same, completed with this result.
pub(crate) fn completed(body: ResultBody) -> InviteView {
    let mut view = view(Status::Completed);
    view.invite.result = Some(Revision {
        revision: 1,
        at: minute(56),
        body,
    });
    view
}
