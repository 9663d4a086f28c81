//! The whole story: a tag, a move, a mail, a sitting, a note.

use serde_json::json;

use crate::harness::{Employer, TestApp, external, notes, tags, text, times};

test_support::each_database! {
    async fn a_candidate_goes_from_a_tag_to_a_note(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Rust Basics")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate("zoe@candidate.example", &["Rust Basics", "Lisbon"]).await;
        employer.move_in(&opportunity).await;

        let invited = employer.decided(&opportunity, "invited").await;
        let invite = text(&invited["invite_id"]);
        assert_eq!(invited["detail"], "Invited, by the tag \"Rust Basics\".");
        app.mail_to("zoe@candidate.example").await;
        let shown = app.show(&invite).await;
        assert_eq!((&shown["origin"], &shown["assessment"]["id"]), (&json!("lever"), &json!(test)));
        assert_eq!(shown["candidate"]["first_name"], "Zoë");
        assert_eq!(shown["ats"]["opportunity_id"], opportunity);
        employer.receipt(&invite, "lever_tags", "sent").await;
        let there = employer.opportunity(&opportunity).await;
        assert_eq!(sorted(tags(&there)), ["Lisbon", "Rust Basics - Invited"]);

        app.command(&invite, "start", None).await;
        employer.shows_tag(&opportunity, "Rust Basics - Started").await;
        app.command(&invite, "submit", None).await;
        employer.shows_tag(&opportunity, "Rust Basics - Submitted").await;
        employer.receipt(&invite, "lever_note", "sent").await;
        let there = employer.opportunity(&opportunity).await;
        let first = notes(&there);
        assert_eq!(first.len(), 1);
        assert!(first[0].contains("Result: to follow") && first[0].ends_with(&format!("ref: {invite}")), "{}", first[0]);

        let result = json!({ "score": 41, "max_score": 50, "recommendation": "yes" });
        app.report(&invite, result).await;
        app.idle().await;
        let there = employer.opportunity(&opportunity).await;
        let after = notes(&there);
        assert_eq!(after.len(), 1, "the same note, written anew");
        assert!(after[0].contains("Result: 82 of 100\nRecommendation: Yes\n"), "{}", after[0]);
        assert!(after[0].contains(&format!("{}/results/{invite}?grant=", app.url)), "{}", after[0]);
        assert_eq!(sorted(tags(&there)), ["Lisbon", "Rust Basics - Submitted"]);
        for (what, tag) in [
            ("tag_added", "Rust Basics - Invited"),
            ("tag_removed", "Rust Basics"),
            ("tag_added", "Rust Basics - Started"),
            ("tag_removed", "Rust Basics - Invited"),
            ("tag_added", "Rust Basics - Submitted"),
            ("tag_removed", "Rust Basics - Started"),
        ] {
            assert_eq!(times(&there, what, tag), 1, "{what} {tag}");
        }
        assert_eq!(app.mails_to("zoe@candidate.example"), 1);
        let listed = app.v1("GET", "connections", None).await.1;
        let lever = listed["data"].as_array().expect("a list").iter().find(|it| it["kind"] == "lever").cloned();
        assert_eq!(lever.expect("a card")["webhook"]["state"], "receiving");
        app.stop().await;
    }

    async fn each_tagged_assessment_invites_for_itself(database: Database) {
        let app = TestApp::start(database).await;
        for title in ["Rust", "Go"] {
            app.publish(external(title)).await;
        }
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate("zoe@candidate.example", &["rust", "Go"]).await;
        employer.move_in(&opportunity).await;
        employer.shows_tag(&opportunity, "Go - Invited").await;
        employer.shows_tag(&opportunity, "Rust - Invited").await;
        app.idle().await;
        let there = employer.opportunity(&opportunity).await;
        assert_eq!(sorted(tags(&there)), ["Go - Invited", "Rust - Invited"], "the tag as it was found is gone");
        assert_eq!(app.mails_to("zoe@candidate.example"), 2);
        let invites = app.v1("GET", "invites?origin=lever", None).await.1;
        let people: Vec<_> = invites["data"].as_array().expect("a list").iter().map(|it| it["candidate"]["id"].clone()).collect();
        assert_eq!((people.len(), &people[0]), (2, &people[1]), "one person");
        app.stop().await;
    }
}

fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags
}
