//! `POST /webhooks/mail/{token}`, as far as it answers without a mail having been sent.

use actix_web::http::Method;
use serde_json::json;

use crate::house::{BOUNCES, House};

fn at(token: &str) -> String {
    format!("/webhooks/mail/{token}")
}

#[actix_web::test]
async fn every_wrong_token_gets_the_same_401() {
    let house = House::new();
    let body = json!({"message_id": "<1@b.example>", "kind": "bounced"});
    let mut told = Vec::new();
    for token in [
        "x",
        "where-bounces-come-iN",
        "where-bounces-come-in2",
        "%00",
    ] {
        let mut problem = house
            .nobody()
            .post(&at(token), body.clone())
            .await
            .problem(401, "unauthorized");
        problem["request_id"] = json!("-");
        told.push(problem);
    }
    assert!(told.iter().all(|problem| problem == &told[0]), "{told:?}");
}

#[actix_web::test]
async fn what_names_no_mail_of_ours_is_taken_and_changes_nothing() {
    let house = House::new();
    let stranger = "<0197a0c0-0000-7000-8000-000000000000.1.invitation@baton.example>";
    for body in [
        json!({"message_id": "<1@b.example>", "kind": "bounced"}),
        json!([{"message_id": stranger, "kind": "bounced", "detail": "550"}]),
    ] {
        let heard = house.nobody().post(&at(BOUNCES), body).await.ok(200);
        assert_eq!(heard, json!({"received": 1, "noted": 0}));
    }
    let none = house.nobody().post(&at(BOUNCES), json!([])).await.ok(200);
    assert_eq!(none, json!({"received": 0, "noted": 0}));
    assert_eq!(house.database.count("SELECT count(*) FROM mails"), 0);
}

#[actix_web::test]
async fn what_cannot_be_read_says_why() {
    let house = House::new();
    let nobody = house.nobody();
    for (body, told) in [
        ("", "neither JSON"),
        ("{", "line 1, column 1"),
        ("{\"kind\":\"bounced\"}", "message_id is missing"),
        ("Subject: hello\r\n\r\nbye", "neither JSON"),
    ] {
        let address = at(BOUNCES);
        let answer = nobody.call(Method::POST, &address, Some(body.to_owned()));
        let problem = answer.await.problem(400, "unreadable");
        let detail = problem["detail"].as_str().expect("words");
        assert!(detail.contains(told), "{detail}");
    }
    let long = "x".repeat(1024 * 1024 + 1);
    let answer = nobody.call(Method::POST, &at(BOUNCES), Some(long)).await;
    answer.problem(413, "too_large");
}
