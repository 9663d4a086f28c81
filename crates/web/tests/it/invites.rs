//! Invites: asked for, followed through their life, read.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::house::{Guest, House};

fn path(invite: &Value, rest: &str) -> String {
    let id = invite["id"].as_str().expect("an id");
    format!("/v1/invites/{id}{rest}")
}

async fn assessment(guest: &Guest<'_>, body: Value) -> String {
    let made = guest.post("/v1/assessments", body).await.ok(201);
    let id = made["id"].as_str().expect("an id").to_owned();
    guest
        .command(&format!("/v1/assessments/{id}/publish"))
        .await
        .ok(200);
    id
}

async fn written(guest: &Guest<'_>) -> String {
    let questions = json!([
        {"kind": "code", "prompt": "Write it.", "points": 3},
        {"kind": "long_text", "prompt": "Explain it.", "points": 7},
    ]);
    assessment(guest, json!({"title": "Written", "questions": questions})).await
}

async fn external(guest: &Guest<'_>) -> String {
    let runner = json!({"launch_url": "https://runner.example/start"});
    assessment(
        guest,
        json!({"title": "Runner", "kind": "external", "external": runner}),
    )
    .await
}

async fn invite(guest: &Guest<'_>, assessment: &str) -> Value {
    let body = json!({
        "assessment_id": assessment,
        "candidate": {"first_name": "Zoë", "last_name": "Nowak", "email": "Zoe@Candidate.example"},
    });
    guest.post("/v1/invites", body).await.ok(201)
}

#[actix_web::test]
async fn an_invite_says_all_there_is_to_know() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let assessment = written(&acme).await;
    let made = invite(&acme, &assessment).await;
    assert_eq!(made["status"], "invited");
    assert_eq!(made["attempt"], 1);
    assert_eq!(made["origin"], "api");
    assert_eq!(
        made["assessment"],
        json!({"id": assessment, "title": "Written", "version": 1})
    );
    assert_eq!(made["candidate"]["first_name"], "Zoë");
    assert_eq!(made["candidate"]["email"], "Zoe@Candidate.example");
    let link = made["candidate_url"].as_str().expect("a link");
    assert!(link.starts_with("https://baton.example/take/"));
    assert!(
        made["result_url"]
            .as_str()
            .expect("a link")
            .starts_with("https://baton.example/results/")
    );
    assert_eq!(made["email_state"], "queued");
    assert_eq!(made["created_at"], "2026-12-01T09:00:00Z");
    assert_eq!(made["expires_at"], "2026-12-15T09:00:00Z");
    assert_eq!(made["answers"][0]["max_points"], 3.0);
    for member in [
        "score",
        "result",
        "launch_url",
        "started_at",
        "submitted_at",
        "completed_at",
    ] {
        assert_eq!(made.get(member), Some(&Value::Null), "{member}");
    }
    assert_eq!(made["writebacks"], json!([]));
    assert_eq!(acme.get(&path(&made, "")).await.ok(200), made);
}

#[actix_web::test]
async fn one_address_is_one_candidate_and_an_invite_keeps_its_names() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let assessment = written(&acme).await;
    let first = invite(&acme, &assessment).await;
    let body = json!({"assessment_id": assessment, "candidate": {"first_name": "Z.", "email": " zoe@candidate.EXAMPLE "}});
    let second = acme.post("/v1/invites", body).await.ok(201);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["candidate"]["id"], second["candidate"]["id"]);
    assert_eq!(
        acme.get(&path(&first, "")).await.ok(200)["candidate"]["first_name"],
        "Zoë"
    );
}

