//! What mail servers report afterwards, at `/webhooks/mail/{token}`.

use chrono::TimeDelta;
use mail::catcher::Fault;
use serde_json::{Value, json};

use super::{email_state, sent};
use crate::harness::{TestApp, Visitor, read};

const TOKEN: &str = "where-bounces-come-in";
const SETTINGS: &[(&str, &str)] = &[("MAIL__BOUNCE_TOKEN", TOKEN)];

test_support::each_database! {
    async fn a_mail_that_comes_back_is_seen_everywhere_and_can_be_sent_again(database: Database) {
        let app = TestApp::start_still(database, SETTINGS).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        let message_id = app.mail.messages()[0].message_id.clone();
        let notice = json!({ "message_id": message_id, "kind": "bounced", "detail": "550 5.1.1 <zoe@candidate.example>: no such user" });
        assert_eq!(report(&app, &notice).await, (200, json!({ "received": 1, "noted": 1 })));
        assert_eq!(app.show(&interview).await["email_state"], "bounced");
        let told = app.timeline(&interview).await.pop().expect("entries");
        assert_eq!(told["type"], "mail.bounced");
        assert_eq!(told["detail"], json!({ "mail": "invitation", "reason": "550 5.1.1 … no such user" }));
        // The same again, and that it arrived after all, are no news.
        let delivered = json!({ "message_id": message_id, "kind": "delivered" });
        for repeat in [&notice, &delivered] {
            assert_eq!(report(&app, repeat).await, (200, json!({ "received": 1, "noted": 0 })));
        }
        assert_eq!(app.show(&interview).await["email_state"], "bounced");
        let visitor = Visitor::sign_in(&app).await;
        let address = format!("/invites/{interview}");
        let page = visitor.page(&address).await;
        assert!(page.contains("no such user") && page.contains("correct it in Greenhouse"), "{page}");
        assert!(visitor.page("/candidates").await.contains("The mail came back"));
        assert_eq!(visitor.press(&address, &format!("{address}/resend")).await, 303);
        email_state(&app, &interview, "sent").await;
        assert_eq!(app.mail.messages().len(), 2);
        // Greenhouse is told of none of this: the test is sent.
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "sent" }));
    }

    async fn a_raw_report_is_read_like_a_notice(database: Database) {
        let app = TestApp::start_still(database, SETTINGS).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        let message_id = app.mail.messages()[0].message_id.clone();
        let raw = format!(
            "From: MAILER-DAEMON@relay.example\r\nContent-Type: multipart/report; boundary=B\r\n\r\n\
             --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
             Final-Recipient: rfc822; zoe@candidate.example\r\nAction: failed\r\nStatus: 5.2.2\r\n\
             Diagnostic-Code: smtp; 552 mailbox full\r\n\r\n\
             --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--B--\r\n"
        );
        assert_eq!(send(&app, "message/rfc822", raw).await, (200, json!({ "received": 1, "noted": 1 })));
        assert_eq!(app.show(&interview).await["email_state"], "bounced");
        let told = app.timeline(&interview).await.pop().expect("entries");
        assert_eq!(told["detail"]["reason"], "552 mailbox full");
    }

    async fn an_old_attempts_mail_that_comes_back_is_on_the_timeline_only(database: Database) {
        let app = TestApp::start_still(database, SETTINGS).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        let message_id = app.mail.messages()[0].message_id.clone();
        app.command(&interview, "start", None).await;
        app.command(&interview, "reset", None).await;
        app.command(&interview, "resend", None).await;
        email_state(&app, &interview, "sent").await;
        report(&app, &json!({ "message_id": message_id, "kind": "bounced" })).await;
        assert_eq!(app.show(&interview).await["email_state"], "sent");
        let told = app.timeline(&interview).await.pop().expect("entries");
        assert_eq!(told["type"], "mail.bounced");
    }

    async fn delays_arrivals_and_complaints_are_told_once_in_order_of_weight(database: Database) {
        let app = TestApp::start_still(database, SETTINGS).await;
        let interview = sent(&app).await;
        email_state(&app, &interview, "sent").await;
        let message_id = app.mail.messages()[0].message_id.clone();
        let notices = ["delayed", "delivered", "delayed", "complained", "delivered", "complained"]
            .map(|kind| json!({ "message_id": message_id, "kind": kind }));
        assert_eq!(report(&app, &json!(notices)).await, (200, json!({ "received": 6, "noted": 3 })));
        let timeline = app.timeline(&interview).await;
        let types: Vec<_> = timeline.iter().map(|told| told["type"].as_str().expect("a name")).collect();
        assert!(types.ends_with(&["mail.sent", "mail.delayed", "mail.delivered", "mail.complained"]), "{types:?}");
        assert_eq!(app.show(&interview).await["email_state"], "sent");
    }

    async fn a_report_that_overtakes_our_own_note_stands(database: Database) {
        let app = TestApp::start_still(database, SETTINGS).await;
        // The relay takes the mail, and its answer is lost: the mail is to be sent again.
        app.mail.fail_next(1, Fault::Cut);
        let interview = sent(&app).await;
        app.mail_to("zoe@candidate.example").await;
        app.idle().await;
        let message_id = app.mail.messages()[0].message_id.clone();
        report(&app, &json!({ "message_id": message_id, "kind": "bounced" })).await;
        app.advance(TimeDelta::seconds(30));
        app.idle().await;
        assert_eq!(app.show(&interview).await["email_state"], "bounced");
        assert_eq!(app.mail.messages().len(), 1, "what came back is not sent again");
    }

    async fn without_a_token_in_the_settings_there_is_no_such_address(database: Database) {
        let app = TestApp::start(database).await;
        let notice = json!({ "message_id": "<1@b.example>", "kind": "bounced" });
        assert_eq!(report(&app, &notice).await.0, 404);
    }
}

async fn report(app: &TestApp, body: &Value) -> (u16, Value) {
    send(app, "application/json", body.to_string()).await
}

async fn send(app: &TestApp, content_type: &str, body: String) -> (u16, Value) {
    let call = app
        .http
        .post(format!("{}/webhooks/mail/{TOKEN}", app.url))
        .header("content-type", content_type)
        .body(body);
    read(call.send().await.expect("an answer")).await
}
