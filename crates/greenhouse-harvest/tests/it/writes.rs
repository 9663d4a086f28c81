//! Writes: what is sent, and what is made of the answer.

use greenhouse_harvest::write::{
    ApplicationUpdate, CandidateUpdate, Conversion, Email, Hire, Move, NewApplication,
    NewAttachment, NewCandidate, NewNote, Rejection,
};
use greenhouse_harvest::{
    ApplicationId, ApplicationStageId, AttachmentId, AttachmentKind, CandidateEntry, CandidateId,
    Contact, ContactKind, CustomFieldId, EmailTemplateId, Error, JobId, JobInterviewStageId,
    NoteKind, ProspectPoolId, RejectionReasonId, SourceId, Timestamp, UserId, Visibility,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::far_side::{FarSide, answer};
use crate::fixtures::{answering, connected};

/// Line and body of the one request.
fn sent(greenhouse: &FarSide) -> (String, Value) {
    let seen = greenhouse.seen().remove(0);
    assert_eq!(seen.header("content-type"), Some("application/json"));
    (seen.line, document(&seen.body))
}

/// A body whose members may stand in any order; there may be none.
fn document(body: &str) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(body).expect("JSON")
}

const ADA: CandidateId = CandidateId::new(4);
const APPLICATION: ApplicationId = ApplicationId::new(5);

#[tokio::test]
async fn a_candidate_is_made_with_an_application() {
    let wrapped =
        r#"{"candidate":{"id":4,"private":true},"application":{"id":5,"candidate_id":4}}"#;
    let (greenhouse, client) = answering(wrapped).await;
    let application = NewApplication::for_job(JobId::new(7))
        .source(SourceId::new(8))
        .recruiter(UserId::new(9));
    let candidate = NewCandidate::new("Ada", "Example")
        .email(ContactKind::Personal, "ada@example.org")
        .email(ContactKind::Work, "ada@work.example")
        .social("https://www.linkedin.com/in/ada")
        .tags(["Rust"])
        .private(true)
        .custom_field("score", 82)
        .custom_field(CustomFieldId::new(3), "high")
        .application(&application)
        .also("brand_new", json!({"a": 1}));
    assert!(!format!("{candidate:?}").contains("Ada"));
    let created = client.create_candidate(&candidate).await.expect("made");
    let ada = created.candidate.candidate().expect("a person");
    assert_eq!((ada.id, ada.private), (ADA, Some(true)));
    assert_eq!(created.application.map(|it| it.id), Some(APPLICATION));
    assert_eq!(
        sent(&greenhouse),
        (
            "POST /v3/candidates".to_owned(),
            json!({
                "first_name": "Ada",
                "last_name": "Example",
                "email_addresses": [
                    {"value": "ada@example.org", "type": "personal"},
                    {"value": "ada@work.example", "type": "work"},
                ],
                "social_media_addresses": [{"value": "https://www.linkedin.com/in/ada"}],
                "tags": ["Rust"],
                "is_private": true,
                "custom_fields": [
                    {"name_key": "score", "value": 82},
                    {"custom_field_id": 3, "value": "high"},
                ],
                "application": {"job_id": 7, "source_id": 8, "recruiter_id": 9},
                "brand_new": {"a": 1},
            })
        )
    );
}

#[rstest]
#[case::bare(r#"{"id":4}"#, Some(4), None)]
#[case::wrapped(r#"{"candidate":{"id":4},"application":{"id":5}}"#, Some(4), Some(5))]
#[case::no_application(r#"{"candidate":{"id":4},"application":null}"#, Some(4), None)]
#[case::absent_application(r#"{"candidate":{"id":4}}"#, Some(4), None)]
#[case::a_message(r#"{"message":"Processing"}"#, None, None)]
#[case::a_wrapped_message(r#"{"candidate":{"message":"Processing"}}"#, None, None)]
#[tokio::test]
async fn a_new_candidate_is_read_in_each_shape(
    #[case] answered: &str,
    #[case] id: Option<i64>,
    #[case] application: Option<i64>,
) {
    let greenhouse = FarSide::with([answer("201 Created", answered)]).await;
    let candidate = NewCandidate::new("Ada", "Example");
    let created = connected(&greenhouse).create_candidate(&candidate).await;
    let created = created.expect("made");
    assert_eq!(created.application.map(|it| it.id.get()), application);
    assert_eq!(created.candidate.candidate().map(|it| it.id.get()), id);
    if id.is_none() {
        assert!(
            matches!(created.candidate, CandidateEntry::Message { message } if message == "Processing")
        );
    }
}

