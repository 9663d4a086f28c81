//! Calls that cannot be read, and the headers of every answer.

use actix_web::http::Method;
use serde_json::json;

use crate::house::House;

#[actix_web::test]
async fn what_is_not_json_is_refused_with_400() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for text in [
        "",
        "{",
        "nonsense",
        "{}{}",
        "\u{feff}{}",
        "{\"title\": \"a\", }",
    ] {
        let call = acme
            .call(Method::POST, "/v1/assessments", Some(text.into()))
            .await;
        call.problem(400, "not_json");
    }
    let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
    let call = acme.call(Method::POST, "/v1/assessments", Some(deep)).await;
    call.problem(400, "not_json");
    let form = acme.with("Content-Type", "application/x-www-form-urlencoded");
    let call = form
        .call(Method::POST, "/v1/assessments", Some("{}".into()))
        .await;
    call.problem(400, "not_json");
    let charset = acme.with("Content-Type", "application/json; charset=utf-8");
    let call = charset
        .call(Method::POST, "/v1/assessments", Some("{}".into()))
        .await;
    call.ok(201);
}

#[actix_web::test]
async fn a_body_of_more_than_256_kib_is_refused_with_413() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let sized = |bytes: usize| format!("{{{}}}", " ".repeat(bytes - 2));
    let fits = acme
        .call(Method::POST, "/v1/assessments", Some(sized(256 * 1024)))
        .await;
    fits.ok(201);
    let over = acme
        .call(Method::POST, "/v1/assessments", Some(sized(256 * 1024 + 1)))
        .await;
    over.problem(413, "too_large");
}

#[actix_web::test]
async fn unknown_missing_and_mistyped_members_are_named_and_never_repeated() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let secret = "zoe@candidate.example";
    for (body, field) in [
        (json!({"colour": secret}), "colour"),
        (
            json!({"questions": [{"kind": "code"}]}),
            "questions[0].prompt",
        ),
        (
            json!({"questions": [{"kind": "code", "prompt": "p", "size": secret}]}),
            "questions[0].size",
        ),
        (
            json!({"questions": [{"kind": secret, "prompt": "p"}]}),
            "questions[0].kind",
        ),
        (json!({"kind": secret}), "kind"),
        (json!({"title": 5}), "title"),
        (json!({"time_limit_minutes": secret}), "time_limit_minutes"),
        (json!({"send_email": secret}), "send_email"),
        (json!([secret]), "body"),
    ] {
        let reply = acme.post("/v1/assessments", body).await;
        assert_eq!(reply.faulty(), [field], "{}", reply.text);
        assert!(!reply.text.contains(secret), "{}", reply.text);
        assert!(!reply.text.contains("invalid"), "{}", reply.text);
    }
    let twice = "{\"title\": \"a\", \"title\": \"b\"}";
    let reply = acme
        .call(Method::POST, "/v1/assessments", Some(twice.into()))
        .await;
    assert_eq!(reply.faults(), [("title".into(), "is there twice".into())]);
}

#[actix_web::test]
async fn unknown_addresses_are_404_and_other_methods_405_with_allow() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for path in [
        "/v1/",
        "/v1/nowhere",
        "/v1/assessments/",
        "/v1/invites/x/y/z",
    ] {
        acme.get(path).await.problem(404, "not_found");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/v1/assessments", "GET, POST"),
        (Method::PUT, "/v1/organization", "GET, PATCH"),
        (Method::GET, "/v1/catalogue/rotate-secret", "POST"),
        (Method::POST, "/v1/invites/x/result", "PUT"),
    ] {
        let reply = acme.call(method, path, None).await;
        reply.problem(405, "method_not_allowed");
        assert_eq!(reply.header("Allow"), allow);
    }
}

#[actix_web::test]
async fn every_answer_keeps_browsers_careful_and_names_its_request() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for path in [
        "/v1/organization",
        "/v1/nowhere",
        "/openapi.json",
        "/docs/",
        "/elsewhere",
    ] {
        let reply = acme.get(path).await;
        let csp = reply.header("Content-Security-Policy");
        assert!(
            csp.starts_with("default-src 'none'; script-src 'self'; "),
            "{path}: {csp}"
        );
        assert_eq!(reply.header("X-Content-Type-Options"), "nosniff");
        assert_eq!(reply.header("Referrer-Policy"), "same-origin");
        assert_eq!(reply.header("Cross-Origin-Opener-Policy"), "same-origin");
        assert_eq!(reply.header("Cache-Control"), "no-store");
        assert!(
            reply
                .header("Strict-Transport-Security")
                .contains("includeSubDomains")
        );
        assert!(!reply.header("X-Request-Id").is_empty());
    }
    let named = acme
        .with("X-Request-Id", "call-7.a")
        .get("/v1/nowhere")
        .await;
    assert_eq!(named.problem(404, "not_found")["request_id"], "call-7.a");
}
