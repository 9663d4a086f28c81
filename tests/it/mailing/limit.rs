//! The day's limit of mails.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::FixedClock;
use serde_json::json;

use super::email_state;
use crate::harness::{OPERATOR, TestApp, Visitor, ask, external, text};

test_support::each_database! {
    async fn over_the_limit_mail_waits_says_so_and_goes_out_the_next_day_in_its_order(database: Database) {
        let app = start(database, "3").await;
        let interviews = send(&app, 6).await;
        email_state(&app, &interviews[2], "sent").await;
        let told = app.told(&interviews[5], "mail.waits", "invitation").await;
        assert_eq!((&told["detail"]["limit"], &told["detail"]["until"]), (&json!(3), &json!("2026-03-03T00:00:00Z")));
        assert_eq!(
            told["detail"]["reason"],
            "today's limit of 3 mails is reached; it goes out in its turn, after 2026-03-03 00:00 UTC"
        );
        assert_eq!(app.show(&interviews[5]).await["email_state"], "queued");
        let page = Visitor::sign_in(&app).await.page(&format!("/invites/{}", interviews[5])).await;
        assert!(page.contains("Waits: today&#39;s limit of 3 mails is reached"), "{page}");
        // send_test is never refused for it.
        let late = send_one(&app, 6).await;
        app.told(&late, "mail.waits", "invitation").await;
        app.look_for_mail().await;
        assert_eq!(app.mail.messages().len(), 3);
        app.advance(TimeDelta::hours(15));
        app.look_for_mail().await;
        email_state(&app, &interviews[5], "sent").await;
        app.look_for_mail().await;
        assert_eq!(recipients(&app), (0..6).map(address).collect::<Vec<_>>(), "the last one waits for one day more");
        app.advance(TimeDelta::days(1));
        app.look_for_mail().await;
        email_state(&app, &late, "sent").await;
        assert_eq!(app.mail.messages().len(), 7);
    }

    async fn a_raised_limit_takes_effect_at_the_next_look(database: Database) {
        let app = start(database, "1").await;
        let interviews = send(&app, 3).await;
        for waiting in &interviews[1..] {
            app.told(waiting, "mail.waits", "invitation").await;
        }
        let app = app.restart(&[("MAIL__DAILY_LIMIT", "0")]).await;
        for interview in &interviews {
            email_state(&app, interview, "sent").await;
        }
        assert_eq!(recipients(&app), (0..3).map(address).collect::<Vec<_>>());
    }

    async fn one_organizations_limit_is_no_others(database: Database) {
        let app = start(database, "1").await;
        let interviews = send(&app, 2).await;
        app.told(&interviews[1], "mail.waits", "invitation").await;
        let key = another_organization(&app).await;
        let (status, made) = app.v1_as(&key, "POST", "assessments", Some(external("Theirs"))).await;
        assert_eq!(status, 201, "{made}");
        let test = made["id"].as_str().expect("an id");
        app.v1_as(&key, "POST", &format!("assessments/{test}/publish"), None).await;
        let body = json!({ "assessment_id": test, "candidate": { "email": "their@candidate.example" } });
        app.v1_as(&key, "POST", "invites", Some(body)).await;
        app.mail_to("their@candidate.example").await;
    }

    async fn what_is_cancelled_while_it_waits_is_not_sent(database: Database) {
        let app = start(database, "1").await;
        let interviews = send(&app, 2).await;
        app.told(&interviews[1], "mail.waits", "invitation").await;
        app.command(&interviews[1], "cancel", None).await;
        app.advance(TimeDelta::days(1));
        app.look_for_mail().await;
        email_state(&app, &interviews[1], "none").await;
        assert_eq!(app.mail.messages().len(), 1);
    }
}

/// The platform key of another organization.
async fn another_organization(app: &TestApp) -> String {
    let other = json!({ "name": "Other" });
    let (_, other) = app
        .v1_as(OPERATOR, "POST", "organizations", Some(other))
        .await;
    let path = format!("organizations/{}/api-keys", text(&other["id"]));
    let key = json!({ "kind": "platform", "name": "Other" });
    let (_, key) = app.v1_as(OPERATOR, "POST", &path, Some(key)).await;
    text(&key["key"])
}

/// At nine in the morning of a Monday.
async fn start(database: test_support::Database, limit: &str) -> TestApp {
    let moment: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().expect("a moment");
    let clock = Arc::new(FixedClock::at(moment));
    TestApp::start_with(database, clock, &[("MAIL__DAILY_LIMIT", limit)]).await
}

/// Sends so many, each once the one before has gone or waits.
async fn send(app: &TestApp, many: usize) -> Vec<String> {
    let mut interviews = Vec::new();
    for number in 0..many {
        interviews.push(send_one(app, number).await);
    }
    interviews
}

async fn send_one(app: &TestApp, number: usize) -> String {
    let (_, tests) = app.greenhouse("GET", "list_tests", None).await;
    let test = match tests[0]["partner_test_id"].as_str() {
        Some(id) => id.to_owned(),
        None => app.publish(external("Backend")).await,
    };
    let url = format!("http://127.0.0.1:9/take_home_tests/{number}");
    let interview = app.send(ask(&test, &address(number), &url)).await;
    app.idle().await;
    interview
}

fn address(number: usize) -> String {
    format!("candidate-{number}@candidate.example")
}

/// Whom there is mail for, sorted: those that are let go together are handed over beside each other.
fn recipients(app: &TestApp) -> Vec<String> {
    let mails = app.mail.messages();
    let mut recipients: Vec<String> = mails
        .iter()
        .map(|mail| mail.recipients[0].clone())
        .collect();
    recipients.sort();
    recipients
}
