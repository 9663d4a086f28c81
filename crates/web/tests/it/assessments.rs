//! Assessments: written, published, changed, archived.

use serde_json::{Value, json};

use crate::house::{Guest, House};

fn question() -> Value {
    json!({"kind": "single_choice", "prompt": "2 + 2?", "choices": [{"text": "4", "correct": true}, {"text": "5"}]})
}

fn path(assessment: &Value, rest: &str) -> String {
    let id = assessment["id"].as_str().expect("an id");
    format!("/v1/assessments/{id}{rest}")
}

async fn make(guest: &Guest<'_>, body: Value) -> Value {
    guest.post("/v1/assessments", body).await.ok(201)
}

async fn published(guest: &Guest<'_>, title: &str) -> Value {
    let draft = make(guest, json!({"title": title, "questions": [question()]})).await;
    guest.command(&path(&draft, "/publish")).await.ok(200)
}

#[actix_web::test]
async fn a_draft_takes_defaults_for_what_is_not_said() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let draft = make(&acme, json!({})).await;
    let expected = json!({
        "id": draft["id"], "status": "draft", "version": 1, "title": "", "description_html": null,
        "kind": "questionnaire", "time_limit_minutes": null, "invite_valid_days": 14.0, "send_email": true,
        "email_template": null, "competencies": [], "questions": [], "external": null, "category": null,
        "greenhouse_job_id": null, "greenhouse_complete_on": "graded",
    });
    assert_eq!(draft, expected);
    assert_eq!(acme.get(&path(&draft, "")).await.ok(200), draft);
}

#[actix_web::test]
async fn all_that_is_said_is_answered() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let body = json!({
        "title": " Backend practical ", "description_html": "<p>A small service.</p>", "kind": "questionnaire",
        "time_limit_minutes": 90, "invite_valid_days": 0.5, "send_email": false,
        "email_template": {"subject": "{{assessment}}", "body": "Hi {{first_name}}, {{link}}"},
        "competencies": [{"key": "rust", "name": "Rust"}],
        "questions": [
            {"kind": "multiple_choice", "prompt": "Which?", "choices": [{"text": "a", "correct": true}, {"text": "b"}],
             "points": 2.5, "competency": "rust"},
            {"kind": "code", "prompt": "Write it."},
        ],
        "category": "skills", "greenhouse_job_id": "12", "greenhouse_complete_on": "submitted",
    });
    let made = make(&acme, body).await;
    assert_eq!(made["title"], "Backend practical");
    assert_eq!(made["invite_valid_days"], 0.5);
    assert_eq!(
        made["email_template"]["body"],
        "Hi {{first_name}}, {{link}}"
    );
    assert_eq!(made["questions"][0]["points"], 2.5);
    assert_eq!(made["questions"][0]["choices"][1]["correct"], false);
    assert_eq!(made["questions"][1]["points"], 1.0);
    assert_eq!(made["greenhouse_complete_on"], "submitted");
    assert!(made["questions"][0]["choices"][0]["id"].is_string());
}

#[actix_web::test]
async fn every_fault_of_a_body_is_named() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let body = json!({
        "title": "x".repeat(201),
        "description_html": "x".repeat(100_001),
        "time_limit_minutes": 0,
        "invite_valid_days": 365.5,
        "email_template": {"subject": "Hi {{surname}}", "body": "{{link}} {{Link}}"},
        "competencies": [{"key": "a", "name": "A"}, {"key": "a", "name": " "}],
        "questions": [
            {"kind": "short_text", "prompt": "x".repeat(10_001), "points": 1001, "competency": "z"},
            {"kind": "long_text", "prompt": "p", "choices": [{"text": "a"}]},
            {"kind": "single_choice", "prompt": "p", "choices": [{"text": ""}],
             "id": "01890000-0000-7000-8000-000000000000"},
        ],
        "external": {"launch_url": "http://runner.example/"},
    });
    let reply = acme.post("/v1/assessments", body).await;
    let expected = [
        "title",
        "description_html",
        "time_limit_minutes",
        "invite_valid_days",
        "email_template.subject",
        "email_template.body",
        "external.launch_url",
        "competencies[1].name",
        "competencies[1].key",
        "questions[0].prompt",
        "questions[0].points",
        "questions[0].competency",
        "questions[1].choices",
        "questions[2].choices[0].text",
        "questions[2].id",
    ];
    assert_eq!(reply.faulty(), expected, "{}", reply.text);
    assert!(reply.text.contains("{{surname}}"));
    assert_eq!(acme.get("/v1/assessments").await.ok(200)["data"], json!([]));
}

#[actix_web::test]
async fn lists_have_a_limit() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let text = json!({"kind": "short_text", "prompt": "p"});
    let many = |one: Value, number: usize| Value::Array(vec![one; number]);
    let reply = acme
        .post(
            "/v1/assessments",
            json!({"questions": many(text.clone(), 201)}),
        )
        .await;
    assert_eq!(reply.faulty(), ["questions"]);
    acme.post("/v1/assessments", json!({"questions": many(text, 200)}))
        .await
        .ok(201);
    let choices =
        json!({"kind": "single_choice", "prompt": "p", "choices": many(json!({"text": "a"}), 51)});
    let reply = acme
        .post("/v1/assessments", json!({"questions": [choices]}))
        .await;
    assert_eq!(reply.faulty(), ["questions[0].choices"]);
}

