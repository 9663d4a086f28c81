//! A Lever that fails again and again is left alone, and found again when it answers.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, eventually, external, text};

/// What waits has to say so.
const LEFT_ALONE: &str = "Lever has failed at least 10 times in a row";

/// Lever answers 500 to every call about an opportunity.
fn broken() -> Value {
    let calls = [
        "get_opportunity",
        "add_tags",
        "remove_tags",
        "create_note",
        "list_notes",
    ];
    json!({ "next": { "play": { "kind": "status", "status": 500 }, "calls": calls } })
}

/// Waits until Lever was asked for opportunities so many times in all, and nothing more is due.
async fn asked(app: &TestApp, employer: &Employer, many: u64) {
    eventually("Lever is asked", async || {
        (count(employer).await >= many).then_some(())
    })
    .await;
    app.idle().await;
    assert_eq!(count(employer).await, many);
}

async fn count(employer: &Employer) -> u64 {
    let seen = employer.account_control("GET", "allowance", None).await;
    seen["calls_by_name"]["get_opportunity"]
        .as_u64()
        .unwrap_or(0)
}

/// What the connection says.
async fn detail(app: &TestApp) -> String {
    let detail = app.connection("lever").await["detail"].clone();
    detail.as_str().unwrap_or_default().to_owned()
}

/// One more candidate, who is moved into the trigger stage.
async fn moved(employer: &Employer, number: usize) -> String {
    let email = format!("candidate-{number}@candidate.example");
    let opportunity = employer.candidate(&email, &["Rust"]).await;
    employer.move_in(&opportunity).await;
    opportunity
}

test_support::each_database! {
    async fn after_ten_failures_in_a_row_one_call_at_a_time_sees_whether_lever_answers_again(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let sitting = moved(&employer, 100).await;
        let invite = text(&employer.decided(&sitting, "invited").await["invite_id"]);
        employer.receipt(&invite, "lever_tags", "sent").await;
        app.idle().await;
        employer.account_control("DELETE", "allowance", None).await;
        employer.play(broken()).await;
        let mut waiting = Vec::new();
        for number in 0..10 {
            waiting.push(moved(&employer, number).await);
            asked(&app, &employer, u64::try_from(number).expect("a number") + 1).await;
        }
        // Whatever comes now is not tried at all, and says why.
        waiting.push(moved(&employer, 10).await);
        app.command(&invite, "start", None).await;
        let receipt = employer.receipt(&invite, "lever_tags", "retrying").await;
        assert!(receipt["detail"].as_str().is_some_and(|it| it.contains(LEFT_ALONE)), "{receipt}");
        asked(&app, &employer, 10).await;
        assert!(detail(&app).await.contains(LEFT_ALONE), "{}", detail(&app).await);
        assert_eq!(app.connection("lever").await["state"], "connected");

        // One try after half a minute, the next after a whole one.
        app.advance(TimeDelta::seconds(29));
        asked(&app, &employer, 10).await;
        app.advance(TimeDelta::seconds(1));
        asked(&app, &employer, 11).await;
        app.advance(TimeDelta::seconds(59));
        asked(&app, &employer, 11).await;
        employer.play(json!({})).await;
        app.advance(TimeDelta::seconds(1));
        for opportunity in &waiting {
            employer.shows_tag(opportunity, "Rust - Invited").await;
        }
        employer.shows_tag(&sitting, "Rust - Started").await;
        app.idle().await;
        assert!(!detail(&app).await.contains(LEFT_ALONE), "{}", detail(&app).await);
        assert_eq!((app.rows("circuits"), app.rows("invites")), (0, 12));
        app.stop().await;
    }

    async fn write_backs_that_fail_count_as_well(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let mut invites = Vec::new();
        for number in 0..11 {
            let opportunity = moved(&employer, number).await;
            let invite = text(&employer.decided(&opportunity, "invited").await["invite_id"]);
            employer.receipt(&invite, "lever_tags", "sent").await;
            invites.push(invite);
        }
        app.idle().await;
        employer.account_control("DELETE", "allowance", None).await;
        employer.play(broken()).await;
        for (number, invite) in invites.iter().enumerate() {
            app.command(invite, "start", None).await;
            employer.receipt(invite, "lever_tags", "retrying").await;
            app.idle().await;
            let tried = u64::try_from(number + 1).expect("a number");
            assert_eq!(count(&employer).await, tried.min(10));
        }
        employer.play(json!({})).await;
        app.advance(TimeDelta::seconds(30));
        for invite in &invites {
            employer.receipt(invite, "lever_tags", "sent").await;
        }
        app.idle().await;
        assert_eq!(app.rows("circuits"), 0);
        app.stop().await;
    }
}