#[tokio::test]
async fn a_candidate_is_changed_where_something_was_named() {
    let (greenhouse, client) = answering(r#"{"id":4}"#).await;
    let changes = CandidateUpdate::new()
        .title("")
        .email_addresses(&[Contact::new(ContactKind::Other, "ada@example.org")])
        .private(false);
    client
        .update_candidate(ADA, &changes)
        .await
        .expect("changed");
    let body = json!({
        "title": "",
        "email_addresses": [{"value": "ada@example.org", "type": "other"}],
        "is_private": false,
    });
    assert_eq!(
        sent(&greenhouse),
        ("PATCH /v3/candidates/4".to_owned(), body)
    );
}

#[tokio::test]
async fn an_application_is_added_to_a_candidate() {
    let (greenhouse, client) = answering(r#"{"id":5}"#).await;
    let prospect = NewApplication::prospect()
        .jobs([JobId::new(7)])
        .prospect_pool(ProspectPoolId::new(8))
        .prospect_owner(UserId::new(9));
    let made = client
        .create_application(ADA, &prospect)
        .await
        .expect("made");
    assert_eq!(made.id, APPLICATION);
    let body = json!({
        "candidate_id": 4,
        "prospect": true,
        "job_ids": [7],
        "prospect_pool_id": 8,
        "prospect_owner_id": 9,
    });
    assert_eq!(
        sent(&greenhouse),
        ("POST /v3/applications".to_owned(), body)
    );
}

#[tokio::test]
async fn an_application_is_changed() {
    let (greenhouse, client) = answering(r#"{"id":5}"#).await;
    let at = Timestamp::parse("2026-11-22").expect("a day");
    let changes = ApplicationUpdate::new()
        .recruiter(UserId::new(9))
        .created_at(at);
    client
        .update_application(APPLICATION, &changes)
        .await
        .expect("changed");
    let body = json!({"recruiter_id": 9, "created_at": "2026-11-22T00:00:00Z"});
    assert_eq!(
        sent(&greenhouse),
        ("PATCH /v3/applications/5".to_owned(), body)
    );
}

#[rstest]
#[case::on(Move::to_next_stage(JobInterviewStageId::new(1)), json!({"from_stage_id": 1}))]
#[case::by_its_own_stage(Move::to_next_stage(ApplicationStageId::new(2)), json!({"from_stage_id": 2}))]
#[case::to_a_stage(Move::to_stage(JobInterviewStageId::new(1), JobInterviewStageId::new(3)), json!({"from_stage_id": 1, "to_stage_id": 3}))]
#[case::to_a_job(Move::to_job(JobInterviewStageId::new(1), JobId::new(7)), json!({"from_stage_id": 1, "to_job_id": 7}))]
#[case::to_both(Move::to_stage_of_job(JobInterviewStageId::new(1), JobId::new(7), JobInterviewStageId::new(3)).email_from(UserId::new(9)), json!({"from_stage_id": 1, "to_job_id": 7, "to_stage_id": 3, "email_from_user_id": 9}))]
#[tokio::test]
async fn a_move_names_where_from_and_where_to(#[case] to: Move, #[case] body: Value) {
    let greenhouse = FarSide::with(["HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"]).await;
    connected(&greenhouse)
        .move_application(APPLICATION, &to)
        .await
        .expect("moved");
    assert_eq!(
        sent(&greenhouse),
        ("POST /v3/applications/5/move".to_owned(), body)
    );
}

#[tokio::test]
async fn an_application_comes_to_its_end() {
    let no_content = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let greenhouse = FarSide::with([no_content; 5]).await;
    let client = connected(&greenhouse);
    let at = Timestamp::parse("2026-11-22").expect("a day");
    let rejection = Rejection::new(RejectionReasonId::new(1)).notes("x");
    let rejection = rejection.email(EmailTemplateId::new(2), UserId::new(3), Some(at));
    client
        .reject_application(APPLICATION, &rejection)
        .await
        .expect("rejected");
    client
        .unreject_application(APPLICATION)
        .await
        .expect("taken back");
    let hire = Hire::new().opening(6).start_date("2026-12-01");
    client.hire(APPLICATION, &hire).await.expect("hired");
    let conversion = Conversion::to_job(JobId::new(7)).to_stage(JobInterviewStageId::new(8));
    client
        .convert_to_candidate(APPLICATION, &conversion)
        .await
        .expect("converted");
    client
        .delete_attachment(AttachmentId::new(9))
        .await
        .expect("deleted");
    let seen: Vec<_> = greenhouse
        .seen()
        .into_iter()
        .map(|it| (it.line, document(&it.body)))
        .collect();
    let expected = [
        (
            "POST /v3/applications/5/reject",
            r#"{"notes":"x","rejection_email":{"email_from_user_id":3,"email_template_id":2,"send_email_at":"2026-11-22T00:00:00Z"},"rejection_reason_id":1}"#,
        ),
        ("POST /v3/applications/5/unreject", "{}"),
        (
            "POST /v3/applications/5/hire",
            r#"{"opening_id":6,"start_date":"2026-12-01"}"#,
        ),
        (
            "POST /v3/applications/5/convert_to_candidate",
            r#"{"job_id":7,"to_job_interview_stage_id":8}"#,
        ),
        ("DELETE /v3/attachments/9", ""),
    ];
    assert_eq!(
        seen,
        expected.map(|(line, body)| (line.to_owned(), document(body)))
    );
}

#[tokio::test]
async fn a_note_is_written_in_a_users_name_and_read_in_other_words() {
    let answered =
        r#"{"id":6,"type":"NOTE","visibility":"privately_visible","body":"Result: 82\nref:x"}"#;
    let (greenhouse, client) = answering(answered).await;
    let note = NewNote::new(ADA, &Visibility::Private, "Result: 82\nref:x")
        .application(APPLICATION)
        .user(UserId::new(9));
    let written = client.create_note(&note).await.expect("written");
    assert_eq!(written.visibility, Some(Visibility::Private));
    assert_eq!(written.kind, Some(NoteKind::Note));
    assert!(written.mentions("ref:x") && !written.mentions("ref:y"));
    let body = json!({
        "candidate_id": 4,
        "application_id": 5,
        "user_id": 9,
        "note_type": "NOTE",
        "visibility": "private",
        "body": "Result: 82\nref:x",
    });
    assert_eq!(sent(&greenhouse), ("POST /v3/notes".to_owned(), body));
}

#[test]
fn an_email_is_noted_with_all_that_it_needs() {
    let email = Email {
        subject: "Hello",
        from: &["a@example.org"],
        to: &["b@example.org"],
        cc: &[],
    };
    let note = NewNote::email(ADA, &Visibility::AdminOnly, email, "x");
    let expected = json!({
        "candidate_id": 4,
        "note_type": "EMAIL",
        "visibility": "admin_only",
        "subject": "Hello",
        "email_from": ["a@example.org"],
        "email_to": ["b@example.org"],
        "email_cc": [],
        "body": "x",
    });
    assert_eq!(json!(note.as_json()), expected);
    let activity = NewNote::activity(ADA, &Visibility::Public, "x");
    assert_eq!(activity.as_json()["note_type"], "ACTIVITY");
}

#[tokio::test]
async fn a_file_is_sent_or_fetched() {
    let (greenhouse, client) = answering(r#"{"id":6}"#).await;
    let kind = AttachmentKind::TakeHomeTest;
    let file = NewAttachment::holding(APPLICATION, kind, &Visibility::Public, "r.pdf", b"%PDF");
    client.create_attachment(&file).await.expect("added");
    let body = json!({
        "application_id": 5,
        "type": "take_home_test",
        "visibility": "public",
        "filename": "r.pdf",
        "content": "JVBERg==",
    });
    assert_eq!(sent(&greenhouse), ("POST /v3/attachments".to_owned(), body));
    let (kind, seen) = (AttachmentKind::Other, Visibility::Public);
    let fetched =
        NewAttachment::fetched_from(APPLICATION, kind, &seen, "r.pdf", "https://x.example/r");
    assert_eq!(fetched.as_json()["url"], "https://x.example/r");
    assert_eq!(fetched.as_json().get("content"), None);
}

#[tokio::test]
async fn a_stale_move_is_refused_and_says_so() {
    let stale = answer(
        "422 Unprocessable Content",
        r#"{"errors":[{"from_stage_id":"stale"}]}"#,
    );
    let greenhouse = FarSide::with([stale]).await;
    let to = Move::to_next_stage(JobInterviewStageId::new(1));
    let moved: Result<(), Error> = connected(&greenhouse)
        .move_application(APPLICATION, &to)
        .await;
    let error = moved.expect_err("stale");
    assert!(error.is_invalid() && !error.is_ambiguous());
    assert_eq!(
        error.refusal().expect("an answer").fields(),
        ["from_stage_id"]
    );
}
