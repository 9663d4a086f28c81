//! The same `url` again: the same invite, another in its place, or a conflict.

use serde_json::{Value, json};

use super::greenhouse::{Greenhouse, body, url};
use crate::harness::{TestApp, external};

test_support::each_database! {
    async fn the_same_ask_again_is_the_same_invite_whatever_became_of_it(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        for (number, life) in [
            &[][..],
            &["start"],
            &["start", "submit"],
            &["start", "result"],
            &["cancel"],
            &["expire"],
            &["start", "reset"],
        ]
        .iter()
        .enumerate()
        {
            let (number, email) = (u32::try_from(number).expect("few"), format!("zoe{number}@candidate.example"));
            let interview = greenhouse.send_test(&test, &email, &url(number)).await.interview();
            for step in *life {
                go(&app, &interview, step).await;
            }
            let before = app.show(&interview).await;
            let shouted = email.to_uppercase();
            for email in [&email, &shouted] {
                let again = greenhouse.send_test(&test, email, &url(number)).await.interview();
                assert_eq!(again, interview, "{life:?}");
            }
            app.idle().await;
            // The mail may have gone out in between; a second one may not.
            let mut after = app.show(&interview).await;
            after["email_state"] = before["email_state"].clone();
            assert_eq!(after, before, "{life:?}");
            let mails = app.mail.messages();
            assert!(mails.iter().filter(|mail| mail.recipients == [email.clone()]).count() <= 1, "{life:?}");
        }
        assert_eq!(app.rows("invites"), 7);
    }

    async fn an_archived_test_does_not_change_what_was_asked_before(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let interview = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        let (status, _) = app.v1("POST", &format!("assessments/{test}/archive"), None).await;
        assert_eq!(status, 200);
        let again = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await;
        assert_eq!(again.interview(), interview);
        let new = greenhouse.send_test(&test, "zoe@candidate.example", &url(2)).await;
        assert_eq!(new.refusal(), (404, "not_found".to_owned()));
    }

    async fn another_address_before_the_start_takes_the_invites_place(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let old = greenhouse.send_test(&test, "zeo@candidate.example", &url(1)).await.interview();
        let old_link = app.mail_to("zeo@candidate.example").await.link().expect("a link").to_owned();

        let new = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        assert_ne!(new, old);
        let new_link = app.mail_to("zoe@candidate.example").await.link().expect("a link").to_owned();
        assert_eq!(visit(&app, &old_link).await, 410);
        assert_eq!(visit(&app, &new_link).await, 200);
        assert_eq!(greenhouse.status(&old).await.partner_status, "cancelled");
        assert_eq!(greenhouse.status(&new).await.partner_status, "sent");
        assert_eq!(app.show(&old).await["status"], "cancelled");

        let again = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await;
        assert_eq!(again.interview(), new);
        // Every later call is held against the live one: the first address is now another's place.
        let third = greenhouse.send_test(&test, "zeo@candidate.example", &url(1)).await.interview();
        assert!(third != old && third != new);
        assert_eq!(greenhouse.status(&new).await.partner_status, "cancelled");
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 3);
    }

    async fn another_test_before_the_start_takes_the_invites_place(database: Database) {
        let app = TestApp::start(database).await;
        let (one, other) = (app.publish(external("One")).await, app.publish(external("Other")).await);
        let greenhouse = Greenhouse::of(&app);
        let old = greenhouse.send_test(&one, "zoe@candidate.example", &url(1)).await.interview();
        let new = greenhouse.send_test(&other, "zoe@candidate.example", &url(1)).await.interview();
        assert_ne!(new, old);
        assert_eq!(app.show(&old).await["status"], "cancelled");
        let shown = app.show(&new).await;
        assert_eq!((&shown["status"], &shown["assessment"]["title"]), (&json!("invited"), &json!("Other")));
    }

    async fn another_address_or_test_after_the_start_is_a_conflict(database: Database) {
        let app = TestApp::start(database).await;
        let (one, other) = (app.publish(external("One")).await, app.publish(external("Other")).await);
        let greenhouse = Greenhouse::of(&app);
        let live = greenhouse.send_test(&one, "zoe@candidate.example", &url(1)).await.interview();
        for step in ["start", "submit", "result"] {
            go(&app, &live, step).await;
            let before = app.show(&live).await;
            for (test, email) in [(&one, "kim@candidate.example"), (&other, "zoe@candidate.example")] {
                let refused = greenhouse.send_test(test, email, &url(1)).await;
                assert_eq!(refused.refusal(), (409, "conflict".to_owned()), "after {step}");
            }
            assert_eq!(app.show(&live).await["status"], before["status"]);
        }
        assert_eq!(app.rows("invites"), 1);
    }

    async fn a_reset_invite_was_started_once_and_keeps_its_url(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let live = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        go(&app, &live, "start").await;
        go(&app, &live, "reset").await;
        let again = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await;
        assert_eq!(again.interview(), live);
    }

    async fn another_url_is_another_invite_for_the_same_person(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let greenhouse = Greenhouse::of(&app);
        let one = greenhouse.send_test(&test, "zoe@candidate.example", &url(1)).await.interview();
        let other = greenhouse.send_test(&test, "Zoe@Candidate.Example", &url(2)).await.interview();
        assert_ne!(one, other);
        let (one, other) = (app.show(&one).await, app.show(&other).await);
        assert_eq!(one["candidate"]["id"], other["candidate"]["id"]);
        assert_eq!(other["candidate"]["email"], "Zoe@Candidate.Example");
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 2);
    }

    async fn without_a_url_profile_and_test_name_the_ask(database: Database) {
        let app = TestApp::start(database).await;
        let (one, other) = (app.publish(external("One")).await, app.publish(external("Other")).await);
        let greenhouse = Greenhouse::of(&app);
        let ask = |test: &str, email: &str| without_url(body(test, email, ""));
        let first = greenhouse.send(&ask(&one, "zoe@candidate.example")).await.interview();
        let again = greenhouse.send(&ask(&one, "ZOE@candidate.example")).await.interview();
        assert_eq!(again, first);
        let second = greenhouse.send(&ask(&other, "zoe@candidate.example")).await.interview();
        assert_ne!(second, first);
        assert_eq!(app.show(&first).await["status"], "invited");
        let moved = greenhouse.send(&ask(&one, "kim@candidate.example")).await.interview();
        assert_ne!(moved, first);
        assert_eq!(app.show(&first).await["status"], "cancelled");
        // Nobody waits to be told of it.
        app.complete(&moved, 80).await;
        app.idle().await;
        let shown = app.show(&moved).await;
        assert_eq!((&shown["status"], &shown["writebacks"]), (&json!("completed"), &json!([])));
        assert_eq!(greenhouse.status(&moved).await.partner_score, Some(80.0));
    }

    async fn without_a_url_and_a_profile_nothing_names_the_ask(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let mut ask = without_url(body(&test, "zoe@candidate.example", ""));
        ask["candidate"]["greenhouse_profile_url"] = Value::Null;
        let refused = Greenhouse::of(&app).send(&ask).await;
        assert_eq!(refused.refusal(), (422, "unprocessable".to_owned()));
        assert_eq!(app.rows("invites"), 0);
    }
}

fn without_url(mut ask: Value) -> Value {
    ask.as_object_mut().expect("an object").remove("url");
    ask
}

/// One step of an invite's life.
async fn go(app: &TestApp, invite: &str, step: &str) {
    match step {
        "result" => drop(app.report(invite, json!({ "score": 80 })).await),
        "expire" => app.advance(chrono::TimeDelta::days(15)),
        verb => drop(app.command(invite, verb, None).await),
    }
    app.idle().await;
}

async fn visit(app: &TestApp, link: &str) -> u16 {
    app.http
        .get(link)
        .send()
        .await
        .expect("an answer")
        .status()
        .as_u16()
}
