//! The actix endpoints: every status, every message.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use greenhouse_assessment::actix::{RESPONSE_ERROR_LIMIT, SEND_TEST_LIMIT, configure};
use greenhouse_assessment::{Credential, Key};
use rstest::rstest;
use serde_json::{Value, json};

use crate::vendor::{KEY, Vendor};

/// Nothing of what is sent with this in it may come back.
const MARK: &str = "xq7marker";

struct Seen {
    status: StatusCode,
    headers: actix_web::http::header::HeaderMap,
    json: Value,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Exactly `error` and `message`, and nothing of the input.
    fn assert_error(&self, status: u16, code: &str, message: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        assert_eq!(self.json.as_object().map(|members| members.len()), Some(2));
        assert_eq!(self.json["error"], code);
        let text = self.json["message"].as_str().expect("a message");
        assert!(text.starts_with(message), "{text}");
        assert!(!text.contains(MARK) && !text.contains(KEY), "{text}");
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("content-type"), Some("application/json"));
    }
}

async fn call(request: TestRequest) -> Seen {
    call_vendor(&Arc::default(), request).await
}

async fn call_vendor(vendor: &Arc<Vendor>, request: TestRequest) -> Seen {
    let endpoints = configure(vendor.clone());
    let app = App::new().service(web::scope("/gh").configure(endpoints));
    let app = init_service(app).await;
    let answer: ServiceResponse = call_service(&app, request.to_request()).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = read_body(answer).await;
    Seen {
        status,
        headers,
        json: serde_json::from_slice(&body).expect("JSON"),
    }
}

fn with_key(request: TestRequest, key: &str) -> TestRequest {
    let credential = Credential::OrganizationKey(Key::new(key).expect("a key"));
    request.insert_header(("Authorization", credential.authorization()))
}

fn get(uri: &str) -> TestRequest {
    with_key(TestRequest::get().uri(uri), KEY)
}

fn post(uri: &str, body: impl Into<web::Bytes>) -> TestRequest {
    with_key(TestRequest::post().uri(uri), KEY).set_payload(body)
}

fn ask(test: &str) -> String {
    json!({"partner_test_id": test, "candidate": {"email": MARK}, "url": format!("https://{MARK}/")})
        .to_string()
}

#[actix_web::test]
async fn tests_are_a_bare_array() {
    let seen = call(get("/gh/list_tests?page=2")).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(
        seen.json,
        json!([
            {"partner_test_id": "rust", "partner_test_name": "Rust basics"},
            {"partner_test_id": "of", "partner_test_name": "Analytical Engines"},
        ])
    );
    assert_eq!(seen.header("cache-control"), Some("no-store"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
}

#[actix_web::test]
async fn an_ask_reaches_the_vendor_and_gets_its_id() {
    let vendor = Arc::default();
    let seen = call_vendor(&vendor, post("/gh/send_test", ask("rust"))).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(seen.json, json!({"partner_interview_id": "inv_1"}));
    assert_eq!(seen.header("cache-control"), Some("no-store"));
    let asks = vendor.asks.lock().expect("no panic before");
    assert_eq!(asks.len(), 1);
    assert_eq!(asks[0].candidate.email, MARK);
}

#[actix_web::test]
async fn a_status_is_answered_by_name_of_the_parameter() {
    for query in [
        "partner_interview_id=inv_1",
        "tenant-id=7&partner_interview_id=inv_1",
        "partner_interview_id=inv%5F1&x",
        "partner_interview_id=inv_1&partner_interview_id=inv_done",
    ] {
        let seen = call(get(&format!("/gh/test_status?{query}"))).await;
        assert_eq!(seen.json, json!({"partner_status": "sent"}), "{query}");
    }
}

#[actix_web::test]
async fn a_complete_status_brings_page_score_and_metadata() {
    let seen = call(get("/gh/test_status?partner_interview_id=inv_done")).await;
    assert_eq!(
        seen.json,
        json!({
            "partner_status": "complete",
            "partner_profile_url": "https://vendor.example/results/inv_done",
            "partner_score": 81.5,
            "metadata": {"Recommendation": "Advance"},
        })
    );
}

#[rstest]
#[case("/gh/response_errors", br#"{"api_call": "test_status", "errors": ["x"]}"#.to_vec())]
#[case("/gh/response_error", b"<html>\xFF\0".to_vec())]
#[case("/gh/response_error", Vec::new())]
#[case("/gh/response_errors", vec![b'x'; RESPONSE_ERROR_LIMIT])]
#[actix_web::test]
async fn any_report_is_taken(#[case] path: &str, #[case] body: Vec<u8>) {
    let vendor = Arc::default();
    let seen = call_vendor(&vendor, post(path, body)).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(seen.json, json!({"status": 200}));
    assert_eq!(vendor.reports.lock().expect("no panic before").len(), 1);
}

#[rstest]
#[case::no_header(None)]
#[case::unknown_key(Some("Basic eHE3bWFya2VyOg=="))]
#[case::bearer(Some("Bearer xq7marker"))]
#[case::not_base64(Some("Basic gh_vendor_test:"))]
#[case::key_as_password(Some("Basic OmdoX3ZlbmRvcl90ZXN0"))]
#[actix_web::test]
async fn a_call_without_an_active_key_is_a_401(
    #[case] header: Option<&str>,
    #[values(
        (Method::GET, "/gh/list_tests"),
        (Method::POST, "/gh/send_test"),
        (Method::GET, "/gh/test_status?partner_interview_id=inv_1"),
        (Method::POST, "/gh/response_errors"),
        (Method::POST, "/gh/response_error")
    )]
    endpoint: (Method, &str),
) {
    let vendor = Arc::default();
    let mut request = TestRequest::default().method(endpoint.0).uri(endpoint.1);
    if let Some(header) = header {
        request = request.insert_header(("Authorization", header));
    }
    let seen = call_vendor(&vendor, request.set_payload(ask("rust"))).await;
    seen.assert_error(401, "unauthorized", "This key is missing or not active: ");
    let challenge = seen.header("www-authenticate").expect("a challenge");
    assert!(challenge.starts_with("Basic realm="));
    assert!(vendor.asks.lock().expect("no panic before").is_empty());
    assert!(vendor.reports.lock().expect("no panic before").is_empty());
}

