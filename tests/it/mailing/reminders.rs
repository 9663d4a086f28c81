//! The mail before the deadline.

use chrono::TimeDelta;
use mail::catcher::CaughtMail;
use serde_json::json;

use super::{email_state, sent};
use crate::harness::{TestApp, eventually, external};

test_support::each_database! {
    async fn two_days_before_the_deadline_the_candidate_is_reminded_once_with_the_same_link(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        app.advance(TimeDelta::days(12) - TimeDelta::minutes(1));
        app.look_for_mail().await;
        assert_eq!(app.mail.messages().len(), 1);
        app.advance(TimeDelta::minutes(1));
        app.look_for_mail().await;
        let mails = mails(&app, 2).await;
        assert_eq!(mails[1].message_id, format!("<{interview}.1.reminder@127.0.0.1>"));
        assert_eq!(mails[1].subject, "Reminder from Acme: Backend");
        assert_eq!(mails[1].link(), mails[0].link());
        app.told(&interview, "mail.sent", "reminder").await;
        app.advance(TimeDelta::days(1));
        app.look_for_mail().await;
        assert_eq!((app.mail.messages().len(), app.show(&interview).await["email_state"].clone()), (2, json!("sent")));
    }

    async fn a_later_deadline_has_a_reminder_of_its_own_and_the_earlier_none(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        app.advance(TimeDelta::days(12));
        app.look_for_mail().await;
        mails(&app, 2).await;
        app.told(&interview, "mail.sent", "reminder").await;
        let later = app.app.now() + TimeDelta::days(10);
        app.command(&interview, "extend", Some(json!({ "expires_at": later }))).await;
        mails(&app, 3).await;
        app.told(&interview, "mail.sent", "resend-1").await;
        app.advance(TimeDelta::days(8));
        app.look_for_mail().await;
        let mails = mails(&app, 4).await;
        assert_eq!(mails[3].message_id, format!("<{interview}.1.reminder-2@127.0.0.1>"));
    }

    async fn in_a_short_window_the_reminder_comes_half_way(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let mut test = external("Backend");
        test["invite_valid_days"] = json!(1);
        let test = app.publish(test).await;
        app.invite(&test, "zoe@candidate.example").await;
        mails(&app, 1).await;
        app.idle().await;
        app.advance(TimeDelta::hours(12));
        app.look_for_mail().await;
        let mails = mails(&app, 2).await;
        assert!(mails[1].message_id.contains(".reminder@"), "{:?}", mails[1]);
    }

    async fn whoever_has_begun_is_reminded_and_whoever_has_finished_is_not(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let mut invites = Vec::new();
        for email in ["begun@candidate.example", "done@candidate.example"] {
            let invite = app.invite(&test, email).await["id"].as_str().expect("an id").to_owned();
            email_state(&app, &invite, "sent").await;
            app.command(&invite, "start", None).await;
            invites.push(invite);
        }
        app.report(&invites[1], json!({ "score": 90 })).await;
        app.advance(TimeDelta::days(12));
        app.look_for_mail().await;
        let mails = mails(&app, 3).await;
        app.look_for_mail().await;
        assert_eq!(app.mail.messages().len(), 3);
        assert_eq!(mails[2].recipients, ["begun@candidate.example"]);
        assert!(mails[2].text.contains("What you answered so far is kept"), "{}", mails[2].text);
    }

    async fn nobody_is_reminded_where_baton_does_not_mail_or_the_mail_came_back(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let silent = json!({ "assessment_id": test, "candidate": { "email": "silent@candidate.example" }, "send_email": false });
        let silent = app.invite_with(silent).await["id"].as_str().expect("an id").to_owned();
        // One mail that a person asked for does not mean that mail is wanted.
        app.command(&silent, "resend", None).await;
        email_state(&app, &silent, "sent").await;
        app.mail.fail_next(1, mail::catcher::Fault::Permanent);
        let gone = app.invite(&test, "gone@candidate.example").await["id"].as_str().expect("an id").to_owned();
        email_state(&app, &gone, "bounced").await;
        app.advance(TimeDelta::days(13));
        app.look_for_mail().await;
        assert_eq!(app.mail.messages().len(), 1);
    }
}

async fn mails(app: &TestApp, many: usize) -> Vec<CaughtMail> {
    eventually(&format!("there are {many} mails"), async || {
        let mails = app.mail.messages();
        (mails.len() >= many).then_some(mails)
    })
    .await
}
