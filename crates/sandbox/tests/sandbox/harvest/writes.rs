//! Candidates, applications and notes, made and changed.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::HarvestPlay;

/// A job with three stages: the job's id, then the stages'.
async fn with_a_job() -> (HarvestPlay, u64, Vec<u64>) {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/jobs");
    let job = json!({"name": "Engineer", "stages": ["Take home", "Offer"]});
    let made = play.post(&path, job).await;
    let stages = made["stages"].as_array().unwrap().iter();
    let stages = stages.map(|stage| stage["id"].as_u64().unwrap()).collect();
    (play, made["id"].as_u64().unwrap(), stages)
}

fn ada(application: &Value) -> Value {
    json!({
        "first_name": "Ada",
        "last_name": "Example",
        "email_addresses": [{"value": "ada@example.org", "type": "personal"}],
        "social_media_addresses": [{"value": "https://www.linkedin.com/in/ada"}],
        "is_private": true,
        "application": application,
    })
}

#[tokio::test]
async fn a_candidate_is_made_with_an_application_and_seen_by_the_partners_half() {
    let (play, job, stages) = with_a_job().await;
    let body = ada(&json!({"job_id": job, "initial_stage_id": stages[1]}));
    let (status, made) = play.write(Method::POST, "candidates", body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["candidate"]["private"], true);
    assert_eq!(made["application"]["job_interview_stage_id"], stages[1]);
    let application = &made["application"]["id"];
    let path = format!("/control/greenhouse/applications/{application}");
    let partners = play.call(Method::GET, &path, Value::Null).await.1;
    assert_eq!(partners["email"], "ada@example.org");
    let twice = play
        .write(Method::POST, "candidates", ada(&Value::Null))
        .await;
    assert_eq!(twice.0, 201);
    assert_eq!(play.list("candidates?email=ada@example.org").await.len(), 2);
}

#[rstest]
#[case("bare", json!(null), true)]
#[case("message", json!("The candidate is being processed."), false)]
#[tokio::test]
async fn a_new_candidate_is_answered_as_was_set(
    #[case] answer: &str,
    #[case] message: Value,
    #[case] has_id: bool,
) {
    let (play, ..) = with_a_job().await;
    play.set(json!({"created_answer": answer, "candidate_delay_seconds": 60}))
        .await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&Value::Null))
        .await;
    assert_eq!(
        (&made["message"], made.get("id").is_some()),
        (&message, has_id)
    );
    assert_eq!(play.list("candidates").await.len(), 0);
    play.advance(60).await;
    assert_eq!(play.list("candidates").await.len(), 1);
}

#[tokio::test]
async fn an_update_touches_what_it_names_and_replaces_lists_whole() {
    let (play, ..) = with_a_job().await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&Value::Null))
        .await;
    let path = format!("candidates/{}", made["candidate"]["id"]);
    let changes =
        json!({"title": "Poet", "email_addresses": [{"value": "b@example.org", "type": "work"}]});
    let (status, changed) = play.write(Method::PATCH, &path, changes).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&changed["first_name"], &changed["title"]),
        (&json!("Ada"), &json!("Poet"))
    );
    assert_eq!(changed["email_addresses"].as_array().unwrap().len(), 1);
    let unknown = play.write(Method::PATCH, "candidates/1", json!({})).await;
    assert_eq!(unknown, (404, json!({"message": "Resource not found"})));
}

#[tokio::test]
async fn a_move_compares_where_the_application_is() {
    let (play, job, stages) = with_a_job().await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&json!({"job_id": job})))
        .await;
    let id = &made["application"]["id"];
    let path = format!("applications/{id}/move");
    let on = json!({"from_stage_id": stages[0]});
    assert_eq!(
        play.write(Method::POST, &path, on.clone()).await,
        (204, Value::Null)
    );
    let (status, body) = play.write(Method::POST, &path, on).await;
    assert_eq!(
        (status, body["errors"][0].get("from_stage_id").is_some()),
        (422, true)
    );
    let to = json!({"from_stage_id": stages[1], "to_stage_id": stages[2]});
    assert_eq!(play.write(Method::POST, &path, to).await.0, 204);
    let now = play
        .list(&format!(
            "application_stages?application_ids={id}&current=true"
        ))
        .await;
    assert_eq!(now[0]["job_interview_stage_id"], stages[2]);
    let found = play
        .list(&format!(
            "applications?job_interview_stage_ids={}",
            stages[2]
        ))
        .await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["stage_id"], now[0]["id"]);
    let none = play
        .list(&format!("applications?stage_ids={}", stages[2]))
        .await;
    assert_eq!(none.len(), 0);
}

