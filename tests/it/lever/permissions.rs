//! A permission that Lever did not grant is named, and what waits for it goes on once it is there.

use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, eventually, external, notes, tags, text};

const ZOE: &str = "zoe@candidate.example";

/// Lever answers 403 to these calls.
fn forbidden(calls: &[&str]) -> Value {
    json!({ "next": { "play": { "kind": "status", "status": 403 }, "calls": calls } })
}

/// Waits until the connection says this, and goes on working.
async fn says(app: &TestApp, words: &str) {
    let said = eventually(words, async || {
        let connection = app.connection("lever").await;
        let says = connection["detail"].as_str()?.contains(words);
        says.then_some(connection)
    })
    .await;
    assert_eq!(said["state"], "connected", "{said}");
}

/// Waits until the connection no longer says this.
async fn says_no_more(app: &TestApp, words: &str) {
    eventually("it is said no more", async || {
        let connection = app.connection("lever").await;
        let says = connection["detail"].as_str().unwrap_or_default();
        (!says.contains(words)).then_some(())
    })
    .await;
}

async fn sweep(app: &TestApp) {
    app::intake::sweep_all(&app.app, domain::ConnectionKind::Lever)
        .await
        .expect("a sweep");
    app.app.db().wake().notify();
    app.idle().await;
}

test_support::each_database! {
    async fn tags_that_may_not_be_changed_are_told_with_the_connection_and_wait(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate(ZOE, &["Rust"]).await;
        employer.play(forbidden(&["add_tags", "remove_tags"])).await;
        employer.move_in(&opportunity).await;
        let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
        let receipt = employer.receipt(&invite, "lever_tags", "blocked").await;
        let words = "does not let us change tags: the permission opportunities:write:admin is missing";
        assert!(receipt["detail"].as_str().is_some_and(|it| it.contains(words)), "{receipt}");
        says(&app, words).await;
        // The candidate has the mail all the same.
        app.mail_to(ZOE).await;
        // The next change finds that it is allowed by now: the first one goes on with it.
        employer.play(json!({})).await;
        let other = employer.candidate("ada@candidate.example", &["Rust"]).await;
        employer.move_in(&other).await;
        employer.shows_tag(&other, "Rust - Invited").await;
        employer.shows_tag(&opportunity, "Rust - Invited").await;
        says_no_more(&app, words).await;
        app.stop().await;
    }

    async fn notes_that_may_not_be_written_go_on_after_a_new_login(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate(ZOE, &["Rust"]).await;
        employer.move_in(&opportunity).await;
        let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
        employer.receipt(&invite, "lever_tags", "sent").await;
        employer.play(forbidden(&["create_note"])).await;
        app.complete(&invite, 60).await;
        let receipt = employer.receipt(&invite, "lever_note", "blocked").await;
        let words = "does not let us write notes: the permission notes:write:admin is missing";
        assert!(receipt["detail"].as_str().is_some_and(|it| it.contains(words)), "{receipt}");
        says(&app, words).await;
        employer.play(json!({})).await;
        employer.log_in().await;
        employer.receipt(&invite, "lever_note", "sent").await;
        says_no_more(&app, words).await;
        assert_eq!(notes(&employer.opportunity(&opportunity).await).len(), 1);
        app.stop().await;
    }

    async fn an_opportunity_that_was_hidden_meanwhile_says_nothing_of_permissions(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate(ZOE, &["Rust"]).await;
        employer.move_in(&opportunity).await;
        let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
        employer.receipt(&invite, "lever_tags", "sent").await;
        app.idle().await;
        employer.on(&opportunity, "PATCH", "", Some(json!({ "confidential": true }))).await;
        app.complete(&invite, 60).await;
        for target in ["lever_tags", "lever_note"] {
            let receipt = employer.receipt(&invite, target, "blocked").await;
            assert!(receipt["detail"].as_str().is_some_and(|it| it.contains("it is confidential, or a permission is missing")), "{receipt}");
        }
        let said = app.connection("lever").await["detail"].clone();
        assert!(!said.as_str().unwrap_or_default().contains("is missing"), "{said}");
        app.stop().await;
    }

    async fn a_sweep_that_may_not_look_is_told_with_the_connection(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        employer.play(forbidden(&["list_opportunities"])).await;
        sweep(&app).await;
        let words = "does not let us look for opportunities that were moved: the permission opportunities:write:admin is missing";
        says(&app, words).await;
        employer.play(json!({})).await;
        sweep(&app).await;
        says_no_more(&app, words).await;
        app.stop().await;
    }

    async fn confidential_opportunities_are_swept_once_the_operator_asks_for_them_and_they_are_granted(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let (hidden, open) = silently(&employer).await;
        sweep(&app).await;
        employer.shows_tag(&open, "Rust - Invited").await;
        assert_eq!(tags(&employer.opportunity(&hidden).await), ["Rust"]);

        // The operator asks for them from now on; the grant is still the one of before.
        let app = app.restart(&[("LEVER__SCOPES", WITH_CONFIDENTIAL)]).await;
        let (_, open) = silently(&employer).await;
        sweep(&app).await;
        let words = "does not let us look for confidential opportunities that were moved: the permission confidential:access:admin is missing";
        says(&app, words).await;
        employer.shows_tag(&open, "Rust - Invited").await;
        assert_eq!(tags(&employer.opportunity(&hidden).await), ["Rust"]);

        employer.log_in().await;
        employer.move_out_and_in(&hidden).await;
        employer.account_control("POST", "deliveries/drop", Some(json!({}))).await;
        sweep(&app).await;
        employer.shows_tag(&hidden, "Rust - Invited").await;
        says_no_more(&app, words).await;
        app.stop().await;
    }
}

/// What the operator asks for, confidential ones too.
const WITH_CONFIDENTIAL: &str = "offline_access,opportunities:write:admin,notes:write:admin,stages:read:admin,tags:read:admin,\
                                 webhooks:write:admin,users:read:admin,postings:read:admin,confidential:access:admin";

/// A confidential and an open opportunity that are moved in, and of which no delivery tells.
async fn silently(employer: &Employer) -> (String, String) {
    let held = json!({ "deliveries_held": true });
    employer.account_control("PATCH", "", Some(held)).await;
    let made = |confidential| json!({ "name": "Zoë Nowak", "emails": [ZOE], "tags": ["Rust"], "confidential": confidential });
    let hidden = employer.candidate_with(made(true)).await;
    let open = employer.candidate_with(made(false)).await;
    employer.move_in(&hidden).await;
    employer.move_in(&open).await;
    employer
        .account_control("POST", "deliveries/drop", Some(json!({})))
        .await;
    (hidden, open)
}
