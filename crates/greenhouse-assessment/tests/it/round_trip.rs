//! The caller against the endpoints, over real HTTP.

use std::sync::Arc;

use actix_web::{App, HttpServer, web};
use greenhouse_assessment::actix::configure;
use greenhouse_assessment::client::{CallError, Endpoints, PartnerClient};
use greenhouse_assessment::{Candidate, Key, ResponseError, SendTest, Test};
use rstest::rstest;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::vendor::{KEY, Vendor};

/// Serves the vendor on a free port; gives the base address.
fn serve(vendor: Arc<Vendor>) -> String {
    let server = HttpServer::new(move || {
        let endpoints = configure(vendor.clone());
        App::new().service(web::scope("/api/greenhouse").configure(endpoints))
    });
    let server = server.workers(1).disable_signals();
    let server = server.bind("127.0.0.1:0").expect("a free port");
    let address = server.addrs()[0];
    actix_web::rt::spawn(server.run());
    format!("http://{address}/api/greenhouse")
}

fn caller(base: &str, key: &str) -> PartnerClient {
    let endpoints = Endpoints::under(base).expect("a base address");
    let key = Key::new(key).expect("a key");
    PartnerClient::new("round-trip/1", endpoints, key).expect("a client")
}

fn ask(test: &Test) -> SendTest {
    let mut ask = SendTest::new(test, Candidate::new("ada@candidate.example"));
    ask.url = Some("https://app.greenhouse.io/integrations/1".into());
    ask
}

#[actix_web::test]
async fn a_whole_conversation() {
    let vendor = Arc::new(Vendor::default());
    let partner = caller(&serve(vendor.clone()), KEY);
    let tests = partner.list_tests().await.expect("tests");
    assert_eq!(tests[0], Test::new("rust", "Rust basics"));

    let id = partner.send_test(&ask(&tests[0])).await.expect("an id");
    assert_eq!(id, "inv_1");
    assert!(vendor.asks.lock().expect("no panic before")[0] == ask(&tests[0]));

    let waiting = partner.test_status(&id).await.expect("a status");
    assert_eq!(waiting.partner_status, "sent");
    assert!(!waiting.is_complete());
    let done = partner.test_status("inv_done").await.expect("a status");
    assert!(done.is_complete());
    assert_eq!(done.partner_score, Some(81.5));
    assert_eq!(done.metadata["Recommendation"], "Advance");

    let report = ResponseError::new("test_status", ["partner_score must be a number"]);
    partner.response_error(&report).await.expect("taken");
    let reports = vendor.reports.lock().expect("no panic before");
    assert_eq!(reports[0].errors, report.errors);
}

#[actix_web::test]
async fn refusals_are_told_apart() {
    let base = serve(Arc::default());
    let stranger = caller(&base, "gh_stranger").list_tests().await;
    assert!(stranger.expect_err("a stranger").is_unauthorized());
    let busy = caller(&base, "gh_busy").list_tests().await;
    assert!(busy.expect_err("too many").is_rate_limited());

    let partner = caller(&base, KEY);
    let unknown = partner.test_status("a/b c&d").await.expect_err("unknown");
    assert!(unknown.is_not_found());
    let refused = partner.send_test(&ask(&Test::new("elsewhere", "x"))).await;
    let CallError::Refused { status, code, .. } = refused.expect_err("off the list") else {
        panic!("another kind of error");
    };
    assert_eq!((status, code.as_deref()), (422, Some("unprocessable")));
}

/// A caller who sends a whole large body before it reads has to see the answer, not a reset connection.
#[rstest]
#[case::too_large(KEY, 413, 1024 * 1024)]
#[case::stranger(&"gh_stranger", 401, 200 * 1024)]
#[case::stranger_with_much(&"gh_stranger", 401, 1024 * 1024)]
#[actix_web::test]
async fn a_refused_large_body_still_gets_its_answer(
    #[case] key: &str,
    #[case] status: u16,
    #[case] length: usize,
) {
    let partner = caller(&serve(Arc::default()), key);
    let mut large = ask(&Test::new("rust", "x"));
    large.sent_by = Some("x".repeat(length));
    let refused = partner.send_test(&large).await.expect_err("refused");
    assert_eq!(refused.status(), Some(status), "{refused}");
}

#[rstest]
#[case(r#"{"partner_test_ids": []}"#, "list_tests is not an array")]
#[case(
    r#"[{"partner_test_id": 1, "partner_test_name": "x"}]"#,
    "partner_test_id is missing or not a text"
)]
#[case(
    r#"[{"partner_test_id": "1"}]"#,
    "partner_test_name is missing or not a text"
)]
#[case("<html>", "the body is not JSON")]
#[actix_web::test]
async fn a_malformed_list_is_named(#[case] body: &str, #[case] why: &str) {
    let partner = malformed(body).await;
    let error = partner.list_tests().await.expect_err("malformed");
    assert_eq!(error, CallError::Malformed(leak(why)));
}

#[rstest]
#[case(json!({"partner_status": "complete"}), "complete without partner_profile_url")]
#[case(json!({"partner_status": null}), "partner_status is missing or not a text")]
#[case(json!({"partner_status": "sent", "partner_score": "81"}), "partner_score is not a number")]
#[case(json!({"partner_status": "sent", "metadata": [1]}), "metadata is not an object")]
#[case(json!({"partner_status": "sent", "metadata": {"a": {}}}), "metadata is nested")]
#[actix_web::test]
async fn a_malformed_status_is_named(#[case] body: serde_json::Value, #[case] why: &str) {
    let partner = malformed(&body.to_string()).await;
    let error = partner.test_status("1").await.expect_err("malformed");
    assert_eq!(error, CallError::Malformed(leak(why)));
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// A partner that answers one call with 200 and this body.
async fn malformed(body: &str) -> PartnerClient {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}/", listener.local_addr().expect("bound"));
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    actix_web::rt::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("one call");
        let mut request = vec![0; 4096];
        let _ = socket.read(&mut request).await.expect("a request");
        socket.write_all(answer.as_bytes()).await.expect("answered");
    });
    caller(&base, KEY)
}

#[test]
fn registered_addresses_keep_their_own_query() {
    let endpoints =
        Endpoints::under("https://vendor.example/greenhouse/?tenant=7").expect("a base");
    assert_eq!(
        endpoints.test_status.as_str(),
        "https://vendor.example/greenhouse/test_status?tenant=7"
    );
    for base in [
        "",
        "vendor.example",
        "ftp://vendor.example",
        "mailto:a@b.example",
    ] {
        assert!(Endpoints::under(base).is_err());
    }
}