#[actix_web::test]
async fn every_fault_of_an_invite_is_named() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let published = written(&acme).await;
    let draft = acme
        .post("/v1/assessments", json!({"title": "Draft"}))
        .await
        .ok(201);
    let email = json!({"email": "zoe@candidate.example"});
    for (body, fields) in [
        (json!({"candidate": email}), vec!["assessment_id"]),
        (
            json!({"assessment_id": "nonsense", "candidate": email}),
            vec!["assessment_id"],
        ),
        (
            json!({"assessment_id": draft["id"], "candidate": email}),
            vec!["assessment_id"],
        ),
        (json!({"assessment_id": published}), vec!["candidate"]),
        (
            json!({"assessment_id": published, "candidate": {}}),
            vec!["candidate.email"],
        ),
        (
            json!({"assessment_id": published, "candidate": email, "expires_at": "soon"}),
            vec!["expires_at"],
        ),
        (
            json!({"assessment_id": published, "candidate": email, "expires_at": "2026-12-01T09:00:00Z"}),
            vec!["expires_at"],
        ),
        (
            json!({"assessment_id": published, "candidate": email, "status": "completed"}),
            vec!["status"],
        ),
        (
            json!({"assessment_id": published, "candidate": {
                "email": "a@b", "first_name": "x".repeat(201), "linkedin_url": "javascript:alert(1)"}}),
            vec![
                "candidate.first_name",
                "candidate.linkedin_url",
                "candidate.email",
            ],
        ),
    ] {
        let reply = acme.post("/v1/invites", body).await;
        assert_eq!(reply.faulty(), fields, "{}", reply.text);
    }
    assert_eq!(acme.get("/v1/invites").await.ok(200)["data"], json!([]));
}

#[actix_web::test]
async fn people_grade_what_was_written_and_the_last_grade_completes() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &written(&acme).await).await;
    let question = |at: usize| made["answers"][at]["question_id"].clone();
    let grade = |at: usize, points: f64| json!({"grades": [{"question_id": question(at), "points": points}]});
    let early = acme.post(&path(&made, "/grades"), grade(0, 1.0)).await;
    early.problem(409, "invite_state");
    acme.command(&path(&made, "/start")).await.ok(200);
    acme.command(&path(&made, "/submit")).await.ok(200);

    let over = acme.post(&path(&made, "/grades"), grade(0, 3.5)).await;
    assert_eq!(over.faulty(), ["grades[0].points"]);
    let stranger = json!({"grades": [{"question_id": made["id"], "points": 1}]});
    let stranger = acme.post(&path(&made, "/grades"), stranger).await;
    assert_eq!(stranger.faulty(), ["grades[0].question_id"]);

    let half = acme
        .post(&path(&made, "/grades"), grade(0, 2.0))
        .await
        .ok(200);
    assert_eq!(
        (&half["status"], &half["score"]),
        (&json!("submitted"), &Value::Null)
    );
    assert_eq!(half["answers"][0]["points"], 2.0);
    let whole = acme
        .post(&path(&made, "/grades"), grade(1, 6.0))
        .await
        .ok(200);
    assert_eq!(
        (&whole["status"], &whole["score"]),
        (&json!("completed"), &json!(80.0))
    );
    assert_eq!(whole["result"]["revision"], 1);
    let revised = acme
        .post(&path(&made, "/grades"), grade(1, 7.0))
        .await
        .ok(200);
    assert_eq!(
        (&revised["result"]["revision"], &revised["score"]),
        (&json!(2), &json!(90.0))
    );
}

#[actix_web::test]
async fn a_result_completes_and_another_is_its_revision() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    let early = acme.put(&path(&made, "/result"), json!({"score": 1})).await;
    early.problem(409, "invite_state");
    let started = acme.command(&path(&made, "/start")).await.ok(200);
    assert_eq!(started["started_at"], "2026-12-01T09:00:00Z");
    let provisional = json!({"score": 10, "final": false});
    let provisional = acme.put(&path(&made, "/result"), provisional).await.ok(200);
    assert_eq!(
        (&provisional["status"], &provisional["score"]),
        (&json!("started"), &json!(10.0))
    );
    let body = json!({
        "score": 8, "max_score": 10, "recommendation": "strong_yes", "outcome": "passed", "summary": "Good",
        "report_url": "https://runner.example/report", "metadata": {"Level": "senior", "Tests": 12},
        "competencies": [{"name": "Rust", "score": 4, "max_score": 5}],
    });
    let complete = acme
        .put(&path(&made, "/result"), body.clone())
        .await
        .ok(200);
    assert_eq!(
        (&complete["status"], &complete["score"]),
        (&json!("completed"), &json!(80.0))
    );
    assert_eq!(
        complete["result"]["metadata"],
        json!({"Level": "senior", "Tests": 12})
    );
    assert_eq!(complete["result"]["competencies"][0]["score"], 4.0);
    assert_eq!(complete["result"]["final"], true);
    let again = acme.put(&path(&made, "/result"), body).await.ok(200);
    assert_eq!(again, complete);
    let revised = acme
        .put(&path(&made, "/result"), json!({"score": 90}))
        .await
        .ok(200);
    assert_eq!(revised["result"]["revision"], 3);
}

