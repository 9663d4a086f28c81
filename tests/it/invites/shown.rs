//! What an invite shows: its links, its person, its version of the assessment.

use serde_json::{Value, json};

use crate::harness::{TestApp, choices, external};

test_support::each_database! {
    async fn the_candidates_link_is_shown_while_it_works(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let (id, first) = (text(&invite["id"]), text(&invite["candidate_url"]));
        assert!(first.starts_with(&format!("{}/take/", app.url)), "{first}");
        assert_eq!(visit(&app, &first).await, 200);
        assert_eq!(app.command(&id, "start", None).await["candidate_url"], first);
        let reset = app.command(&id, "reset", None).await;
        let second = text(&reset["candidate_url"]);
        assert_ne!(second, first);
        assert_eq!((visit(&app, &first).await, visit(&app, &second).await), (410, 200));
        assert_eq!(app.command(&id, "cancel", None).await["candidate_url"], Value::Null);
        assert_eq!(visit(&app, &second).await, 410);
    }

    async fn the_results_link_is_the_same_for_ever_and_asks_who_is_there(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = app.invite(&test, "ada@candidate.example").await;
        let link = text(&invite["result_url"]);
        assert_eq!(link, format!("{}/results/{}", app.url, text(&invite["id"])));
        let done = app.complete(&text(&invite["id"]), 80).await;
        assert_eq!(done["result_url"], link);
        let page = app.http.get(&link).send().await.expect("an answer");
        assert_eq!(page.status(), 303);
        let to = page.headers()["location"].to_str().expect("a place");
        assert!(to.starts_with("/sign-in"), "{to}");
    }

    async fn an_address_is_one_person_who_keeps_the_names_of_each_invite(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let ask = |name: &str, email: &str| json!({
            "assessment_id": test,
            "candidate": { "first_name": name, "email": email },
        });
        let one = app.invite_with(ask("Ada", "Ada@Candidate.Example")).await;
        let other = app.invite_with(ask("Augusta", " ada@candidate.example ")).await;
        assert_eq!(one["candidate"]["id"], other["candidate"]["id"]);
        assert_eq!((&one["candidate"]["first_name"], &other["candidate"]["first_name"]), (&json!("Ada"), &json!("Augusta")));
        assert_eq!((&one["candidate"]["email"], &other["candidate"]["email"]),
            (&json!("Ada@Candidate.Example"), &json!("ada@candidate.example")));
        assert_eq!(app.rows("candidates"), 1);
    }

    async fn an_invite_keeps_the_version_it_was_made_with(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(choices("Numbers")).await;
        let old = text(&app.invite(&test, "ada@candidate.example").await["id"]);
        let change = json!({ "title": "Numbers, again", "questions": choices("")["questions"] });
        let (status, changed) = app.v1("PATCH", &format!("assessments/{test}"), Some(change)).await;
        assert_eq!((status, &changed["version"]), (200, &json!(2)));
        let new = app.invite(&test, "ada@candidate.example").await;
        assert_eq!(new["assessment"], json!({ "id": test, "title": "Numbers, again", "version": 2 }));
        let shown = app.show(&old).await;
        assert_eq!(shown["assessment"], json!({ "id": test, "title": "Numbers", "version": 1 }));
        assert_ne!(shown["answers"][0]["question_id"], new["answers"][0]["question_id"]);
    }

    async fn only_published_assessments_take_invites(database: Database) {
        let app = TestApp::start(database).await;
        let (_, draft) = app.v1("POST", "assessments", Some(external("Draft"))).await;
        let archived = app.publish(external("Archived")).await;
        app.v1("POST", &format!("assessments/{archived}/archive"), None).await;
        let mut answers = Vec::new();
        for id in [draft["id"].as_str().expect("an id"), &archived, "01920000-0000-7000-8000-000000000000"] {
            let body = json!({ "assessment_id": id, "candidate": { "email": "ada@candidate.example" } });
            let (status, mut answer) = app.v1("POST", "invites", Some(body)).await;
            answer["request_id"] = Value::Null;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!("assessment_id")));
            answers.push(answer);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }

    async fn the_same_call_under_one_key_is_carried_out_once(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let body = json!({ "assessment_id": test, "candidate": { "email": "ada@candidate.example" } });
        let post = |body: &Value| {
            app.http.post(format!("{}/v1/invites", app.url)).bearer_auth(&app.platform_key)
                .header("idempotency-key", "order-4711").json(body).send()
        };
        let (one, other) = tokio::join!(post(&body), post(&body));
        let (one, other) = (one.expect("an answer"), other.expect("an answer"));
        assert_eq!((one.status(), other.status()), (201.try_into().expect("a status"), 201.try_into().expect("a status")));
        let replayed = [&one, &other].into_iter().filter(|answer| answer.headers().contains_key("idempotent-replayed"));
        assert_eq!(replayed.count(), 1);
        let one: Value = one.json().await.expect("JSON");
        assert_eq!(one, other.json::<Value>().await.expect("JSON"));
        assert_eq!(app.rows("invites"), 1);
        let mut changed = body.clone();
        changed["candidate"]["email"] = json!("kim@candidate.example");
        let refused = post(&changed).await.expect("an answer");
        assert_eq!(refused.status(), 422);
        app.mail_to("ada@candidate.example").await;
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 1);
    }
}

async fn visit(app: &TestApp, link: &str) -> u16 {
    app.http
        .get(link)
        .send()
        .await
        .expect("an answer")
        .status()
        .as_u16()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