#[actix_web::test]
async fn publishing_names_all_that_lacks() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let empty = make(&acme, json!({})).await;
    let reply = acme.command(&path(&empty, "/publish")).await;
    assert_eq!(reply.faulty(), ["title", "questions"]);
    let no_right = json!({"title": "T", "questions": [
        {"kind": "single_choice", "prompt": "p", "choices": [{"text": "a"}, {"text": "b"}]}, {"kind": "code", "prompt": " "}]});
    let no_right = make(&acme, no_right).await;
    let reply = acme.command(&path(&no_right, "/publish")).await;
    assert_eq!(
        reply.faulty(),
        ["questions[0].choices", "questions[1].prompt"]
    );
    let external = make(&acme, json!({"title": "T", "kind": "external"})).await;
    let reply = acme.command(&path(&external, "/publish")).await;
    assert_eq!(reply.faulty(), ["external.launch_url"]);
    let change = json!({"external": {"launch_url": "https://runner.example/start"}});
    acme.patch(&path(&external, ""), change).await.ok(200);
    let published = acme.command(&path(&external, "/publish")).await.ok(200);
    assert_eq!(
        (&published["status"], &published["version"]),
        (&json!("published"), &json!(1))
    );
    assert_eq!(
        acme.command(&path(&external, "/publish")).await.ok(200),
        published
    );
}

#[actix_web::test]
async fn a_change_of_a_published_one_is_its_next_version_and_of_a_draft_is_not() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let draft = make(&acme, json!({"title": "A", "questions": [question()]})).await;
    let change = json!({"title": "B"});
    assert_eq!(
        acme.patch(&path(&draft, ""), change).await.ok(200)["version"],
        1
    );
    acme.command(&path(&draft, "/publish")).await.ok(200);
    let changed = acme
        .patch(&path(&draft, ""), json!({"time_limit_minutes": 30}))
        .await
        .ok(200);
    assert_eq!(
        (&changed["version"], &changed["status"]),
        (&json!(2), &json!("published"))
    );
    let same = acme
        .patch(&path(&draft, ""), json!({"time_limit_minutes": 30}))
        .await
        .ok(200);
    assert_eq!(same["version"], 2);
    let cleared = acme
        .patch(&path(&draft, ""), json!({"time_limit_minutes": null}))
        .await
        .ok(200);
    assert_eq!(
        (&cleared["version"], &cleared["time_limit_minutes"]),
        (&json!(3), &Value::Null)
    );
    let reply = acme
        .patch(&path(&draft, ""), json!({"questions": null}))
        .await;
    assert_eq!(reply.faulty(), ["questions"]);
    assert_eq!(acme.get(&path(&draft, "")).await.ok(200), cleared);
}

#[actix_web::test]
async fn questions_and_choices_keep_the_ids_that_are_given_back() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = make(&acme, json!({"questions": [question(), question()]})).await;
    let [first, second] = [0, 1].map(|at| made["questions"][at].clone());
    let mut reworded = second.clone();
    reworded["prompt"] = json!("3 + 1?");
    reworded["choices"][1] = json!({"text": "6"});
    let change = json!({"questions": [reworded, question()]});
    let changed = acme.patch(&path(&made, ""), change).await.ok(200);
    let kept = &changed["questions"][0];
    assert_eq!(kept["id"], second["id"]);
    assert_eq!(kept["choices"][0]["id"], second["choices"][0]["id"]);
    assert_ne!(kept["choices"][1]["id"], second["choices"][1]["id"]);
    assert_ne!(changed["questions"][1]["id"], first["id"]);

    let gone = acme
        .patch(&path(&made, ""), json!({"questions": [first]}))
        .await;
    assert!(gone.faulty().contains(&"questions[0].id".to_owned()));
    let twice = json!({"questions": [kept, kept]});
    let twice = acme.patch(&path(&made, ""), twice).await;
    assert_eq!(twice.faulty(), ["questions[1].id"]);
}

#[actix_web::test]
async fn published_titles_differ_and_drafts_may_be_alike() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let first = published(&acme, "Straße").await;
    let alike = make(
        &acme,
        json!({"title": " STRASSE", "questions": [question()]}),
    )
    .await;
    let clash = acme
        .command(&path(&alike, "/publish"))
        .await
        .problem(409, "title_taken");
    let detail = clash["detail"].as_str().expect("words");
    assert!(detail.contains("Straße") && detail.contains(first["id"].as_str().expect("an id")));
    let other = published(&acme, "Other").await;
    let clash = acme
        .patch(&path(&other, ""), json!({"title": "strasse"}))
        .await;
    clash.problem(409, "title_taken");
    published(&house.organization("Rival").await, "Straße").await;
    acme.command(&path(&first, "/archive")).await.ok(200);
    acme.command(&path(&alike, "/publish")).await.ok(200);
    acme.command(&path(&first, "/publish"))
        .await
        .problem(409, "title_taken");
}

#[actix_web::test]
async fn an_archived_one_is_not_changed_and_can_come_back() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let one = published(&acme, "A").await;
    let archived = acme.command(&path(&one, "/archive")).await.ok(200);
    assert_eq!(archived["status"], "archived");
    assert_eq!(
        acme.post(&path(&one, "/archive"), json!({})).await.ok(200),
        archived
    );
    let change = acme.patch(&path(&one, ""), json!({"title": "B"})).await;
    change.problem(409, "assessment_archived");
    assert_eq!(
        acme.command(&path(&one, "/publish")).await.ok(200)["status"],
        "published"
    );
}

#[actix_web::test]
async fn commands_take_no_members() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let draft = make(&acme, json!({"title": "A", "questions": [question()]})).await;
    let reply = acme
        .post(&path(&draft, "/publish"), json!({"now": true}))
        .await;
    assert_eq!(reply.faulty(), ["now"]);
}
