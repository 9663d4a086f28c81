//! Every form of `send_test` that was ever documented or seen.

use serde_json::{Value, json};

use super::greenhouse::{Greenhouse, body, url};
use crate::harness::{Recruiter, TestApp, external};

test_support::each_database! {
    async fn url_may_stand_inside_candidate(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let mut ask = body(&test, "zoe@candidate.example", "");
        ask["candidate"]["url"] = json!(url(1));
        ask["url"] = Value::Null;
        let nested = greenhouse.send(&ask).await.interview();
        let flat = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        assert_eq!(nested, flat);
        // Where both are there the outer one counts.
        ask["url"] = json!(url(2));
        assert_ne!(greenhouse.send(&ask).await.interview(), flat);
    }

    async fn unknown_members_and_missing_ones_do_no_harm(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let mut ask = body(&test, "zoe@candidate.example", &url(1));
        ask["job"] = json!({ "id": 7, "tags": [["a"], { "b": null }] });
        ask["candidate"]["id"] = json!(163_900_000_004_u64);
        ask["candidate"]["first_name"] = json!(42);
        ask["sent_by"] = Value::Null;
        let strange = greenhouse.send(&ask).await.interview();
        assert_eq!(app.show(&strange).await["candidate"]["first_name"], "42");
        let bare = json!({
            "partner_test_id": test,
            "candidate": { "email": "kim@candidate.example" },
            "url": url(2),
        });
        let bare = greenhouse.send(&bare).await.interview();
        let mail = app.mail_to("kim@candidate.example").await;
        assert!(mail.text.starts_with("Hello kim,"), "{}", mail.text);
        assert_eq!(app.show(&bare).await["candidate"]["last_name"], "");
    }

    async fn numbers_are_taken_as_ids(database: Database) {
        let app = TestApp::start(database).await;
        let greenhouse = Greenhouse::of(&app);
        let mut ask = body("", "zoe@candidate.example", &url(1));
        ask["partner_test_id"] = json!(4711);
        let unknown = greenhouse.send(&ask).await;
        ask["partner_test_id"] = json!("4711");
        assert_eq!(unknown, greenhouse.send(&ask).await);
        assert_eq!(unknown.refusal(), (404, "not_found".to_owned()));
        assert_eq!(greenhouse.read("4711").await.refusal(), (404, "not_found".to_owned()));
    }

    async fn what_greenhouse_told_of_person_and_sender_is_kept(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let interview = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        let shown = app.show(&interview).await;
        assert_eq!(shown["origin"], "greenhouse");
        assert_eq!(shown["candidate"]["phone"], "+44 20 7946 0018 ext 4");
        assert_eq!(shown["ats"], json!({
            "profile_url": "https://app4.greenhouse.io/people/163900000004?application_id=172800000004",
            "person_id": "163900000004",
            "application_id": "172800000004",
            "opportunity_id": null,
            "confidential": false,
            "sent_by": "recruiter@customer.example",
        }));
    }

    async fn the_simulator_finds_no_fault_in_any_years_dialect(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let recruiter = Recruiter::connect(&app, &test).await;
        let odd = json!({ "omit_absent": true, "unknown_members": true, "numeric_ids": true });
        for dialect in [json!("2016"), json!("2019"), json!("2024"), json!("2025"), odd] {
            recruiter.change(json!({ "dialect": dialect, "strict": true })).await;
            let email = format!("kim{}@candidate.example", app.rows("invites"));
            let sent = recruiter.send(&email).await;
            app.mail_to(&email).await;
            app.complete(&sent.interview, 80).await;
            let shown = recruiter.test(&sent).await;
            // That a test runs on this machine is no fault of ours.
            let mut warnings = shown["warnings"].as_array().expect("a list").clone();
            warnings.retain(|warning| !warning.as_str().expect("words").contains("private host"));
            assert_eq!((&shown["errors"], warnings), (&json!([]), vec![]), "{dialect}");
        }
    }
}
