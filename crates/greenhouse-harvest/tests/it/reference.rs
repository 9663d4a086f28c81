//! The types and filters, held against the names and types in Greenhouse's own reference (`fixtures/reference.json`).
//!
//! A member's type is a word, with a question mark where it may be `null`; a list or an object of such words; or the words
//! that it may be.

use greenhouse_harvest::{
    AnswerKind, Application, ApplicationStage, ApplicationStatus, AppliedCandidateTag, Attachment,
    AttachmentKind, Candidate, CandidateTag, CustomField, CustomFieldOption, CustomFieldOwner,
    CustomFieldValueKind, Department, EmailTemplate, Interview, InterviewStatus, Job, JobBoard,
    JobInterview, JobInterviewStage, JobOwner, JobOwnerKind, JobPost, JobStatus, Note, NoteKind,
    Office, ProspectDetail, ProspectPool, ProspectPoolStage, Referrer, RejectionReason, Resource,
    SchedulingKind, Scorecard, ScorecardStatus, Source, User, UserEmail, UserJobPermission,
    Visibility, read,
};
use rstest::rstest;
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) fn reference(path: &str) -> Value {
    let all: Value =
        serde_json::from_str(include_str!("../fixtures/reference.json")).expect("JSON");
    all[path].clone()
}

/// A value of the type; of words the one at `turn`.
fn sample(kind: &Value, turn: usize) -> Value {
    match kind {
        Value::String(word) => plain(word.trim_end_matches('?')),
        Value::Array(kinds) => json!([sample(&kinds[0], turn), sample(&kinds[0], turn + 1)]),
        Value::Object(kinds) => match kinds.get("words").and_then(Value::as_array) {
            Some(words) => words[turn % words.len()].clone(),
            None => object(kinds, turn),
        },
        other => panic!("{other} is no type"),
    }
}

fn object(kinds: &Map<String, Value>, turn: usize) -> Value {
    let members = kinds.iter();
    members
        .map(|(name, kind)| (name.clone(), sample(kind, turn)))
        .collect::<Map<_, _>>()
        .into()
}

fn plain(word: &str) -> Value {
    match word {
        "integer" => json!(4_100_000_123_i64),
        "string" => json!("Ada <b>Example</b>"),
        "time" => json!("2026-11-22T10:00:00.250Z"),
        "boolean" => json!(true),
        "object" => json!({"any": ["thing", 1, null]}),
        "custom_fields" => json!({
            "score": {"name": "Score", "type": "number", "value": "85.0"},
            "pay": {"name": "Pay", "type": "currency", "value": {"amount": 5, "unit": "EUR"}},
            "unset": {"name": "Unset", "type": "brand_new", "value": null},
        }),
        other => panic!("{other} is no type"),
    }
}

fn round_trip<R: Resource>()
where
    R::Item: Serialize,
{
    let reference = reference(R::PATH);
    let fields = reference["fields"].as_object().expect("fields");
    for turn in 0..60 {
        let sent = json!([object(fields, turn)]);
        let items: Vec<R::Item> = read(sent.to_string().as_bytes()).expect(R::PATH);
        let kept = serde_json::to_value(&items).expect("it can be written");
        assert_eq!(kept, sent, "{} at {turn}", R::PATH);
        assert_eq!(R::id(&items[0]).map(|id| id.get()), Some(4_100_000_123));
    }
}

fn null_and_absent<R: Resource>()
where
    R::Item: Serialize,
{
    let reference = reference(R::PATH);
    let fields = reference["fields"].as_object().expect("fields");
    let mut nulls: Map<String, Value> = fields
        .keys()
        .map(|name| (name.clone(), Value::Null))
        .collect();
    nulls.insert("id".into(), 5.into());
    nulls.insert("brand_new".into(), json!([{}]));
    let sent = json!([nulls, { "id": "5" }]);
    let items: Vec<R::Item> = read(sent.to_string().as_bytes()).expect(R::PATH);
    let kept: Vec<Value> = items
        .iter()
        .map(|item| serde_json::to_value(item).expect("it can be written"))
        .collect();
    assert_eq!(kept[0], kept[1], "{}", R::PATH);
}

macro_rules! resources {
    ($($test:ident: $record:ident,)*) => {$(
        #[test]
        fn $test() {
            round_trip::<$record>();
            null_and_absent::<$record>();
        }
    )*};
}

