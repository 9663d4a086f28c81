//! What Greenhouse's own calls might get wrong.

use serde_json::{Value, json};

use super::watch::{Call, Watch};
use super::{CANARY, UNKNOWN, log};
use crate::harness::{TestApp, ask, external};

const GOOD_URL: &str = "https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1";

test_support::each_database! {
    async fn a_send_test_that_cannot_be_read_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        for body in [
            "".into(),
            CANARY.to_owned(),
            format!("{{\"candidate\": \"{CANARY}"),
            format!("partner_test_id={CANARY}"),
            format!("{{}}{CANARY}"),
            "{\"a\":".repeat(5_000),
        ] {
            let call = Call::greenhouse(&app, "POST", "send_test").text(body);
            watch.refuse("no JSON", &call, 400, "bad_request").await;
        }
        let call = Call::greenhouse(&app, "POST", "send_test").text([b"{\"a\":\"", &[0xff][..], b"\"}"].concat());
        watch.refuse("no UTF-8", &call, 400, "bad_request").await;
        for body in ["[]", "null", "7", "\"text\"", "[{}]"] {
            let call = Call::greenhouse(&app, "POST", "send_test").text(body);
            watch.refuse("no object", &call, 422, "unprocessable").await;
        }
        watch.finish().await;
    }

    async fn each_member_that_is_needed_is_checked(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let watch = Watch::start(&app).await;
        for (pointer, value) in [
            ("/candidate", json!(CANARY)),
            ("/candidate", json!([CANARY])),
            ("/candidate/email", json!(CANARY)),
            ("/candidate/email", json!(17)),
            ("/candidate/email", json!([CANARY])),
            ("/candidate/email", json!(format!("{CANARY}@localhost"))),
            ("/candidate/email", json!(format!("{CANARY}@a.example b@c.example"))),
            ("/candidate/email", json!(format!("{CANARY}@a.example,b@c.example"))),
            ("/candidate/email", json!(format!("\"{CANARY} x\"@a.example"))),
            ("/candidate/email", json!(format!("{CANARY}@[127.0.0.1]"))),
            ("/candidate/email", json!(format!("{}@a.example", CANARY.repeat(30)))),
            ("/partner_test_id", json!({ "id": CANARY })),
            ("/partner_test_id", json!(1.5)),
            ("/partner_test_id", json!(false)),
            ("/url", json!(17)),
            ("/url", json!([GOOD_URL])),
            ("/url", json!({ "href": GOOD_URL })),
            ("/url", json!(CANARY)),
            ("/url", json!(format!("{GOOD_URL}\u{0}{CANARY}"))),
            ("/url", json!(format!("{GOOD_URL}\n{CANARY}"))),
            ("/url", json!(format!("{GOOD_URL} {CANARY}"))),
            ("/url", json!(format!("{GOOD_URL}/{}", CANARY.repeat(300)))),
            ("/url", json!(format!("https://{CANARY}.example/"))),
            ("/url", json!(format!("https://{CANARY}@app.greenhouse.io/"))),
            ("/url", json!(format!("https://app.greenhouse.io.{CANARY}.example/"))),
            ("/url", json!(format!("//app.greenhouse.io/{CANARY}"))),
        ] {
            let mut bad = ask(&test, "zoe@candidate.example", GOOD_URL);
            *bad.pointer_mut(pointer).expect("there") = value.clone();
            let call = Call::greenhouse(&app, "POST", "send_test").json(&bad);
            watch.refuse(&format!("{pointer} {value}"), &call, 422, "unprocessable").await;
        }
        for value in [json!(CANARY), json!(CANARY.repeat(100)), json!(17), json!(format!("{test}\u{0}")), json!(format!("{test}x"))] {
            let bad = ask("", "zoe@candidate.example", GOOD_URL);
            let mut bad = bad;
            bad["partner_test_id"] = value;
            let call = Call::greenhouse(&app, "POST", "send_test").json(&bad);
            watch.refuse("no such test", &call, 404, "not_found").await;
        }
        watch.finish().await;
    }

    async fn decoration_of_any_form_does_no_harm(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let odd = [
            json!("a\u{0}b\u{1b}[31m\u{202e}"), json!("x".repeat(10_000)), json!([]), json!({}), json!(-1),
            json!(true), json!(1e300), json!("<script>alert(1)</script>"), json!("{{link}}"), json!("\u{1F4A9}".repeat(500)),
        ];
        for (number, value) in odd.into_iter().enumerate() {
            let mut body = ask(&test, "zoe@candidate.example", &format!("http://127.0.0.1:9/{number}"));
            for member in ["first_name", "last_name", "preferred_name", "phone_number", "resume_url", "greenhouse_profile_url"] {
                body["candidate"][member] = value.clone();
            }
            body["sent_by"] = value.clone();
            let interview = app.send(body).await;
            let shown = app.show(&interview).await;
            assert!(shown["candidate"]["first_name"].as_str().expect("a text").chars().count() <= 200, "{value}");
            app.complete(&interview, 80).await;
            let page = app.test_status(&interview).await["partner_profile_url"].clone();
            let page = app.http.get(page.as_str().expect("a link")).send().await.expect("an answer");
            assert_eq!(page.status(), 200, "{value}");
            assert!(!page.text().await.expect("a page").contains("<script>alert"), "{value}");
        }
        let (status, _) = app.v1("GET", "invites?limit=100", None).await;
        assert_eq!(status, 200);
        app.mail_to("zoe@candidate.example").await;
    }

    async fn what_is_clearly_another_format_is_refused(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let watch = Watch::start(&app).await;
        let body = ask(&test, &format!("{CANARY}@candidate.example"), GOOD_URL);
        for (header, value) in [
            ("content-type", "application/xml"), ("content-type", "multipart/form-data; boundary=x"),
            ("content-type", "image/png"), ("content-encoding", "gzip"), ("content-encoding", "br"),
        ] {
            let call = Call::greenhouse(&app, "POST", "send_test").json(&body).with(header, value);
            watch.refuse(value, &call, 415, "unsupported_media_type").await;
        }
        watch.finish().await;
    }

    async fn a_url_whose_place_is_taken_by_text_is_no_url(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let watch = Watch::start(&app).await;
        for url in ["ftp://app.greenhouse.io/1", "https:app.greenhouse.io/1", "https://", "https:///1", "https://app.greenhouse.io:444/1"] {
            let call = Call::greenhouse(&app, "POST", "send_test").json(&ask(&test, "zoe@candidate.example", url));
            let answer = watch.refuse(url, &call, 422, "unprocessable").await;
            assert!(answer.json()["message"].as_str().expect("words").starts_with("url"), "{}", answer.text);
        }
        watch.finish().await;
    }

    async fn ids_of_interviews_that_cannot_be_are_unknown(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let unknown = Call::greenhouse(&app, "GET", &format!("test_status?partner_interview_id={UNKNOWN}"));
        let unknown = watch.refuse("unknown", &unknown, 404, "not_found").await.text;
        for id in [CANARY, "%00", "%FF%FE", "a%0d%0ab", "%F0%9F%92%A9", "1%20OR%201", &"x".repeat(6_000)] {
            let call = Call::greenhouse(&app, "GET", &format!("test_status?partner_interview_id={id}"));
            assert_eq!(watch.refuse(id, &call, 404, "not_found").await.text, unknown, "{id}");
        }
        for query in ["", "?", "?partner_interview_id", "?partner_interview_id=%20", "?PARTNER_INTERVIEW_ID=1", "?id=1&x"] {
            let call = Call::greenhouse(&app, "GET", &format!("test_status{query}"));
            watch.refuse(query, &call, 400, "bad_request").await;
        }
        watch.finish().await;
    }

    async fn a_report_of_any_form_is_taken_up_to_one_mebibyte(database: Database) {
        let app = TestApp::start(database).await;
        log::keep();
        let interview = {
            let test = app.publish(external("Backend")).await;
            app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await
        };
        let long = "e".repeat(1024 * 1024 - 100);
        for body in [
            "".into(), "no JSON".to_owned(), "[]".into(), "{\"errors\": {\"a\": [1]}}".into(),
            format!("{{\"api_call\": 7, \"errors\": \"{CANARY}\", \"candidate_email\": \"{CANARY}@candidate.example\"}}"),
            format!("{{\"errors\": [\"a\\u0000b\", null, {{}}], \"partner_interview_id\": \"{interview}\"}}"),
            format!("{{\"errors\": [\"{long}\"]}}"),
        ] {
            let answer = app.http.post(format!("{}/api/greenhouse/response_errors", app.url))
                .header("authorization", crate::harness::basic(&app.greenhouse_key)).body(body).send().await;
            assert_eq!(answer.expect("an answer").status(), 200);
        }
        assert_eq!(app.database.count("SELECT count(*) FROM events WHERE name = 'greenhouse.response_error'"), 7);
        let biggest = app.database.count("SELECT CAST(max(length(detail)) AS BIGINT) FROM events");
        assert!(biggest < 30_000, "{biggest}");
        assert_eq!(app.database.count(&format!("SELECT count(*) FROM events WHERE detail LIKE '%{CANARY}@%'")), 0);
        assert!(!log::holds(CANARY));
        let watch = Watch::start(&app).await;
        let call = Call::greenhouse(&app, "POST", "response_errors").text(CANARY.repeat(120_000));
        watch.refuse("too long", &call, 413, "too_large").await;
        watch.finish().await;
    }

    async fn the_key_is_judged_before_the_body(database: Database) {
        let app = TestApp::start(database).await;
        let watch = Watch::start(&app).await;
        let long: Value = json!({ "candidate": CANARY.repeat(40_000) });
        for path in ["send_test", "response_errors"] {
            let call = Call::new("POST", format!("/api/greenhouse/{path}")).json(&long);
            let answer = watch.refuse("no key", &call, 401, "unauthorized").await;
            assert!(answer.headers.contains_key("www-authenticate"));
        }
        watch.finish().await;
    }
}
