//! Answers held against what Greenhouse documents: `documented.json` has the members of each list's records with their types,
//! and the parameters that it takes.

use chrono::DateTime;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::HarvestPlay;

fn documented() -> Value {
    serde_json::from_str(include_str!("documented.json")).unwrap()
}

/// An organization in which every list has something to show.
async fn furnished() -> HarvestPlay {
    let play = HarvestPlay::start().await;
    let job = json!({
        "name": "Engineer", "requisition_id": "R-1", "status": "closed",
        "posts": [{"title": "Engineer", "content": "<p>Come</p>", "language": "en", "internal": true}],
    });
    play.post(&play.of_organization("/jobs"), job).await;
    let (ada, [_, stage]) = play.applicant().await;
    play.moves(&ada, stage).await;
    let id = &ada["person_id"];
    let more = json!({
        "company": "Acme", "time_zone": "UTC", "tags": ["Rust"],
        "phone_numbers": [{"value": "+351 1", "type": "mobile"}],
        "addresses": [{"value": "Lisbon", "type": "home"}],
        "website_addresses": [{"value": "https://ada.example", "type": "portfolio"}],
        "social_media_addresses": [{"value": "https://www.linkedin.com/in/ada"}],
    });
    let changed = play
        .write(Method::PATCH, &format!("candidates/{id}"), more)
        .await;
    assert_eq!(changed.0, 200, "{changed:?}");
    for (kind, addresses) in [
        ("NOTE", json!({})),
        (
            "EMAIL",
            json!({"subject": "Hello", "email_from": ["a@example.org"], "email_to": ["b@example.org"], "email_cc": ["c@example.org"]}),
        ),
    ] {
        let mut note = json!({"candidate_id": id, "body": "Well done", "note_type": kind, "visibility": "public"});
        for (name, value) in addresses.as_object().unwrap() {
            note[name] = value.clone();
        }
        let written = play.write(Method::POST, "notes", note).await;
        assert_eq!(written.0, 201, "{written:?}");
    }
    let file = json!({"application_id": ada["application_id"], "type": "take_home_test", "visibility": "private",
        "filename": "report.pdf", "content": "UERG"});
    let added = play.write(Method::POST, "attachments", file).await;
    assert_eq!(added.0, 201, "{added:?}");
    let path = format!(
        "/control/greenhouse/applications/{}/reject",
        ada["application_id"]
    );
    play.call(Method::POST, &path, Value::Null).await;
    play
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Whether a value is what is documented; panics saying where it is not.
fn fits(place: &str, value: &Value, documented: &Value) {
    let kinds = documented["type"].as_array().unwrap();
    let mut kinds = kinds.iter().map(|kind| kind.as_str().unwrap());
    assert!(kinds.any(|kind| is_of(value, kind)), "{place} is {value}");
    if documented["format"] == "date-time" && !value.is_null() {
        let time = DateTime::parse_from_rfc3339(value.as_str().unwrap());
        assert!(time.is_ok(), "{place} is {value}");
    }
    let known = documented["enum"].as_array();
    assert!(
        known.is_none_or(|known| value.is_null() || known.contains(value)),
        "{place} is {value}"
    );
    if let Some(members) = documented["properties"].as_object() {
        for (name, documented) in members {
            fits(&format!("{place}.{name}"), &value[name], documented);
        }
    }
    if documented["items"].is_object() {
        for item in value.as_array().into_iter().flatten() {
            fits(&format!("{place}[]"), item, &documented["items"]);
        }
    }
}

const LISTS: [&str; 13] = [
    "users",
    "user_emails",
    "sources",
    "jobs",
    "job_posts",
    "job_interview_stages",
    "candidates",
    "applications",
    "application_stages",
    "notes",
    "candidate_tags",
    "applied_candidate_tags",
    "attachments",
];

#[tokio::test]
async fn every_record_has_the_members_that_are_documented_and_no_others() {
    let play = furnished().await;
    let documented = documented();
    for list in LISTS {
        let members = documented[list]["record"].as_object().unwrap();
        let records = play.list(list).await;
        assert!(!records.is_empty(), "{list} has nothing to show");
        for record in records {
            for (name, documented) in members {
                assert!(record.get(name).is_some(), "{list} lacks {name}: {record}");
                fits(&format!("{list}.{name}"), &record[name], documented);
            }
            let mut names = record.as_object().unwrap().keys();
            let stray = names.find(|name| !members.contains_key(*name));
            assert_eq!(stray, None, "in {list}");
        }
    }
}

fn value_of(list: &str, name: &str, kind: &str) -> &'static str {
    match (list, name, kind) {
        (_, "fields", _) => "id",
        ("jobs", "status", _) => "open",
        ("applications", "status", _) => "active",
        ("notes", "type", _) => "TAKE_HOME_TEST",
        ("notes", "visibility", _) => "admin_only_visible",
        ("attachments", "type", _) => "resume",
        (_, _, "array" | "integer") => "7",
        (_, _, "boolean") => "true",
        (_, _, "object") => "gte|2026-01-01T00:00:00Z",
        _ => "text",
    }
}

#[tokio::test]
async fn every_parameter_that_is_documented_is_taken() {
    let play = furnished().await;
    let documented = documented();
    for list in LISTS {
        let parameters = documented[list]["parameters"].as_object().unwrap();
        for (name, kind) in parameters.iter().filter(|(name, _)| *name != "cursor") {
            let value = value_of(list, name, kind.as_str().unwrap());
            let answer = play
                .api(Method::GET, &format!("{list}?{name}={value}"), None)
                .await;
            assert_eq!(answer.status(), 200, "{list}?{name}={value}");
        }
    }
}

#[rstest]
#[case("candidates", "name=Ada")]
#[case("candidates", "job_ids=1")]
#[case("applications", "status=in_process")]
#[case("jobs", "per_page=501")]
#[tokio::test]
async fn what_is_not_documented_is_refused(#[case] list: &str, #[case] query: &str) {
    let play = HarvestPlay::start().await;
    assert_eq!(play.refused(&format!("{list}?{query}")).await.0, 422);
}
