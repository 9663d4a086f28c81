//! Access that is lost, and comes back.

use serde_json::json;

use crate::harness::{Employer, TestApp, eventually, external, notes, tags, text};

test_support::each_database! {
    async fn what_waits_while_access_is_lost_goes_on_once_it_is_back(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let sitting = employer.candidate("sitting@candidate.example", &["Rust"]).await;
        employer.move_in(&sitting).await;
        let invite = text(&employer.decided(&sitting, "invited").await["invite_id"]);
        employer.receipt(&invite, "lever_tags", "sent").await;
        app.idle().await;

        employer.account_control("POST", "revoke", Some(json!({ "access_tokens": "die_now" }))).await;
        // Whoever was invited can still take it; the result waits.
        app.complete(&invite, 60).await;
        let moved = employer.candidate("moved@candidate.example", &["Rust"]).await;
        employer.move_in(&moved).await;
        for target in ["lever_tags", "lever_note"] {
            let receipt = employer.receipt(&invite, target, "blocked").await;
            assert!(receipt["detail"].as_str().is_some_and(|it| it.contains("log in to Lever again")), "{receipt}");
        }
        eventually("the connection needs attention", async || {
            let listed = app.v1("GET", "connections", None).await.1;
            let all = listed["data"].as_array()?.clone();
            all.into_iter().find(|it| it["kind"] == "lever" && it["state"] == "needs_attention")
        })
        .await;
        assert_eq!(app.mails_to("moved@candidate.example"), 0);
        assert_eq!(tags(&employer.opportunity(&sitting).await), ["Rust - Invited"]);

        employer.log_in().await;
        employer.shows_tag(&sitting, "Rust - Submitted").await;
        employer.receipt(&invite, "lever_note", "sent").await;
        employer.shows_tag(&moved, "Rust - Invited").await;
        app.idle().await;
        assert_eq!(notes(&employer.opportunity(&sitting).await).len(), 1);
        assert_eq!(app.mails_to("moved@candidate.example"), 1);
        app.stop().await;
    }
}