#[rstest]
#[case("api_key=gh_vendor_test")]
#[case("key=gh_vendor_test&username=gh_vendor_test")]
#[case("Authorization=Basic%20Z2hfdmVuZG9yX3Rlc3Q6")]
#[actix_web::test]
async fn a_key_in_the_query_never_counts(#[case] query: &str) {
    let request = TestRequest::get().uri(&format!("/gh/list_tests?{query}"));
    let seen = call(request).await;
    seen.assert_error(401, "unauthorized", "This key");
}

#[actix_web::test]
async fn the_key_is_judged_before_the_body() {
    let huge = vec![b'x'; SEND_TEST_LIMIT + 1];
    let request = TestRequest::post().uri("/gh/send_test").set_payload(huge);
    let seen = call(request).await;
    seen.assert_error(401, "unauthorized", "This key");
}

#[rstest]
#[case("unknown", 404, "not_found", "There is no such test: ")]
#[case("taken", 409, "conflict", "This test is already under way: ")]
#[case("elsewhere", 422, "unprocessable", "url: this address is on a host")]
#[case("broken", 500, "internal", "Something failed on our side")]
#[actix_web::test]
async fn the_vendors_refusals_are_passed_on(
    #[case] test: &str,
    #[case] status: u16,
    #[case] code: &str,
    #[case] message: &str,
) {
    let seen = call(post("/gh/send_test", ask(test))).await;
    seen.assert_error(status, code, message);
}

#[rstest]
#[case(MARK.to_owned(), 400, "bad_request", "The body is not JSON: ")]
#[case(String::new(), 400, "bad_request", "The body is not JSON: ")]
#[case(json!([MARK]).to_string(), 422, "unprocessable", "The body is not a JSON object: ")]
#[case("{}".to_owned(), 422, "unprocessable", "candidate is missing: ")]
#[case(json!({"candidate": {"email": MARK}}).to_string(), 422, "unprocessable", "partner_test_id is missing: ")]
#[case(json!({"partner_test_id": "a", "candidate": {"name": MARK}}).to_string(), 422, "unprocessable", "candidate.email is missing: ")]
#[case(json!({"partner_test_id": {MARK: 1}, "candidate": {"email": "a"}}).to_string(), 422, "unprocessable", "partner_test_id can't be used: ")]
#[case(json!({"partner_test_id": "a", "candidate": {"email": MARK}}).to_string(), 422, "unprocessable", "url is missing: ")]
#[actix_web::test]
async fn a_body_at_fault_is_refused_by_name(
    #[case] body: String,
    #[case] status: u16,
    #[case] code: &str,
    #[case] message: &str,
) {
    let seen = call(post("/gh/send_test", body)).await;
    seen.assert_error(status, code, message);
}

#[actix_web::test]
async fn an_ask_may_have_256_kib_and_not_a_byte_more() {
    let full = |length: usize| {
        let body = ask("rust");
        let padding = " ".repeat(length - body.len());
        post("/gh/send_test", body + &padding)
    };
    assert_eq!(call(full(SEND_TEST_LIMIT)).await.status, StatusCode::OK);
    let seen = call(full(SEND_TEST_LIMIT + 1)).await;
    seen.assert_error(
        413,
        "too_large",
        "The body is too large: send at most 256 KiB.",
    );
}