#[tokio::test]
async fn a_prospect_has_no_job() {
    let (play, job, _) = with_a_job().await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&Value::Null))
        .await;
    let candidate = made["candidate"]["id"].clone();
    let prospect = json!({"candidate_id": candidate, "prospect": true, "job_ids": [job]});
    let (status, made) = play.write(Method::POST, "applications", prospect).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        (&made["prospect"], &made["job_id"]),
        (&json!(true), &json!(null))
    );
    let both = json!({"candidate_id": candidate, "prospect": true, "job_id": job});
    assert_eq!(play.write(Method::POST, "applications", both).await.0, 422);
    assert_eq!(play.list("applications?prospect=true").await.len(), 1);
    let path = format!("applications/{}", made["id"]);
    let user = play.list("users").await[0]["id"].clone();
    let (_, changed) = play
        .write(Method::PATCH, &path, json!({"recruiter_id": user}))
        .await;
    assert_eq!(changed["recruiter_id"], user);
}

#[tokio::test]
async fn a_note_is_written_in_one_spelling_and_read_in_the_other() {
    let (play, job, _) = with_a_job().await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&json!({"job_id": job})))
        .await;
    let (candidate, application) = (&made["candidate"]["id"], &made["application"]["id"]);
    let user = play.list("users").await[0]["id"].clone();
    let note = json!({
        "candidate_id": candidate,
        "application_id": application,
        "user_id": user,
        "note_type": "NOTE",
        "visibility": "private",
        "body": "Result: 82\nref: 8f2",
    });
    let (status, written) = play.write(Method::POST, "notes", note.clone()).await;
    assert_eq!(status, 201, "{written}");
    assert_eq!(
        (&written["visibility"], &written["type"]),
        (&json!("privately_visible"), &json!("NOTE"))
    );
    assert_eq!(written["user_id"], user);
    let found = play
        .list(&format!(
            "notes?candidate_ids={candidate}&visibility=privately_visible"
        ))
        .await;
    assert_eq!(found, [written]);
    let feed = play
        .control(
            Method::GET,
            &play.of_organization("/candidates"),
            Value::Null,
        )
        .await
        .1;
    assert_eq!(
        feed["candidates"][0]["notes"][0]["body"],
        "Result: 82\nref: 8f2"
    );
    let (_, unsigned) = {
        let mut note = note;
        note.as_object_mut().unwrap().remove("user_id");
        play.write(Method::POST, "notes", note).await
    };
    assert_ne!(unsigned["user_id"], user);
}

#[rstest]
#[case(json!({"body": ""}), "body")]
#[case(json!({"visibility": "privately_visible"}), "visibility")]
#[case(json!({"note_type": "FEEDBACK"}), "note_type")]
#[case(json!({"note_type": "EMAIL"}), "subject")]
#[case(json!({"email_to": ["a@example.org"]}), "email_to")]
#[case(json!({"user_id": 1}), "user_id")]
#[case(json!({"application_id": 1}), "application_id")]
#[case(json!({"candidate_id": 1}), "candidate_id")]
#[tokio::test]
async fn a_note_that_cannot_be_is_refused_by_its_field(#[case] wrong: Value, #[case] field: &str) {
    let (play, ..) = with_a_job().await;
    let (_, made) = play
        .write(Method::POST, "candidates", ada(&Value::Null))
        .await;
    let mut note = json!({
        "candidate_id": made["candidate"]["id"],
        "note_type": "NOTE",
        "visibility": "public",
        "body": "x",
    });
    for (name, value) in wrong.as_object().unwrap() {
        note[name] = value.clone();
    }
    let (status, body) = play.write(Method::POST, "notes", note).await;
    assert_eq!((status, &body["errors"][0]["field"]), (422, &json!(field)));
}
