//! Members that cannot be, one by one: 422 with the member's name.

use serde_json::{Value, json};

use super::watch::{Call, Watch};
use super::{CANARY, UNKNOWN};
use crate::harness::{TestApp, external, written};

test_support::each_database! {
    async fn an_assessments_members_are_checked(database: Database) {
        let app = TestApp::start(database).await;
        let (_, draft) = app.v1("POST", "assessments", Some(written("Draft"))).await;
        let patch = format!("assessments/{}", draft["id"].as_str().expect("an id"));
        let watch = Watch::start(&app).await;
        for (body, field) in assessments() {
            for (method, path) in [("POST", "assessments"), ("PATCH", patch.as_str())] {
                watch.fault(&Call::v1(&app, method, path).json(&body), field).await;
            }
        }
        watch.finish().await;
        assert_eq!(app.v1("GET", &patch, None).await.1, draft);
    }

    async fn ids_of_questions_and_choices_have_to_be_its_own(database: Database) {
        let app = TestApp::start(database).await;
        let (_, draft) = app.v1("POST", "assessments", Some(written("Draft"))).await;
        let (_, other) = app.v1("POST", "assessments", Some(written("Other"))).await;
        let path = format!("assessments/{}", draft["id"].as_str().expect("an id"));
        let watch = Watch::start(&app).await;
        let with = |at: &str, id: &Value| {
            let mut questions = draft["questions"].clone();
            *questions.pointer_mut(at).expect("there") = id.clone();
            Call::v1(&app, "PATCH", &path).json(&json!({ "questions": questions }))
        };
        watch.fault(&with("/1/id", &other["questions"][1]["id"]), "questions[1].id").await;
        watch.fault(&with("/1/id", &draft["questions"][0]["id"]), "questions[1].id").await;
        watch.fault(&with("/0/id", &json!(CANARY)), "questions[0].id").await;
        let foreign = &other["questions"][0]["choices"][0]["id"];
        watch.fault(&with("/0/choices/1/id", foreign), "questions[0].choices[1].id").await;
        watch.finish().await;
    }

    async fn what_an_assessment_lacks_keeps_it_from_being_published(database: Database) {
        let app = TestApp::start(database).await;
        for (body, field) in [
            (json!({}), "title"),
            (json!({ "title": "Empty" }), "questions"),
            (json!({ "title": "External", "kind": "external" }), "external.launch_url"),
            (with_choices("single_choice", &json!([{ "text": "a", "correct": true }])), "questions[0].choices"),
            (with_choices("multiple_choice", &json!([{ "text": "a" }, { "text": "b" }])), "questions[0].choices"),
            (json!({ "title": "Blank", "questions": [{ "kind": "code", "prompt": " " }] }), "questions[0].prompt"),
        ] {
            let (status, draft) = app.v1("POST", "assessments", Some(body)).await;
            assert_eq!(status, 201, "{draft}");
            let path = format!("assessments/{}/publish", draft["id"].as_str().expect("an id"));
            let (status, answer) = app.v1("POST", &path, None).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!(field)), "{answer}");
        }
    }

    async fn a_title_that_another_published_one_has_is_a_conflict(database: Database) {
        let app = TestApp::start(database).await;
        let first = app.publish(external("Straße")).await;
        let (_, second) = app.v1("POST", "assessments", Some(external(" STRASSE "))).await;
        let path = format!("assessments/{}", second["id"].as_str().expect("an id"));
        let (status, answer) = app.v1("POST", &format!("{path}/publish"), None).await;
        assert_eq!((status, &answer["code"]), (409, &json!("title_taken")));
        assert!(answer["detail"].as_str().expect("words").contains(&first), "{answer}");
        app.v1("PATCH", &path, Some(json!({ "title": "Strasse 2" }))).await;
        assert_eq!(app.v1("POST", &format!("{path}/publish"), None).await.0, 200);
        let (status, answer) = app.v1("PATCH", &path, Some(json!({ "title": "strasse" }))).await;
        assert_eq!((status, &answer["code"]), (409, &json!("title_taken")));
    }

    async fn an_invites_members_are_checked(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let good = json!({ "assessment_id": test, "candidate": { "email": "ada@candidate.example" } });
        let watch = Watch::start(&app).await;
        for (pointer, value, field) in [
            ("/assessment_id", json!(CANARY), "assessment_id"),
            ("/assessment_id", json!(17), "assessment_id"),
            ("/assessment_id", json!(UNKNOWN), "assessment_id"),
            ("/candidate", json!(CANARY), "candidate"),
            ("/candidate", json!({}), "candidate.email"),
            ("/candidate", json!({ "email": "a@b.example", "age": CANARY }), "candidate.age"),
            ("/candidate/email", json!(CANARY), "candidate.email"),
            ("/candidate/email", json!(format!("{CANARY}@localhost")), "candidate.email"),
            ("/candidate/email", json!(format!("{CANARY}@a.example, b@c.example")), "candidate.email"),
            ("/candidate/email", json!(format!("{CANARY}@a.example\r\nBcc: b@c.example")), "candidate.email"),
            ("/candidate/email", json!(format!("{}@a.example", CANARY.repeat(30))), "candidate.email"),
            ("/candidate/email", json!(["a@b.example"]), "candidate.email"),
            ("/candidate/first_name", json!(CANARY.repeat(30)), "candidate.first_name"),
            ("/candidate/last_name", json!(7), "candidate.last_name"),
            ("/candidate/phone", json!(CANARY.repeat(30)), "candidate.phone"),
            ("/candidate/linkedin_url", json!(format!("javascript:{CANARY}")), "candidate.linkedin_url"),
            ("/send_email", json!("yes"), "send_email"),
            ("/expires_at", json!(CANARY), "expires_at"),
            ("/expires_at", json!("2009-01-01T00:00:00Z"), "expires_at"),
            ("/expires_at", json!("2099-13-01T00:00:00Z"), "expires_at"),
            ("/expires_at", json!("2099-01-01"), "expires_at"),
            ("/expires_at", json!(4_102_444_800_u64), "expires_at"),
            ("/origin", json!("greenhouse"), "origin"),
        ] {
            let mut bad = good.clone();
            put(&mut bad, pointer, value);
            watch.fault(&Call::v1(&app, "POST", "invites").json(&bad), field).await;
        }
        watch.finish().await;
    }

    async fn an_end_beyond_all_calendars_is_refused_and_stores_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let extend = format!("invites/{}/extend", invite["id"].as_str().expect("an id"));
        let watch = Watch::start(&app).await;
        for ends in ["+262142-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "9999-99-99T99:99:99Z"] {
            let body = json!({ "assessment_id": test, "candidate": { "email": "kim@candidate.example" }, "expires_at": ends });
            watch.fault(&Call::v1(&app, "POST", "invites").json(&body), "expires_at").await;
            let body = json!({ "expires_at": ends });
            watch.fault(&Call::v1(&app, "POST", &extend).json(&body), "expires_at").await;
        }
        watch.finish().await;
    }

    async fn commands_members_are_checked(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(written("Essay")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let id = invite["id"].as_str().expect("an id");
        let question = &invite["answers"][1]["question_id"];
        let watch = Watch::start(&app).await;
        for (verb, body, field) in [
            ("extend", json!({}), "expires_at"),
            ("extend", json!({ "expires_at": CANARY }), "expires_at"),
            ("extend", json!({ "expires_at": null }), "expires_at"),
            ("refuse", json!({}), "reason"),
            ("refuse", json!({ "reason": " \u{0} " }), "reason"),
            ("refuse", json!({ "reason": CANARY.repeat(2_000) }), "reason"),
            ("refuse", json!({ "reason": [CANARY] }), "reason"),
            ("grades", json!({}), "grades"),
            ("grades", json!({ "grades": CANARY }), "grades"),
            ("grades", json!({ "grades": [{ "points": 1 }] }), "grades[0].question_id"),
            ("grades", json!({ "grades": [{ "question_id": CANARY, "points": 1 }] }), "grades[0].question_id"),
            ("grades", json!({ "grades": [{ "question_id": question, "points": CANARY }] }), "grades[0].points"),
            ("grades", json!({ "grades": [{ "question_id": question, "points": null }] }), "grades[0].points"),
            ("start", json!({ "at": CANARY }), "at"),
        ] {
            let call = Call::v1(&app, "POST", &format!("invites/{id}/{verb}")).json(&body);
            watch.fault(&call, field).await;
        }
        for (body, field) in [
            (json!({ "launch_url": CANARY }), "launch_url"),
            (json!({ "launch_url": 7 }), "launch_url"),
            (json!({ "status": "completed" }), "status"),
        ] {
            watch.fault(&Call::v1(&app, "PATCH", &format!("invites/{id}")).json(&body), field).await;
        }
        watch.finish().await;
    }

    async fn numbers_that_no_result_can_have_are_refused(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let id = invite["id"].as_str().expect("an id");
        app.command(id, "start", None).await;
        let watch = Watch::start(&app).await;
        for (body, field) in [
            (r#"{"score":-0.0001}"#, "score"),
            (r#"{"score":100.0001}"#, "score"),
            (r#"{"score":1e300,"max_score":1e301}"#, "max_score"),
            (r#"{"score":1,"max_score":-5}"#, "max_score"),
            (r#"{"score":"80"}"#, "score"),
            (r#"{"score":true}"#, "score"),
            (r#"{"score":80,"score":81}"#, "score"),
            (r#"{"final":"yes"}"#, "final"),
            (r#"{"competencies":[{"name":"a","score":1e400}]}"#, ""),
            (r#"{"competencies":[{"name":"a"}]}"#, "competencies[0].score"),
            (r#"{"metadata":[]}"#, "metadata"),
            (r#"{"metadata":{"a":null}}"#, "metadata"),
        ] {
            let call = Call::v1(&app, "PUT", &format!("invites/{id}/result")).text(body);
            if field.is_empty() {
                watch.refuse(body, &call, 400, "not_json").await;
            } else {
                watch.fault(&call, field).await;
            }
        }
        for body in [r#"{"score":NaN}"#, r#"{"score":Infinity}"#, r#"{"score":1e400}"#, r#"{"score":0x10}"#, r#"{"score":01}"#] {
            let call = Call::v1(&app, "PUT", &format!("invites/{id}/result")).text(body);
            watch.refuse(body, &call, 400, "not_json").await;
        }
        watch.finish().await;
    }

    async fn organizations_and_keys_members_are_checked(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let keys = format!("organizations/{}/api-keys", app.organization);
        for (method, path, body, field) in [
            ("POST", "organizations", json!({}), "name"),
            ("POST", "organizations", json!({ "name": " " }), "name"),
            ("POST", "organizations", json!({ "name": CANARY.repeat(30) }), "name"),
            ("POST", "organizations", json!({ "name": 7 }), "name"),
            ("POST", &keys, json!({ "name": CANARY }), "kind"),
            ("POST", &keys, json!({ "kind": CANARY, "name": "x" }), "kind"),
            ("POST", &keys, json!({ "kind": "platform" }), "name"),
            ("POST", &keys, json!({ "kind": "platform", "name": "\u{0}" }), "name"),
            ("POST", &keys, json!({ "kind": "platform", "name": "x", "scopes": [CANARY] }), "scopes[0]"),
        ] {
            watch.fault(&Call::v1(&app, method, path).operator().json(&body), field).await;
        }
        for (body, field) in [
            (json!({ "name": null }), "name"),
            (json!({ "name": "" }), "name"),
            (json!({ "logo_url": format!("http://{CANARY}.example/") }), "logo_url"),
            (json!({ "logo_url": format!("javascript:{CANARY}") }), "logo_url"),
            (json!({ "privacy_url": CANARY }), "privacy_url"),
            (json!({ "reply_to": CANARY }), "reply_to"),
            (json!({ "id": UNKNOWN }), "id"),
        ] {
            watch.fault(&Call::v1(&app, "PATCH", "organization").json(&body), field).await;
        }
        watch.finish().await;
    }

    async fn a_refusal_names_all_members_at_fault_at_once(database: Database) {
        let app = TestApp::start(database).await;
        let body = json!({ "title": "x".repeat(201), "time_limit_minutes": 0, "invite_valid_days": 400 });
        let (status, answer) = app.v1("POST", "assessments", Some(body)).await;
        let fields: Vec<_> = answer["errors"].as_array().expect("a list").iter().map(|fault| &fault["field"]).collect();
        assert_eq!((status, fields), (422, vec![&json!("title"), &json!("time_limit_minutes"), &json!("invite_valid_days")]));
        assert_eq!((&answer["status"], &answer["title"], &answer["type"]),
            (&json!(422), &json!("Unprocessable Entity"), &json!("about:blank")));
    }
}

/// A draft with one question of these choices.
fn with_choices(kind: &str, choices: &Value) -> Value {
    let question = json!({ "kind": kind, "prompt": "?", "choices": choices });
    json!({ "title": "Choices", "questions": [question] })
}

/// Drafts with one member at fault.
fn assessments() -> Vec<(Value, &'static str)> {
    let question = |member: &str, value: Value| {
        let mut question = json!({ "kind": "single_choice", "prompt": "?" });
        question[member] = value;
        json!({ "questions": [question] })
    };
    vec![
        (json!({ "title": CANARY.repeat(30) }), "title"),
        (json!({ "title": [CANARY] }), "title"),
        (
            json!({ "description_html": CANARY.repeat(12_000) }),
            "description_html",
        ),
        (json!({ "kind": CANARY }), "kind"),
        (json!({ "kind": "interview" }), "kind"),
        (json!({ "time_limit_minutes": 0 }), "time_limit_minutes"),
        (json!({ "time_limit_minutes": 1_441 }), "time_limit_minutes"),
        (
            json!({ "time_limit_minutes": i64::MAX }),
            "time_limit_minutes",
        ),
        (json!({ "time_limit_minutes": 1.5 }), "time_limit_minutes"),
        (
            json!({ "time_limit_minutes": CANARY }),
            "time_limit_minutes",
        ),
        (json!({ "invite_valid_days": 0 }), "invite_valid_days"),
        (json!({ "invite_valid_days": -1 }), "invite_valid_days"),
        (json!({ "invite_valid_days": 366 }), "invite_valid_days"),
        (json!({ "invite_valid_days": 1e300 }), "invite_valid_days"),
        (json!({ "send_email": CANARY }), "send_email"),
        (
            json!({ "email_template": { "subject": CANARY.repeat(30) } }),
            "email_template.subject",
        ),
        (
            json!({ "email_template": { "body": "{{password}}" } }),
            "email_template.body",
        ),
        (
            json!({ "email_template": { "colour": CANARY } }),
            "email_template.colour",
        ),
        (
            json!({ "competencies": [{ "key": CANARY.repeat(10), "name": "x" }] }),
            "competencies[0].key",
        ),
        (
            json!({ "competencies": [{ "key": "a", "name": " " }] }),
            "competencies[0].name",
        ),
        (
            json!({ "competencies": [{ "key": "a", "name": "x" }, { "key": "a", "name": "y" }] }),
            "competencies[1].key",
        ),
        (json!({ "questions": CANARY }), "questions"),
        (
            json!({ "questions": vec![json!({ "kind": "code", "prompt": CANARY }); 201] }),
            "questions",
        ),
        (
            json!({ "questions": [{ "prompt": CANARY }] }),
            "questions[0].kind",
        ),
        (question("kind", json!(CANARY)), "questions[0].kind"),
        (
            question("prompt", json!(CANARY.repeat(1_200))),
            "questions[0].prompt",
        ),
        (question("points", json!(-1)), "questions[0].points"),
        (question("points", json!(1_001)), "questions[0].points"),
        (question("points", json!(CANARY)), "questions[0].points"),
        (
            question("competency", json!(CANARY)),
            "questions[0].competency",
        ),
        (
            question("choices", json!([{ "text": " " }])),
            "questions[0].choices[0].text",
        ),
        (
            question("choices", json!([{ "text": CANARY.repeat(300) }])),
            "questions[0].choices[0].text",
        ),
        (
            question("choices", json!(vec![json!({ "text": CANARY }); 51])),
            "questions[0].choices",
        ),
        (
            question("choices", json!([{ "text": "a", "correct": CANARY }])),
            "questions[0].choices[0].correct",
        ),
        (question("colour", json!(CANARY)), "questions[0].colour"),
        (
            json!({ "questions": [{ "kind": "code", "prompt": "?", "choices": [{ "text": CANARY }] }] }),
            "questions[0].choices",
        ),
        (
            json!({ "external": { "launch_url": format!("http://{CANARY}.example/") } }),
            "external.launch_url",
        ),
        (
            json!({ "external": { "launch_url": format!("javascript:{CANARY}") } }),
            "external.launch_url",
        ),
        (
            json!({ "external": { "launch_url": format!("https://{CANARY}:p@x.example/") } }),
            "external.launch_url",
        ),
        (json!({ "category": CANARY }), "category"),
        (
            json!({ "greenhouse_job_id": CANARY.repeat(30) }),
            "greenhouse_job_id",
        ),
        (
            json!({ "greenhouse_complete_on": CANARY }),
            "greenhouse_complete_on",
        ),
        (json!({ "status": "published" }), "status"),
        (json!({ "id": UNKNOWN }), "id"),
    ]
}

/// Sets a member, there already or not.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    body.pointer_mut(parent).expect("there")[member] = value;
}
