//! The key for an ATS's reviewers: everything works, and nobody is mailed.

use app::organizations;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::harness::{TestApp, ask};

test_support::each_database! {
    async fn a_sample_organizations_key_never_mails(database: Database) {
        let app = TestApp::start(database).await;
        // What `baton-admin organization create --sample` does.
        let sample = app.app.write(|app, conn| organizations::create_sample(app, conn, "Sample")).await;
        let sample = sample.expect("a sample");
        let key = sample.key.text.expose_secret().to_owned();
        let (status, tests) = app.greenhouse_as(&key, "GET", "list_tests", None).await;
        assert_eq!((status, tests.as_array().map(Vec::len)), (200, Some(2)), "{tests}");
        for (number, test) in tests.as_array().expect("a list").iter().enumerate() {
            let test = test["partner_test_id"].as_str().expect("an id");
            let body = ask(test, "reviewer@greenhouse.example", &format!("http://127.0.0.1:9/{number}"));
            let (status, sent) = app.greenhouse_as(&key, "POST", "send_test", Some(body)).await;
            assert_eq!(status, 200, "{sent}");
            let id = sent["partner_interview_id"].as_str().expect("an id");
            let path = format!("test_status?partner_interview_id={id}");
            let (_, read) = app.greenhouse_as(&key, "GET", &path, None).await;
            assert_eq!(read, json!({ "partner_status": "sent" }));
        }
        app.idle().await;
        assert!(app.mail.messages().is_empty());
        assert_eq!((app.rows("invites"), app.rows("jobs")), (2, 0));
    }

    async fn a_key_without_mail_beside_one_with_it_decides_for_its_own_asks(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(crate::harness::external("Backend")).await;
        let new = json!({ "kind": "greenhouse_assessment", "name": "Quiet", "scopes": ["assess"] });
        let (_, quiet) = app.v1("POST", "api-keys", Some(new)).await;
        let quiet = quiet["key"].as_str().expect("a key");
        let body = ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1");
        let (_, sent) = app.greenhouse_as(quiet, "POST", "send_test", Some(body.clone())).await;
        let id = sent["partner_interview_id"].as_str().expect("an id");
        assert_eq!(app.show(id).await["email_state"], "none");
        // The same ask with the other key is a repeat, and repeats mail nobody.
        assert_eq!(app.send(body).await, id);
        app.send(ask(&test, "kim@candidate.example", "http://127.0.0.1:9/2")).await;
        app.mail_to("kim@candidate.example").await;
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 1);
    }
}
