//! Which calls mail the candidate, and under which Message-ID.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{TestApp, ask, eventually, external};

test_support::each_database! {
    async fn resending_mails_the_same_link_once_more(database: Database) {
        let app = TestApp::start(database).await;
        let invite = invited(&app, true).await;
        app.mail_to("ada@candidate.example").await;
        app.command(&invite, "resend", None).await;
        app.command(&invite, "start", None).await;
        app.command(&invite, "resend", None).await;
        app.idle().await;
        let mails = app.mail.messages();
        assert_eq!(message_ids(&app), [
            format!("<{invite}.1.invitation@127.0.0.1>"),
            format!("<{invite}.1.resend-1@127.0.0.1>"),
            format!("<{invite}.1.resend-2@127.0.0.1>"),
        ]);
        assert!(mails.iter().all(|mail| mail.link() == mails[0].link()));
    }

    async fn an_extension_is_mailed_with_the_new_deadline(database: Database) {
        let app = TestApp::start(database).await;
        let invite = invited(&app, true).await;
        app.mail_to("ada@candidate.example").await;
        let ends = json!({ "expires_at": "2099-03-02T09:00:00Z" });
        app.command(&invite, "extend", Some(ends)).await;
        app.idle().await;
        let mails = app.mail.messages();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[1].message_id, format!("<{invite}.1.resend-1@127.0.0.1>"));
        assert!(mails[1].text.contains("2099"), "{}", mails[1].text);
    }

    async fn a_reset_mails_the_new_link(database: Database) {
        let app = TestApp::start(database).await;
        let invite = invited(&app, true).await;
        app.mail_to("ada@candidate.example").await;
        app.command(&invite, "start", None).await;
        let reset = app.command(&invite, "reset", None).await;
        app.idle().await;
        let mails = app.mail.messages();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[1].message_id, format!("<{invite}.2.invitation@127.0.0.1>"));
        assert_eq!(mails[1].link(), reset["candidate_url"].as_str());
        assert_eq!((&reset["attempt"], &reset["started_at"]), (&json!(2), &Value::Null));
    }

    async fn a_reset_of_what_greenhouse_sent_mails_nobody(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let interview = app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        app.mail_to("zoe@candidate.example").await;
        app.command(&interview, "start", None).await;
        let reset = app.command(&interview, "reset", None).await;
        assert!(reset["candidate_url"].is_string());
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 1);
        app.command(&interview, "resend", None).await;
        app.idle().await;
        assert_eq!(message_ids(&app)[1], format!("<{interview}.2.resend-1@127.0.0.1>"));
    }

    async fn where_baton_does_not_mail_only_a_resend_does(database: Database) {
        let app = TestApp::start(database).await;
        let invite = invited(&app, false).await;
        assert_eq!(app.show(&invite).await["email_state"], "none");
        app.command(&invite, "extend", Some(json!({ "expires_at": "2099-03-02T09:00:00Z" }))).await;
        app.command(&invite, "start", None).await;
        app.command(&invite, "reset", None).await;
        app.idle().await;
        assert!(app.mail.messages().is_empty());
        app.command(&invite, "resend", None).await;
        app.mail_to("ada@candidate.example").await;
        email_state(&app, &invite, "sent").await;
    }

    async fn an_invite_may_differ_from_its_assessment(database: Database) {
        let app = TestApp::start(database).await;
        let mut body = external("Backend");
        body["send_email"] = json!(false);
        let test = app.publish(body).await;
        let ask = json!({
            "assessment_id": test, "candidate": { "email": "ada@candidate.example" }, "send_email": true,
        });
        app.invite_with(ask).await;
        app.mail_to("ada@candidate.example").await;
        // Greenhouse has no say in it: the assessment's word holds.
        app.send(self::ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 1);
    }

    async fn the_mails_state_goes_from_queued_to_sent(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, mail::catcher::Fault::Temporary);
        let invite = invited(&app, true).await;
        assert_eq!(app.show(&invite).await["email_state"], "queued");
        app.idle().await;
        assert_eq!(app.show(&invite).await["email_state"], "queued");
        app.advance(TimeDelta::seconds(2));
        email_state(&app, &invite, "sent").await;
    }

    async fn what_is_over_before_its_mail_went_out_is_not_mailed(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, mail::catcher::Fault::Temporary);
        let invite = invited(&app, true).await;
        app.idle().await;
        app.command(&invite, "cancel", None).await;
        app.advance(TimeDelta::seconds(2));
        email_state(&app, &invite, "none").await;
        assert!(app.mail.messages().is_empty());
        let told = app.timeline(&invite).await.pop().expect("entries");
        assert_eq!((&told["type"], &told["detail"]["reason"]), (&json!("mail.not_sent"), &json!("the invite was no longer open")));
    }
}

async fn invited(app: &TestApp, mails: bool) -> String {
    let test = app.publish(external("Backend")).await;
    let body = json!({
        "assessment_id": test,
        "candidate": { "first_name": "Ada", "email": "ada@candidate.example" },
        "send_email": mails,
    });
    app.invite_with(body).await["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn email_state(app: &TestApp, invite: &str, state: &str) {
    eventually(&format!("the mail is {state}"), async || {
        (app.show(invite).await["email_state"] == state).then_some(())
    })
    .await;
}

fn message_ids(app: &TestApp) -> Vec<String> {
    app.mail
        .messages()
        .into_iter()
        .map(|mail| mail.message_id)
        .collect()
}
