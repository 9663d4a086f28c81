//! A grant that dies, and the connection that is made anew.

use chrono::TimeDelta;
use domain::Role;
use serde_json::json;

use crate::harness::{CLIENT_SECRET, LeverAccount, TestApp, eventually};

/// Mail takes a moment.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Where the operator's mail goes in these tests.
const OPERATOR_MAIL: [(&str, &str); 1] = [("OPERATOR__NOTIFY_EMAIL", "operator@vendor.example")];

async fn start(database: test_support::Database) -> TestApp {
    TestApp::start_at(
        database,
        std::sync::Arc::new(domain::SystemClock),
        &OPERATOR_MAIL,
    )
    .await
}

/// Moves both clocks.
async fn later(app: &TestApp, by: TimeDelta) {
    let ahead = json!({ "advance_seconds": by.num_seconds() });
    app.control("POST", "clock", Some(ahead)).await;
    app.advance(by);
}

test_support::each_database! {
    async fn access_that_was_taken_back_is_told_of_once_and_a_new_login_goes_on(database: Database) {
        let app = start(database).await;
        app.setup_link("ada@customer.example", Role::Admin).await;
        app.setup_link("kim@customer.example", Role::Member).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let connected_at = app.connection("lever").await["connected_at"].clone();
        account.control("POST", "revoke", Some(json!({}))).await;
        let (status, refused) = app.v1("GET", "lever/stages", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("needs_attention")), "{refused}");
        let connection = app.connection("lever").await;
        assert_eq!(connection["state"], "needs_attention");
        assert!(connection["detail"].as_str().expect("why").contains("log in to Lever again"), "{connection}");
        for address in ["ada@customer.example", "operator@vendor.example"] {
            let mail = app.mail.wait_for(|mail| mail.recipients == [address], PATIENCE).await.expect("a mail");
            assert_eq!(mail.subject, "Lever of Acme needs attention");
            assert!(mail.text.contains("until somebody logs in again"), "{}", mail.text);
        }
        app.v1("GET", "lever/stages", None).await;
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 2, "one each, and none to members");
        account.connect().await;
        let again = app.connection_becomes("lever", "connected").await;
        assert_eq!(again["connected_at"], connected_at, "it goes on where it was");
        assert_eq!(app.v1("GET", "lever/stages", None).await.0, 200);
        app.stop().await;
    }

    async fn what_is_parked_goes_on_after_a_new_login(database: Database) {
        let app = start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        account.control("POST", "revoke", Some(json!({}))).await;
        assert_eq!(app.v1("GET", "lever/stages", None).await.0, 409);
        // A job that waits for the connection, as those that write back do.
        let id = app.organization;
        app.app.write(move |app, conn| {
            let job = storage::jobs::NewJob {
                id: app.draw(), organization: id, kind: "lever_webhook", dedupe_key: "parked".into(), ordering_key: None,
                strict: false, payload: "{}".into(), run_at: app.now() + TimeDelta::hours(4), traceparent: None,
            };
            Ok(storage::jobs::enqueue(conn, &[job], app.now())?)
        }).await.expect("a job");
        app.database.run_sql("UPDATE jobs SET state = 'parked', parked_under = 'lever' WHERE dedupe_key = 'parked'");
        account.connect().await;
        eventually("it has gone on", async || {
            (app.database.count("SELECT count(*) FROM jobs WHERE dedupe_key = 'parked'") == 0).then_some(())
        })
        .await;
        app.stop().await;
    }

    async fn tokens_are_renewed_for_as_long_as_lever_lets_a_grant_live(database: Database) {
        let app = TestApp::start_still(database, &OPERATOR_MAIL).await;
        app.setup_link("ada@customer.example", Role::Owner).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        for _ in 0..5 {
            later(&app, TimeDelta::minutes(50)).await;
            assert_eq!(app.v1("GET", "lever/stages", None).await.0, 200);
        }
        for _ in 0..49 {
            later(&app, TimeDelta::days(7)).await;
            app::connections::keep_alive(&app.app).await.expect("the database answers");
            app::connections::watch(&app.app).await.expect("the database answers");
        }
        let ending = app.connection("lever").await;
        assert_eq!(ending["state"], "expiring", "a year is the longest: {ending}");
        let mail = app.mail.wait_for(|mail| mail.subject == "Lever of Acme will soon need a new log-in", PATIENCE).await;
        assert!(mail.is_some());
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 2, "the owner and the operator, once");
        account.connect().await;
        assert_eq!(app.connection("lever").await["state"], "connected");
        app.stop().await;
    }

    async fn an_outage_there_leaves_it_connected(database: Database) {
        let app = start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        account.control("PUT", "faults", Some(json!({ "next": { "play": { "kind": "status", "status": 503 } } }))).await;
        let (status, refused) = app.v1("GET", "lever/stages", None).await;
        assert_eq!((status, &refused["code"]), (503, &json!("ats_unavailable")), "{refused}");
        assert_eq!(app.connection("lever").await["state"], "connected");
        app.stop().await;
    }

    async fn no_token_is_written_anywhere_in_clear(database: Database) {
        let app = start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let webhook = account.webhooks().await[0]["signature_token"].clone();
        let canaries = [webhook.as_str().expect("a token"), CLIENT_SECRET, "eyJ"];
        let mut kept = app.database.texts("SELECT access_token || refresh_token AS text FROM grants");
        kept.extend(app.database.texts("SELECT coalesce(webhook_token, '') || settings AS text FROM connections"));
        kept.extend(app.database.texts("SELECT detail AS text FROM events"));
        kept.extend(app.database.texts("SELECT detail AS text FROM audit_events"));
        kept.extend(app.database.texts("SELECT payload AS text FROM jobs"));
        for canary in canaries {
            assert!(kept.iter().all(|text| !text.contains(canary)), "{canary}");
        }
        app.stop().await;
    }
}
