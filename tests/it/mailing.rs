//! The invitation on its way: its words, its relay's troubles.

mod limit;
mod reminders;
mod reports;

use std::net::{SocketAddr, TcpListener};

use chrono::TimeDelta;
use domain::FixedClock;
use mail::catcher::{Catcher, Fault};
use serde_json::{Value, json};

use crate::harness::{TestApp, Visitor, ask, choices, eventually, external};

const NOWHERE: &str = "http://127.0.0.1:9/take_home_tests/1";

test_support::each_database! {
    async fn the_words_of_an_invitation(database: Database) {
        let app = at_a_known_time(database).await;
        let mut test = choices("Numbers at work");
        test["time_limit_minutes"] = json!(20);
        let test = app.publish(test).await;
        app.send(ask(&test, "zoe@candidate.example", NOWHERE)).await;
        let mail = app.mail_to("zoe@candidate.example").await;
        assert_eq!((mail.from.as_str(), mail.from_name.as_str()), ("invitations@vendor.example", "Acme"));
        assert_eq!(mail.reply_to.as_deref(), Some("recruiter@customer.example"));
        assert_eq!(mail.subject, "Acme invites you: Numbers at work");
        let text = mail.text.replace(mail.link().expect("a link"), "[link]");
        insta::assert_snapshot!("words", text);
        let html = mail.html.expect("HTML");
        assert!(html.contains("Numbers at work") && !html.contains("<script"), "{html}");
    }

    async fn the_assessments_own_words_go_out_filled_in(database: Database) {
        let app = at_a_known_time(database).await;
        let mut test = external("Backend");
        test["email_template"] = json!({
            "subject": "{{organization}}: {{assessment}} for {{first_name}}",
            "body": "Dear {{first_name}},\n\n{{minutes}} minutes, until {{deadline}}.",
        });
        let test = app.publish(test).await;
        app.send(ask(&test, "zoe@candidate.example", NOWHERE)).await;
        let mail = app.mail_to("zoe@candidate.example").await;
        assert_eq!(mail.subject, "Acme: Backend for Zoë");
        let link = mail.link().expect("a link");
        // The link that was left out stands at the end.
        assert!(mail.text.starts_with("Dear Zoë,\n\nunlimited minutes, until "), "{}", mail.text);
        assert!(mail.text.trim_end().ends_with(link), "{}", mail.text);
    }

    async fn names_that_look_like_links_or_markup_stay_text(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let mut body = ask(&test, "zoe@candidate.example", NOWHERE);
        body["candidate"]["first_name"] = json!("<b>Zoë</b>\r\nBcc: all@customer.example https://evil.example/");
        body["sent_by"] = json!("no address\r\nBcc: all@customer.example");
        app.send(body).await;
        let mail = app.mail_to("zoe@candidate.example").await;
        assert_eq!(mail.recipients, ["zoe@candidate.example"]);
        assert!(mail.links.iter().all(|link| link.starts_with(&app.url)), "{:?}", mail.links);
        assert!(!mail.html.expect("HTML").contains("<b>Zoë"));
        assert_eq!(mail.reply_to, None);
    }

    async fn a_relay_that_asks_for_patience_gets_the_mail_once(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(3, Fault::Temporary);
        let interview = sent(&app).await;
        for _ in 0..3 {
            app.idle().await;
            assert!(app.mail.messages().is_empty());
            assert_eq!(app.show(&interview).await["email_state"], "queued");
            app.advance(TimeDelta::seconds(30));
        }
        email_state(&app, &interview, "sent").await;
        assert_eq!(app.mail.messages().len(), 1);
    }

    async fn a_relay_that_is_down_gets_the_mail_when_it_is_back(database: Database) {
        let place = free_place();
        let smtp = format!("smtp://{place}");
        let app = TestApp::start_still(database, &[("MAIL__SMTP_URL", &smtp)]).await;
        let interview = sent(&app).await;
        app.idle().await;
        assert_eq!(app.show(&interview).await["email_state"], "queued");
        let relay = Catcher::start(place, SocketAddr::from(([127, 0, 0, 1], 0))).expect("the relay is back");
        app.advance(TimeDelta::seconds(2));
        email_state(&app, &interview, "sent").await;
        app.idle().await;
        assert_eq!(relay.messages().len(), 1);
    }

    async fn a_mail_whose_answer_is_lost_goes_again_under_the_same_id(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, Fault::Cut);
        let interview = sent(&app).await;
        app.mail_to("zoe@candidate.example").await;
        app.idle().await;
        assert_eq!(app.show(&interview).await["email_state"], "queued");
        app.advance(TimeDelta::seconds(2));
        email_state(&app, &interview, "sent").await;
        let mails = app.mail.messages();
        assert_eq!(mails.len(), 2);
        assert_eq!((&mails[0].message_id, &mails[0].text), (&mails[1].message_id, &mails[1].text));
    }

    async fn an_address_that_the_relay_refuses_is_given_up_with_the_reason(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, Fault::Permanent);
        let interview = sent(&app).await;
        email_state(&app, &interview, "bounced").await;
        let told = app.timeline(&interview).await.pop().expect("entries");
        assert_eq!((&told["type"], &told["detail"]["mail"]), (&json!("mail.bounced"), &json!("invitation")));
        let reason = told["detail"]["reason"].as_str().expect("a reason");
        assert!(reason.contains("550") && !reason.contains('@'), "{reason}");
        app.idle().await;
        app.advance(TimeDelta::days(1));
        app.idle().await;
        assert_eq!((app.mail.messages().len(), app.rows("jobs")), (0, 0));
        // A person corrects it there and sends once more.
        app.command(&interview, "resend", None).await;
        email_state(&app, &interview, "sent").await;
        assert_eq!(app.test_status(&interview).await, json!({ "partner_status": "sent" }));
    }

    async fn after_three_days_of_trouble_the_mail_is_given_up_with_the_reason(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(2, Fault::Temporary);
        let interview = sent(&app).await;
        app.idle().await;
        app.advance(TimeDelta::hours(73));
        email_state(&app, &interview, "failed").await;
        let told = app.timeline(&interview).await.pop().expect("entries");
        let reason = told["detail"]["reason"].as_str().expect("a reason");
        assert!(reason.contains("451"), "{reason}");
    }

    async fn without_a_relay_mail_waits_until_there_is_one(database: Database) {
        let app = TestApp::start_still(database, &[("MAIL__SMTP_URL", "")]).await;
        let interview = sent(&app).await;
        app.idle().await;
        for _ in 0..3 {
            app.advance(TimeDelta::days(2));
            app.idle().await;
        }
        assert_eq!((&app.show(&interview).await["email_state"], app.rows("jobs")), (&json!("queued"), 1));
        let page = Visitor::sign_in(&app).await.page(&format!("/invites/{interview}")).await;
        assert!(page.contains("Mail waits.") && page.contains("Waits until mail is configured."), "{page}");
        let app = app.restart(&[]).await;
        app.advance(TimeDelta::minutes(1));
        let mail = app.mail_to("zoe@candidate.example").await;
        email_state(&app, &interview, "sent").await;
        assert_eq!(mail.link(), app.show(&interview).await["candidate_url"].as_str());
        assert_eq!(app.mail.messages().len(), 1);
    }

    async fn one_candidates_trouble_holds_up_nobody_else(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, Fault::Temporary);
        let interview = sent(&app).await;
        app.idle().await;
        let test = app.publish(external("Another")).await;
        app.send(ask(&test, "kim@candidate.example", "http://127.0.0.1:9/2")).await;
        app.mail_to("kim@candidate.example").await;
        assert_eq!(app.show(&interview).await["email_state"], "queued");
    }

    async fn a_link_in_a_mail_survives_a_restart(database: Database) {
        let app = TestApp::start(database).await;
        sent(&app).await;
        let link = app.mail_to("zoe@candidate.example").await.link().expect("a link").to_owned();
        let app = app.restart(&[]).await;
        assert_eq!(app.http.get(&link).send().await.expect("an answer").status(), 200);
    }
}

async fn at_a_known_time(database: test_support::Database) -> TestApp {
    let moment = "2026-03-02T09:00:00Z".parse().expect("a moment");
    TestApp::start_at(database, std::sync::Arc::new(FixedClock::at(moment)), &[]).await
}

/// Greenhouse sends a test to Zoë.
async fn sent(app: &TestApp) -> String {
    let test = app.publish(external("Backend")).await;
    app.send(ask(&test, "zoe@candidate.example", NOWHERE)).await
}

async fn email_state(app: &TestApp, invite: &str, state: &str) -> Value {
    eventually(&format!("the mail is {state}"), async || {
        let shown = app.show(invite).await;
        (shown["email_state"] == state).then_some(shown)
    })
    .await
}

/// An address at which nobody listens yet.
fn free_place() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound")
}
