//! Opportunities that come back into the trigger stage.

use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, eventually, external, tags, text};

const ZOE: &str = "zoe@candidate.example";

test_support::each_database! {
    async fn coming_back_with_the_status_tag_sends_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, _) = invited(&app).await;
        employer.move_out_and_in(&opportunity).await;
        let said = "This opportunity already has an invite to \"Rust\".";
        detail(&employer, &opportunity, said).await;
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mails_to(ZOE)), (1, 1));
        app.stop().await;
    }

    async fn the_plain_title_put_back_sends_the_open_link_again(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        employer.retag(&opportunity, &["Rust - Invited"], &["Rust"]).await;
        employer.move_out_and_in(&opportunity).await;
        let resent = employer.decided(&opportunity, "resent").await;
        assert_eq!(resent["invite_id"], invite);
        employer.shows_tag(&opportunity, "Rust - Invited").await;
        app.idle().await;
        assert_eq!(tags(&employer.opportunity(&opportunity).await), ["Rust - Invited"]);
        assert_eq!((app.rows("invites"), app.mails_to(ZOE)), (1, 2));
        app.stop().await;
    }

    async fn the_plain_title_put_back_outlasts_what_the_candidate_does_meanwhile(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, first) = invited(&app).await;
        employer.retag(&opportunity, &["Rust - Invited"], &["Rust"]).await;
        app.complete(&first, 60).await;
        employer.receipt(&first, "lever_note", "sent").await;
        employer.shows_tag(&opportunity, "Rust - Submitted").await;
        app.idle().await;
        let there = employer.opportunity(&opportunity).await;
        assert!(tags(&there).contains(&"Rust".to_owned()), "{there}");
        employer.retag(&opportunity, &["Rust - Submitted"], &[]).await;
        employer.move_out_and_in(&opportunity).await;
        employer.shows_tag(&opportunity, "Rust - Invited").await;
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mails_to(ZOE)), (2, 2));
        app.stop().await;
    }

    async fn the_plain_title_put_back_after_the_end_invites_anew(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, first) = invited(&app).await;
        app.complete(&first, 60).await;
        employer.receipt(&first, "lever_note", "sent").await;
        employer.shows_tag(&opportunity, "Rust - Submitted").await;
        app.idle().await;
        employer.retag(&opportunity, &["Rust - Submitted"], &["Rust"]).await;
        employer.move_out_and_in(&opportunity).await;
        let second = eventually("there is a second invite", async || {
            let entries = employer.activity(&opportunity).await;
            let other = |it: &Value| it["decision"] == "invited" && it["invite_id"] != first.as_str();
            entries.into_iter().find(other)
        })
        .await;
        let second = text(&second["invite_id"]);
        employer.shows_tag(&opportunity, "Rust - Invited").await;
        // What becomes of the first one is its note's business, and no longer that of the tags.
        app.report(&first, json!({ "score": 70 })).await;
        app.idle().await;
        let there = employer.opportunity(&opportunity).await;
        assert_eq!(tags(&there), ["Rust - Invited"]);
        assert_eq!((app.rows("invites"), app.mails_to(ZOE)), (2, 2));
        assert_eq!(app.show(&second).await["status"], "invited");
        let notes = crate::harness::notes(&there);
        assert!(notes.len() == 1 && notes[0].contains("70 of 100"), "{notes:?}");
        app.stop().await;
    }

    async fn a_title_inherited_from_the_posting_never_invites_twice(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        employer.account_control("PATCH", "", Some(json!({ "posting_tags": "live" }))).await;
        let posting = employer.account_control("POST", "postings", Some(json!({ "text": "Engineer", "tags": ["Rust"] }))).await;
        let body = json!({ "name": "Zoë Nowak", "emails": [ZOE], "posting_id": posting["id"] });
        let opportunity = employer.candidate_with(body).await;
        employer.move_in(&opportunity).await;
        let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
        let receipt = employer.receipt(&invite, "lever_tags", "sent").await;
        assert_eq!(receipt["detail"], "Lever shows \"Rust - Invited\"; \"Rust\" stays, since it comes from the posting");
        app.complete(&invite, 60).await;
        employer.shows_tag(&opportunity, "Rust - Submitted").await;
        app.idle().await;
        let removals = employer.opportunity(&opportunity).await["writes"]["remove_tags"].clone();
        employer.retag(&opportunity, &["Rust - Submitted"], &[]).await;
        employer.move_out_and_in(&opportunity).await;
        let entry = eventually("it is said", async || {
            let entries = employer.activity(&opportunity).await;
            entries.into_iter().find(|it| it["reason"] == "inherited_tag")
        })
        .await;
        assert!(entry["detail"].as_str().is_some_and(|it| it.starts_with("The tag \"Rust\" is inherited")), "{entry}");
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mails_to(ZOE)), (1, 1));
        // One try at the inherited tag, then one removal of a status tag for each step.
        assert!(removals.as_u64().is_some_and(|many| many <= 3), "no loop: {removals}");
        app.stop().await;
    }
}

/// Somebody who was invited to "Rust", with the tags in place; the employer, the opportunity and the invite.
async fn invited(app: &TestApp) -> (Employer, String, String) {
    app.publish(external("Rust")).await;
    let employer = Employer::connect(app).await;
    let opportunity = employer.candidate(ZOE, &["Rust"]).await;
    employer.move_in(&opportunity).await;
    let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
    employer.receipt(&invite, "lever_tags", "sent").await;
    app.mail_to(ZOE).await;
    (employer, opportunity, invite)
}

async fn detail(employer: &Employer, opportunity: &str, words: &str) {
    eventually(words, async || {
        let entries = employer.activity(opportunity).await;
        entries.iter().any(|it| it["detail"] == words).then_some(())
    })
    .await;
}