#[actix_web::test]
async fn faults_of_a_result_are_named() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    acme.command(&path(&made, "/start")).await.ok(200);
    for (body, field) in [
        (json!({"score": 101}), "score"),
        (json!({"score": -1}), "score"),
        (json!({"score": "80"}), "score"),
        (json!({"max_score": 0}), "max_score"),
        (json!({"report_url": "javascript:alert(1)"}), "report_url"),
        (json!({"recommendation": "maybe"}), "recommendation"),
        (json!({"metadata": {"a": {"b": 1}}}), "metadata"),
        (
            json!({"competencies": [{"name": "Rust"}]}),
            "competencies[0].score",
        ),
        (json!({"grade": 1}), "grade"),
    ] {
        let reply = acme.put(&path(&made, "/result"), body).await;
        assert_eq!(reply.faulty(), [field], "{}", reply.text);
    }
}

#[actix_web::test]
async fn each_command_does_what_the_table_says() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    let status = |reply: &Value| reply["status"].as_str().expect("a status").to_owned();
    let run = |command: &'static str| {
        let path = path(&made, command);
        let acme = acme.clone();
        async move { acme.command(&path).await }
    };
    run("/submit").await.problem(409, "invite_state");
    run("/reset").await.problem(409, "invite_state");
    assert_eq!(status(&run("/resend").await.ok(200)), "invited");
    assert_eq!(status(&run("/start").await.ok(200)), "started");
    assert_eq!(status(&run("/start").await.ok(200)), "started");
    let refused = acme
        .post(&path(&made, "/refuse"), json!({"reason": "full"}))
        .await;
    refused.problem(409, "invite_state");
    assert_eq!(status(&run("/submit").await.ok(200)), "submitted");
    assert_eq!(status(&run("/submit").await.ok(200)), "submitted");
    run("/start").await.problem(409, "invite_state");
    run("/cancel").await.problem(409, "invite_state");
    let reset = run("/reset").await.ok(200);
    assert_eq!(
        (&reset["status"], &reset["attempt"]),
        (&json!("invited"), &json!(2))
    );
    assert_ne!(reset["candidate_url"], made["candidate_url"]);
    let cancelled = run("/cancel").await.ok(200);
    assert_eq!(
        (&cancelled["status"], &cancelled["candidate_url"]),
        (&json!("cancelled"), &Value::Null)
    );
    let result = acme.put(&path(&made, "/result"), json!({"score": 1})).await;
    result.problem(409, "invite_state");
}

#[actix_web::test]
async fn a_refusal_cancels_with_its_reason_on_the_timeline() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    let empty = acme
        .post(&path(&made, "/refuse"), json!({"reason": " "}))
        .await;
    assert_eq!(empty.faulty(), ["reason"]);
    let reason = json!({"reason": "Not in this country"});
    let refused = acme.post(&path(&made, "/refuse"), reason).await;
    assert_eq!(refused.ok(200)["status"], "cancelled");
    let timeline = acme.get(&path(&made, "/timeline")).await.ok(200);
    let newest = &timeline["data"][0];
    assert_eq!(newest["type"], "invite.cancelled");
    assert!(newest["detail"].to_string().contains("Not in this country"));
}

