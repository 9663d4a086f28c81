//! What webhooks missed is found, and what must not be mailed is not.

use serde_json::json;

use crate::harness::{Employer, TestApp, external, tags};

test_support::each_database! {
    async fn a_move_that_no_delivery_told_of_is_found(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        employer.account_control("PATCH", "", Some(json!({ "deliveries_held": true }))).await;
        let lost = employer.candidate("lost@candidate.example", &["Rust"]).await;
        let untagged = employer.candidate("untagged@candidate.example", &["Lisbon"]).await;
        let elsewhere = employer.candidate("elsewhere@candidate.example", &["Rust"]).await;
        employer.move_in(&lost).await;
        employer.move_in(&untagged).await;
        employer.move_to(&elsewhere, "offer").await;
        employer.account_control("POST", "deliveries/drop", Some(json!({}))).await;
        for _ in 0..3 {
            sweep(&app).await;
        }
        employer.shows_tag(&lost, "Rust - Invited").await;
        let entries = employer.activity(&lost).await;
        assert_eq!((&entries[0]["source"], &entries[0]["decision"]), (&json!("sweep"), &json!("invited")));
        assert_eq!(app.mails_to("lost@candidate.example"), 1);
        // Said once, however often it is found.
        let entries = employer.activity(&untagged).await;
        assert_eq!((entries.len(), &entries[0]["reason"]), (1, &json!("no_tag")));
        assert!(employer.activity(&elsewhere).await.is_empty());
        assert_eq!(tags(&employer.opportunity(&elsewhere).await), ["Rust"]);
        assert_eq!(app.rows("invites"), 1);
        app.stop().await;
    }

    async fn a_sweep_and_a_delivery_at_once_invite_once(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        for number in 0..5 {
            let email = format!("candidate-{number}@candidate.example");
            let opportunity = employer.candidate(&email, &["Rust"]).await;
            employer.move_in(&opportunity).await;
            app::intake::sweep_all(&app.app, domain::ConnectionKind::Lever).await.expect("a sweep");
            employer.shows_tag(&opportunity, "Rust - Invited").await;
            app.idle().await;
            assert_eq!(app.mails_to(&email), 1);
        }
        assert_eq!(app.rows("invites"), 5);
        app.stop().await;
    }
}

/// Sweeps, and waits until all that follows is done.
async fn sweep(app: &TestApp) {
    app::intake::sweep_all(&app.app, domain::ConnectionKind::Lever)
        .await
        .expect("a sweep");
    app.app.db().wake().notify();
    app.idle().await;
}
