//! The candidate is asked, and answers.

use app::revocation;
use chrono::TimeDelta;
use mail::catcher::Fault;
use serde_json::{Value, json};

use super::{becomes, file, interview, page, press, show};
use crate::harness::{TestApp, Visitor, eventually};

const EMAIL: &str = "zoe@candidate.example";

/// Waits until a fact of this name stands on the timeline.
async fn told(app: &TestApp, filed: &Value, name: &str) {
    let id = filed["id"].as_str().expect("an id");
    eventually(&format!("{name} is on the timeline"), async || {
        let (_, told) = app
            .v1("GET", &format!("interviews/{id}/timeline"), None)
            .await;
        let facts = told["data"].as_array().expect("a list");
        facts.iter().any(|fact| fact["type"] == name).then_some(())
    })
    .await;
}

test_support::each_database! {
    async fn the_candidate_reads_who_asks_and_what_is_passed_on_and_says_yes(database: Database) {
        let app = TestApp::start(database).await;
        let filed = file(&app, interview(EMAIL)).await;
        let id = filed["id"].as_str().expect("an id");
        let mail = app.mail_to(EMAIL).await;
        assert_eq!(mail.message_id, format!("<{id}.1.consent@127.0.0.1>"));
        assert_eq!(mail.link(), filed["consent_url"].as_str());
        assert!(mail.text.contains("8 September 2026") && mail.text.contains("Ines Ito"), "{}", mail.text);
        let link = mail.link().expect("a link").to_owned();
        for _ in 0..2 {
            let (status, asks) = page(&app, &link).await;
            assert_eq!(status, 200);
            for told in ["Zoë Nowak", EMAIL, "linkedin.com/in/zoe-nowak", "Technical skills", "Acme", ">Yes<", ">No<"] {
                assert!(asks.contains(told), "{told}: {asks}");
            }
            assert!(!asks.contains("Really good"), "the interviewer's words are theirs to tell");
        }
        assert_eq!(show(&app, &filed).await["state"], "awaiting_candidate", "looking changes nothing");
        let (status, thanks) = press(&app, &link, "yes").await;
        assert_eq!(status, 303);
        assert!(thanks.contains("You said yes"), "{thanks}");
        let blocked = becomes(&app, &filed, "blocked").await;
        assert!(blocked["detail"].as_str().is_some_and(|why| why.contains("Greenhouse is not connected")), "{blocked}");
        assert_eq!(blocked["writebacks"][0]["state"], "blocked");
        assert_eq!(blocked["writebacks"][0]["target"], "greenhouse_note");
        app.stop().await;
    }

    async fn a_no_passes_nothing_on_and_may_be_thought_over(database: Database) {
        let app = TestApp::start(database).await;
        let filed = file(&app, interview(EMAIL)).await;
        let link = filed["consent_url"].as_str().expect("a link").to_owned();
        let (_, said) = press(&app, &link, "no").await;
        assert!(said.contains("You said no"), "{said}");
        assert_eq!(show(&app, &filed).await["state"], "declined");
        press(&app, &link, "yes").await;
        becomes(&app, &filed, "blocked").await;
        let (_, said) = press(&app, &link, "no").await;
        assert!(said.contains("You said no"), "{said}");
        let (_, said) = press(&app, &link, "perhaps").await;
        assert!(said.contains("You said no"), "{said}");
        assert_eq!(show(&app, &filed).await["state"], "declined");
        app.stop().await;
    }

    async fn where_the_interviewer_says_no_nobody_is_asked(database: Database) {
        let app = TestApp::start(database).await;
        let mut no = interview(EMAIL);
        no["advance"] = json!(false);
        let filed = file(&app, no).await;
        assert_eq!((&filed["state"], &filed["consent_url"]), (&json!("not_advanced"), &Value::Null));
        app.idle().await;
        assert!(app.mail.messages().is_empty());
        app.stop().await;
    }

    async fn who_has_answered_already_is_not_asked(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.mail.fail_next(1, Fault::Temporary);
        let filed = file(&app, interview(EMAIL)).await;
        told(&app, &filed, "mail.waits").await;
        let id = filed["id"].as_str().expect("an id");
        let said = app.v1("POST", &format!("interviews/{id}/consent"), Some(json!({ "interested": false }))).await;
        assert_eq!(said.0, 200);
        app.advance(TimeDelta::hours(1));
        told(&app, &filed, "mail.not_sent").await;
        assert!(app.mail.messages().is_empty());
        assert_eq!(show(&app, &filed).await["email_state"], "none");
        app.stop().await;
    }

    async fn a_mail_that_comes_back_is_seen_with_the_interview(database: Database) {
        let app = TestApp::start(database).await;
        let filed = file(&app, interview(EMAIL)).await;
        let mail = app.mail_to(EMAIL).await;
        eventually("the mail is noted", async || {
            (show(&app, &filed).await["email_state"] == "sent").then_some(())
        }).await;
        let notice = mail::reports::Notice {
            message_id: mail.message_id.clone(),
            kind: mail::reports::NoticeKind::Bounced,
            detail: Some("no such mailbox".into()),
        };
        let heard = app.app.write(move |app, conn| app::mails::hear(app, conn, &notice)).await;
        assert!(heard.expect("it is heard"));
        assert_eq!(show(&app, &filed).await["email_state"], "bounced");
        app.stop().await;
    }

    async fn links_that_leaked_are_ended_and_new_ones_work(database: Database) {
        let app = TestApp::start(database).await;
        let filed = file(&app, interview(EMAIL)).await;
        let old = filed["consent_url"].as_str().expect("a link").to_owned();
        revocation::revoke_links(&app.app, app.organization).await.expect("they are ended");
        assert_eq!(page(&app, &old).await.0, 410);
        let new = show(&app, &filed).await["consent_url"].as_str().expect("a link").to_owned();
        assert_ne!(new, old);
        assert_eq!(page(&app, &new).await.0, 200);
        assert_eq!(page(&app, &format!("{}/consent/unknown", app.url)).await.0, 404);
        app.stop().await;
    }

    async fn a_person_who_is_erased_is_gone_from_page_mail_and_api(database: Database) {
        let app = TestApp::start(database).await;
        let filed = file(&app, interview(EMAIL)).await;
        let link = filed["consent_url"].as_str().expect("a link").to_owned();
        press(&app, &link, "yes").await;
        becomes(&app, &filed, "blocked").await;
        let person = filed["candidate"]["id"].as_str().expect("an id");
        let (status, _) = app.v1("DELETE", &format!("candidates/{person}"), None).await;
        assert_eq!(status, 204);
        assert_eq!(page(&app, &link).await.0, 410);
        let left = show(&app, &filed).await;
        assert!(!left.to_string().contains("Zo") && !left.to_string().contains("Ines"), "{left}");
        assert_eq!(left["state"], "blocked");
        app.stop().await;
    }

    async fn a_recruiter_files_one_by_the_form_and_follows_it(database: Database) {
        let app = TestApp::start(database).await;
        let vera = Visitor::sign_in(&app).await;
        assert!(vera.page("/interviews").await.contains("No interviews yet"));
        let fields = |email: &'static str| [
            ("first_name", "Zoë"), ("last_name", "Nowak"), ("email", email),
            ("linkedin_url", ""), ("interviewer_name", "Ines Ito"), ("interviewed_on", "2026-09-08"),
            ("score-name-0", "Technical skills"), ("score-0", "4"), ("score-name-1", "Communication skills"), ("score-1", ""),
            ("comments", "Really good\r\noverall!"), ("advance", "yes"), ("greenhouse_job_id", ""),
        ];
        assert_eq!(vera.fill("/interviews/new", "/interviews/new", &fields("nobody")).await, 422);
        assert_eq!(vera.fill("/interviews/new", "/interviews/new", &fields(EMAIL)).await, 303);
        let (_, listed) = app.v1("GET", "interviews", None).await;
        let filed = listed["data"][0].clone();
        assert_eq!(filed["comments"], "Really good\noverall!");
        assert_eq!(filed["scores"].as_array().map(Vec::len), Some(1));
        assert!(vera.page("/interviews").await.contains("Awaiting candidate"));
        let path = format!("/interviews/{}", filed["id"].as_str().expect("an id"));
        let link = filed["consent_url"].as_str().expect("a link").to_owned();
        assert!(vera.page(&path).await.contains(&link));
        press(&app, &link, "yes").await;
        becomes(&app, &filed, "blocked").await;
        let shown = vera.page(&path).await;
        assert!(shown.contains("Greenhouse is not connected") && shown.contains("Wants to go on."), "{shown}");
        assert_eq!(vera.press(&path, &format!("{path}/try-again")).await, 303);
        becomes(&app, &filed, "blocked").await;
        app.stop().await;
    }
}