#[actix_web::test]
async fn the_clock_ends_an_invite_and_more_time_brings_it_back() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    house.pass(TimeDelta::days(14));
    let over = acme.get(&path(&made, "")).await.ok(200);
    assert_eq!(
        (&over["status"], &over["candidate_url"]),
        (&json!("expired"), &Value::Null)
    );
    acme.command(&path(&made, "/start"))
        .await
        .problem(409, "invite_state");
    let past = json!({"expires_at": house.now()});
    let past = acme.post(&path(&made, "/extend"), past).await;
    assert_eq!(past.faulty(), ["expires_at"]);
    let later = json!({"expires_at": house.now() + TimeDelta::days(1)});
    let back = acme.post(&path(&made, "/extend"), later).await.ok(200);
    assert_eq!(back["status"], "invited");
    assert_eq!(back["candidate_url"], made["candidate_url"]);
}

#[actix_web::test]
async fn the_launch_url_changes_while_nobody_has_started() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    let own = json!({"launch_url": "https://runner.example/session/7"});
    let changed = acme.patch(&path(&made, ""), own.clone()).await.ok(200);
    assert_eq!(changed["launch_url"], own["launch_url"]);
    assert_eq!(
        acme.patch(&path(&made, ""), json!({})).await.ok(200),
        changed
    );
    let bad = acme
        .patch(
            &path(&made, ""),
            json!({"launch_url": "http://runner.example"}),
        )
        .await;
    assert_eq!(bad.faulty(), ["launch_url"]);
    let cleared = acme
        .patch(&path(&made, ""), json!({"launch_url": null}))
        .await
        .ok(200);
    assert_eq!(cleared["launch_url"], Value::Null);
    acme.command(&path(&made, "/start")).await.ok(200);
    acme.patch(&path(&made, ""), own)
        .await
        .problem(409, "invite_state");
}

#[actix_web::test]
async fn a_timeline_tells_newest_first_and_page_by_page() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let made = invite(&acme, &external(&acme).await).await;
    acme.command(&path(&made, "/start")).await.ok(200);
    acme.command(&path(&made, "/submit")).await.ok(200);
    let (mut types, mut next) = (Vec::new(), path(&made, "/timeline?limit=2"));
    loop {
        let page = acme.get(&next).await.ok(200);
        for entry in page["data"].as_array().expect("data") {
            types.push(entry["type"].as_str().expect("a type").to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => next = path(&made, &format!("/timeline?limit=2&cursor={cursor}")),
            None => break,
        }
    }
    let of_invite: Vec<_> = types
        .iter()
        .filter(|name| name.starts_with("invite."))
        .collect();
    assert_eq!(
        of_invite,
        ["invite.submitted", "invite.started", "invite.created"]
    );
}

#[actix_web::test]
async fn lists_are_filtered() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let (first, second) = (written(&acme).await, external(&acme).await);
    let one = invite(&acme, &first).await;
    let two = invite(&acme, &second).await;
    acme.command(&path(&two, "/start")).await.ok(200);
    let found = |query: String| {
        let acme = acme.clone();
        async move {
            let listed = acme.get(&format!("/v1/invites?{query}")).await.ok(200);
            let data = listed["data"].as_array().expect("data").clone();
            data.iter()
                .map(|invite| invite["id"].clone())
                .collect::<Vec<_>>()
        }
    };
    let both = [two["id"].clone(), one["id"].clone()];
    assert_eq!(found(String::new()).await, both);
    assert_eq!(found("status=invited".into()).await, both[1..]);
    assert_eq!(found("origin=api".into()).await, both);
    assert_eq!(found("origin=greenhouse".into()).await, [] as [Value; 0]);
    assert_eq!(found(format!("assessment_id={second}")).await, both[..1]);
    assert_eq!(found("email=ZOE@candidate.example".into()).await, both);
    assert_eq!(found("q=writt".into()).await, both[1..]);
    assert_eq!(found("q=nowak&status=started".into()).await, both[..1]);
    for (query, field) in [
        ("status=done", "status"),
        ("origin=mail", "origin"),
        ("assessment_id=x", "assessment_id"),
    ] {
        let reply = acme.get(&format!("/v1/invites?{query}")).await;
        assert_eq!(reply.faulty(), [field]);
    }
}
