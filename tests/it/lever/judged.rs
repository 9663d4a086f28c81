//! Whom a move does not invite, and what the admin reads then.

use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, eventually, external, tags};

test_support::each_database! {
    async fn whoever_was_there_before_is_not_mailed(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let stage = "lead-responded";
        let before = employer.candidate("before@candidate.example", &["Rust"]).await;
        employer.move_to(&before, stage).await;
        employer.add_trigger_stage(stage).await;
        let after = employer.candidate("after@candidate.example", &["Rust"]).await;
        employer.move_to(&after, stage).await;
        employer.shows_tag(&after, "Rust - Invited").await;
        // A delivery that comes late, about a move from before.
        let late = employer.deliveries(&before).await[0]["id"].clone();
        employer.control("POST", &format!("deliveries/{late}/rerun"), Some(json!({ "token": "new" }))).await;
        let entry = reason(&employer, &before).await;
        assert_eq!(entry["reason"], "already_there");
        app::intake::sweep_all(&app.app, domain::ConnectionKind::Lever).await.expect("a sweep");
        app.app.db().wake().notify();
        app.idle().await;
        assert_eq!((app.mails_to("before@candidate.example"), app.mails_to("after@candidate.example")), (0, 1));
        assert_eq!(tags(&employer.opportunity(&before).await), ["Rust"]);
        app.stop().await;
    }

    async fn each_reason_is_said_and_the_tags_stay(database: Database) {
        let app = TestApp::start(database).await;
        for title in ["Rust", "rust"] {
            let (status, _) = app.v1("POST", "assessments", Some(external(title))).await;
            assert_eq!(status, 201);
        }
        app.publish(external("Go")).await;
        let employer = Employer::connect(&app).await;
        let cases = [
            (json!({ "emails": [], "tags": ["Go"] }), "no_email"),
            (json!({ "emails": ["n/a"], "tags": ["Go"] }), "email_unusable"),
            // A draft is not published: its title names nothing.
            (json!({ "emails": ["a@candidate.example"], "tags": ["Rust"] }), "no_tag"),
            (json!({ "emails": ["a@candidate.example"], "tags": ["Go - Submitted"] }), "no_tag"),
        ];
        for (body, expected) in cases {
            let mut body = body.clone();
            body["name"] = json!("Zoë Nowak");
            let tagged = body["tags"].clone();
            let opportunity = employer.candidate_with(body).await;
            employer.move_in(&opportunity).await;
            let entry = reason(&employer, &opportunity).await;
            assert_eq!(entry["reason"], expected, "{entry}");
            assert!(entry["detail"].as_str().is_some_and(|words| words.ends_with('.')), "{entry}");
            assert_eq!(json!(tags(&employer.opportunity(&opportunity).await)), tagged);
        }
        assert_eq!((app.rows("invites"), app.mail.messages().len()), (0, 0));
        app.stop().await;
    }

    async fn who_may_not_be_written_to_or_read_is_not(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let silent = employer.candidate("silent@candidate.example", &["Rust"]).await;
        employer.on(&silent, "PATCH", "", Some(json!({ "contact_allowed": false }))).await;
        let secret = employer.candidate_with(json!({ "name": "Zoë Nowak", "emails": ["secret@candidate.example"], "tags": ["Rust"], "confidential": true })).await;
        let gone = employer.candidate("gone@candidate.example", &["Rust"]).await;
        let over = employer.candidate("over@candidate.example", &["Rust"]).await;
        employer.account_control("PATCH", "", Some(json!({ "deliveries_held": true }))).await;
        for opportunity in [&silent, &secret, &gone, &over] {
            employer.move_in(opportunity).await;
        }
        employer.on(&gone, "POST", "/delete", Some(json!({}))).await;
        employer.on(&over, "POST", "/archive", Some(json!({}))).await;
        employer.account_control("POST", "deliveries/release", Some(json!({}))).await;
        for (opportunity, expected) in [(&silent, "may_not_be_contacted"), (&secret, "not_readable"), (&gone, "gone"), (&over, "archived")] {
            let entry = reason(&employer, opportunity).await;
            assert_eq!(entry["reason"], expected, "{entry}");
        }
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mail.messages().len()), (0, 0));
        app.stop().await;
    }
}

/// Waits for the reason why nothing is sent about an opportunity.
async fn reason(employer: &Employer, opportunity: &str) -> Value {
    eventually("there is a reason", async || {
        let entries = employer.activity(opportunity).await;
        let decided =
            |it: &Value| it["decision"] == "nothing" && it["reason"] != "not_a_trigger_stage";
        entries.into_iter().find(decided)
    })
    .await
}