resources! {
    users_are_read_whole: User,
    user_emails_are_read_whole: UserEmail,
    jobs_are_read_whole: Job,
    job_posts_are_read_whole: JobPost,
    job_interview_stages_are_read_whole: JobInterviewStage,
    application_stages_are_read_whole: ApplicationStage,
    job_interviews_are_read_whole: JobInterview,
    interviews_are_read_whole: Interview,
    candidates_are_read_whole: Candidate,
    applications_are_read_whole: Application,
    notes_are_read_whole: Note,
    attachments_are_read_whole: Attachment,
    candidate_tags_are_read_whole: CandidateTag,
    applied_candidate_tags_are_read_whole: AppliedCandidateTag,
    custom_fields_are_read_whole: CustomField,
    custom_field_options_are_read_whole: CustomFieldOption,
    sources_are_read_whole: Source,
    referrers_are_read_whole: Referrer,
    rejection_reasons_are_read_whole: RejectionReason,
    prospect_pools_are_read_whole: ProspectPool,
    prospect_pool_stages_are_read_whole: ProspectPoolStage,
    prospect_details_are_read_whole: ProspectDetail,
    departments_are_read_whole: Department,
    offices_are_read_whole: Office,
    job_boards_are_read_whole: JobBoard,
    job_owners_are_read_whole: JobOwner,
    email_templates_are_read_whole: EmailTemplate,
    scorecards_are_read_whole: Scorecard,
    user_job_permissions_are_read_whole: UserJobPermission,
}

macro_rules! knows_each_word {
    ($path:literal, $member:literal, $words:ident) => {{
        let words = reference($path)["fields"][$member]["words"].clone();
        let words: Vec<String> = serde_json::from_value(words).expect("words");
        for word in words {
            let known = $words::from(word.as_str());
            assert!(!matches!(known, $words::Unknown(_)), "{} {word}", $member);
            assert_eq!(known.as_str(), word);
        }
    }};
}

#[test]
fn each_documented_word_is_known() {
    knows_each_word!("jobs", "status", JobStatus);
    knows_each_word!("job_owners", "type", JobOwnerKind);
    knows_each_word!("job_interviews", "scheduling_type", SchedulingKind);
    knows_each_word!("interviews", "status", InterviewStatus);
    knows_each_word!("applications", "status", ApplicationStatus);
    knows_each_word!("notes", "type", NoteKind);
    knows_each_word!("notes", "visibility", Visibility);
    knows_each_word!("attachments", "type", AttachmentKind);
    knows_each_word!("custom_fields", "field_type", CustomFieldOwner);
    knows_each_word!("custom_fields", "value_type", CustomFieldValueKind);
    knows_each_word!("scorecards", "status", ScorecardStatus);
    let answers = reference("job_posts")["fields"]["questions"][0]["answer_type"]["words"].clone();
    for word in answers.as_array().expect("words") {
        let known = AnswerKind::from(word.as_str().expect("a word"));
        assert!(!matches!(known, AnswerKind::Unknown(_)), "{word}");
    }
}

#[rstest]
#[case("in_process", ApplicationStatus::InProcess)]
#[case("active", ApplicationStatus::InProcess)]
#[case("on_hold", ApplicationStatus::Unknown("on_hold".into()))]
fn an_application_on_its_way_has_one_name(#[case] word: &str, #[case] expected: ApplicationStatus) {
    assert_eq!(ApplicationStatus::from(word), expected);
}

#[rstest]
#[case("publicly_visible", "public")]
#[case("public", "public")]
#[case("privately_visible", "private")]
#[case("admin_only", "admin_only")]
#[case("friends", "friends")]
fn visibility_is_written_in_another_word_than_it_is_read(
    #[case] read: &str,
    #[case] written: &str,
) {
    assert_eq!(Visibility::from(read).as_written(), written);
}

/// Greenhouse documents a second shape of a candidate, with nothing but a message.
#[test]
fn a_message_in_place_of_a_candidate_is_kept() {
    type Entry = <Candidate as Resource>::Item;
    let items: Vec<Entry> =
        read(br#"[{"id":7,"first_name":"Ada"},{"message":"Processing"}]"#).expect("read");
    assert_eq!(Candidate::id(&items[0]).map(|id| id.get()), Some(7));
    assert_eq!(Candidate::id(&items[1]), None);
    assert!(items[1].candidate().is_none());
    assert!(!format!("{:?}", items[0]).contains("Ada"));
}

#[test]
fn what_cannot_be_read_is_named_and_not_repeated() {
    let error = read::<Vec<Job>>(br#"[{"id":1},{"id":2,"office_ids":["Ada"]}]"#).expect_err("text");
    assert_eq!(
        error.to_string(),
        "Greenhouse's answer can't be read at `[1].office_ids[0]`"
    );
    let error = read::<Vec<Job>>(br#"{"message":"no list"}"#).expect_err("no list");
    assert_eq!(
        error.to_string(),
        "Greenhouse's answer can't be read at `the top`"
    );
    let error = read::<Vec<Job>>(b"<html>").expect_err("no JSON");
    assert_eq!(error.to_string(), "Greenhouse's answer is not JSON");
}