#[actix_web::test]
async fn a_report_over_1_mib_is_refused() {
    let body = vec![b'x'; RESPONSE_ERROR_LIMIT + 1];
    let seen = call(post("/gh/response_errors", body)).await;
    seen.assert_error(
        413,
        "too_large",
        "The body is too large: send at most 1024 KiB.",
    );
}

#[rstest]
#[case(None)]
#[case(Some("application/json; charset=utf-8"))]
#[case(Some("application/vnd.greenhouse+json"))]
#[case(Some("text/plain"))]
#[case(Some("application/x-www-form-urlencoded"))]
#[case(Some("nonsense"))]
#[actix_web::test]
async fn json_under_a_vague_type_is_taken(#[case] content_type: Option<&str>) {
    let mut request = post("/gh/send_test", ask("rust"));
    if let Some(content_type) = content_type {
        request = request.insert_header(("Content-Type", content_type));
    }
    assert_eq!(call(request).await.status, StatusCode::OK);
}

#[rstest]
#[case("Content-Type", "text/xml")]
#[case("Content-Type", "Application/XML; charset=utf-8")]
#[case("Content-Type", "application/soap+xml")]
#[case("Content-Type", "multipart/form-data; boundary=x")]
#[case("Content-Type", "image/png")]
#[case("Content-Encoding", "gzip")]
#[actix_web::test]
async fn what_is_clearly_another_format_is_refused(#[case] name: &str, #[case] value: &str) {
    let request = post("/gh/send_test", ask("rust")).insert_header((name, value));
    let seen = call(request).await;
    seen.assert_error(
        415,
        "unsupported_media_type",
        "The body is not JSON by its headers: ",
    );
}

#[rstest]
#[case("")]
#[case("?")]
#[case("?partner_interview_id")]
#[case("?partner_interview_id=")]
#[case("?partner_interview_id=%20")]
#[case("?partner_interview_id=&partner_interview_id=inv_1")]
#[case("?interview=xq7marker")]
#[actix_web::test]
async fn a_status_without_an_id_is_a_400(#[case] query: &str) {
    let seen = call(get(&format!("/gh/test_status{query}"))).await;
    seen.assert_error(400, "bad_request", "partner_interview_id is missing: ");
}

#[rstest]
#[case("xq7marker")]
#[case("INV_1")]
#[case("inv_1%20")]
#[case("inv+1")]
#[case("inv_1%00")]
#[case("%FF%FE")]
#[case("..%2F..%2Fetc")]
#[case("'%20OR%201=1--")]
#[actix_web::test]
async fn every_id_that_was_not_given_is_the_same_404(#[case] id: &str) {
    let unknown = call(get("/gh/test_status?partner_interview_id=other")).await;
    let seen = call(get(&format!("/gh/test_status?partner_interview_id={id}"))).await;
    seen.assert_error(404, "not_found", "There is no such interview: ");
    assert_eq!(seen.json, unknown.json);
}

#[actix_web::test]
async fn an_endless_id_is_a_404() {
    let id = "a".repeat(5000);
    let seen = call(get(&format!("/gh/test_status?partner_interview_id={id}"))).await;
    seen.assert_error(404, "not_found", "There is no such interview: ");
}

#[rstest]
#[case("/gh/list_tests", "GET")]
#[case("/gh/test_status", "GET")]
#[case("/gh/send_test", "POST")]
#[case("/gh/response_errors", "POST")]
#[case("/gh/response_error", "POST")]
#[actix_web::test]
async fn other_methods_are_a_405_that_names_the_right_one(
    #[case] path: &str,
    #[case] allow: &str,
    #[values("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")] method: &str,
) {
    if method == allow {
        return;
    }
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let seen = call(get(path).method(method)).await;
    seen.assert_error(405, "method_not_allowed", "This method is not known here: ");
    assert_eq!(seen.header("allow"), Some(allow));
}

#[rstest]
#[case("gh_busy", 429, "too_many_requests", "7")]
#[case("gh_down", 503, "unavailable", "2")]
#[actix_web::test]
async fn a_wait_is_told_in_whole_seconds(
    #[case] key: &str,
    #[case] status: u16,
    #[case] code: &str,
    #[case] wait: &str,
) {
    let seen = call(with_key(TestRequest::get().uri("/gh/list_tests"), key)).await;
    seen.assert_error(status, code, "");
    assert_eq!(seen.header("retry-after"), Some(wait));
}
