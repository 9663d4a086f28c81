//! The note and the tags where something stands in their way.

use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, external, notes, tags, text, times};

const ZOE: &str = "zoe@candidate.example";

test_support::each_database! {
    async fn a_note_whose_answer_is_lost_is_found_and_not_made_twice(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        let lost = json!({ "next": { "play": { "kind": "reset" }, "times": 1, "calls": ["create_note"], "takes_effect": true } });
        employer.play(lost).await;
        app.complete(&invite, 60).await;
        employer.receipt(&invite, "lever_note", "sent").await;
        let there = employer.opportunity(&opportunity).await;
        assert_eq!((notes(&there).len(), &there["writes"]["create_note"]), (1, &json!(1)));
        app.stop().await;
    }

    async fn a_tag_whose_answer_is_lost_is_there_once(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate(ZOE, &["Rust"]).await;
        let lost = json!({ "next": { "play": { "kind": "reset" }, "times": 2, "calls": ["add_tags", "remove_tags"], "takes_effect": true } });
        employer.play(lost).await;
        employer.move_in(&opportunity).await;
        let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
        employer.receipt(&invite, "lever_tags", "sent").await;
        let there = employer.opportunity(&opportunity).await;
        assert_eq!(tags(&there), ["Rust - Invited"]);
        assert_eq!((times(&there, "tag_added", "Rust - Invited"), times(&there, "tag_removed", "Rust")), (1, 1));
        app.stop().await;
    }

    async fn one_refused_access_token_is_no_lost_connection(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        // The one in use, and the one that is fetched in its place.
        let refused = json!({ "next": { "play": { "kind": "status", "status": 401 }, "times": 2, "calls": ["get_opportunity"] } });
        employer.play(refused).await;
        app.command(&invite, "start", None).await;
        employer.shows_tag(&opportunity, "Rust - Started").await;
        assert_eq!(app.connection("lever").await["state"], "connected");
        app.stop().await;
    }

    async fn a_user_who_left_is_no_obstacle(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        let made = json!({ "name": "Gus Leaver", "email": "gus@customer.example", "access_role": "super admin" });
        let user = text(&employer.account_control("POST", "users", Some(made)).await["id"]);
        let settings = json!({ "settings": { "perform_as": user, "note_secret": true } });
        employer.v1("PATCH", "connections/lever", Some(settings)).await;
        app.command(&invite, "start", None).await;
        employer.shows_tag(&opportunity, "Rust - Started").await;
        app.idle().await;
        employer.control("PATCH", &format!("users/{user}"), Some(json!({ "deactivated": true }))).await;
        app.report(&invite, json!({ "score": 60 })).await;
        let receipt = employer.receipt(&invite, "lever_note", "sent").await;
        let detail = receipt["detail"].as_str().expect("words");
        assert!(detail.starts_with("Lever has the note; written in nobody's name"), "{detail}");
        let there = employer.opportunity(&opportunity).await;
        let note = there["notes"].as_array().and_then(|all| all.first()).cloned().expect("a note");
        assert_eq!((&note["secret"], &note["notify_followers"], &note["user_id"]), (&json!(true), &json!(false), &Value::Null));
        app.stop().await;
    }

    async fn an_archived_candidate_still_gets_tag_and_note(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        employer.on(&opportunity, "POST", "/archive", Some(json!({}))).await;
        app.complete(&invite, 60).await;
        employer.receipt(&invite, "lever_note", "sent").await;
        let there = employer.shows_tag(&opportunity, "Rust - Submitted").await;
        assert_eq!(notes(&there).len(), 1);
        app.stop().await;
    }

    async fn a_deleted_candidate_fails_the_write_backs_with_the_reason(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        employer.on(&opportunity, "POST", "/delete", Some(json!({}))).await;
        app.complete(&invite, 60).await;
        for target in ["lever_tags", "lever_note"] {
            let receipt = employer.receipt(&invite, target, "failed").await;
            assert_eq!(receipt["detail"], "the opportunity is gone from Lever: it was deleted or merged");
        }
        assert_eq!(app.show(&invite).await["status"], "completed", "the candidate's result is ours");
        app.stop().await;
    }

    async fn a_renamed_assessment_s_old_status_tag_is_found(database: Database) {
        let app = TestApp::start(database).await;
        let (employer, opportunity, invite) = invited(&app).await;
        let assessment = text(&app.show(&invite).await["assessment"]["id"]);
        let renamed = app.v1("PATCH", &format!("assessments/{assessment}"), Some(json!({ "title": "Rust, the long way" }))).await;
        assert_eq!(renamed.0, 200);
        app.command(&invite, "start", None).await;
        employer.shows_tag(&opportunity, "Rust - Started").await;
        app.idle().await;
        assert_eq!(tags(&employer.opportunity(&opportunity).await), ["Rust - Started"]);
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
    (employer, opportunity, invite)
}
