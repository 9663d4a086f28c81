//! Deliveries that come twice, late, in disorder, or from somebody else.

use serde_json::{Value, json};

use crate::harness::{Employer, TestApp, eventually, external, read};

test_support::each_database! {
    async fn a_delivery_that_comes_again_and_again_has_one_effect(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let opportunity = employer.candidate("zoe@candidate.example", &["Rust"]).await;
        employer.account_control("PATCH", "", Some(json!({ "delivery_copies": 3 }))).await;
        employer.move_in(&opportunity).await;
        employer.decided(&opportunity, "invited").await;
        let first = delivered(&employer, &opportunity, 3).await[0].clone();
        let number = &first["id"];
        employer.control("POST", &format!("deliveries/{number}/duplicate"), Some(json!({ "copies": 5 }))).await;
        for token in ["same", "new"] {
            let rerun = employer.control("POST", &format!("deliveries/{number}/rerun"), Some(json!({ "token": token }))).await;
            assert_eq!(rerun["attempts"][0]["status"], 200, "{rerun}");
        }
        app.idle().await;
        assert_eq!(app.mails_to("zoe@candidate.example"), 1);
        assert_eq!(app.rows("invites"), 1);
        let entries = employer.activity(&opportunity).await;
        let received = entries.iter().filter(|it| it["decision"] == "received").count();
        assert!((2..=4).contains(&received), "each token is kept once: {received}");
        assert!(entries.iter().any(|it| it["detail"] == "This opportunity already has an invite to \"Rust\"."), "{entries:?}");
        app.stop().await;
    }

    async fn a_move_there_and_back_in_any_order_invites_nobody(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        employer.account_control("PATCH", "", Some(json!({ "deliveries_held": true }))).await;
        let opportunity = employer.candidate("zoe@candidate.example", &["Rust"]).await;
        employer.move_in(&opportunity).await;
        employer.move_to(&opportunity, "offer").await;
        employer.account_control("POST", "deliveries/release", Some(json!({ "order": "reversed" }))).await;
        let entry = until(&employer, &opportunity, "moved_on").await;
        assert_eq!(entry["detail"], "By the time Baton looked, the opportunity was no longer in a trigger stage.");
        let entry = until(&employer, &opportunity, "not_a_trigger_stage").await;
        assert_eq!(entry["detail"], "It was moved into a stage that is not a trigger stage.");
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mail.messages().len()), (0, 0));
        app.stop().await;
    }

    async fn what_is_not_signed_is_refused_and_changes_nothing(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let waiting = employer.candidate("zoe@candidate.example", &["Rust"]).await;
        let data = json!({ "opportunityId": waiting, "toStageId": employer.stage, "fromStageId": "lead-new" });
        let webhook = webhook(&employer).await;
        for signature in ["wrong", "absent"] {
            let forged = json!({ "data": data, "signature": signature });
            let sent = employer.control("POST", &format!("webhooks/{webhook}/forge"), Some(forged)).await;
            assert_eq!(sent["attempts"][0]["status"], 401, "{sent}");
        }
        // A genuine token under other data: the data is not believed, the API is asked.
        let genuine = employer.candidate("ada@candidate.example", &["Rust"]).await;
        employer.account_control("PATCH", "", Some(json!({ "deliveries_held": true }))).await;
        employer.move_in(&genuine).await;
        let forged = json!({ "data": data, "signature": "genuine" });
        let sent = employer.control("POST", &format!("webhooks/{webhook}/forge"), Some(forged)).await;
        assert_eq!(sent["attempts"][0]["status"], 200, "{sent}");
        let entry = until(&employer, &waiting, "moved_on").await;
        assert_eq!(entry["decision"], "nothing");
        app.idle().await;
        assert_eq!((app.rows("invites"), app.mail.messages().len()), (0, 0));
        app.stop().await;
    }

    async fn an_unknown_address_and_a_wrong_signature_are_answered_alike(database: Database) {
        let app = TestApp::start(database).await;
        let employer = Employer::connect(&app).await;
        let listed = app.v1("GET", "connections", None).await.1;
        let lever = listed["data"].as_array().expect("a list").iter().find(|it| it["kind"] == "lever").cloned();
        let id = lever.expect("a card")["id"].as_str().expect("an id").to_owned();
        let body = json!({ "event": "candidateStageChange", "triggeredAt": 1_790_000_000_123_i64, "token": "t", "signature": "ab",
            "data": { "opportunityId": "o", "toStageId": employer.stage } });
        let unsigned = json!({ "event": "candidateStageChange", "triggeredAt": 1, "token": "t", "data": {} });
        let mut answers = Vec::new();
        for address in [&id, "01920000-0000-7000-8000-000000000000", "nobody"] {
            for body in [&body, &unsigned, &json!({}), &json!([1])] {
                answers.push(post(&app, address, body).await);
            }
        }
        assert_eq!(answers[0].0, 401);
        let plain = |answer: &(u16, Value)| (answer.0, answer.1["detail"].clone(), answer.1["code"].clone());
        assert!(answers.iter().all(|answer| plain(answer) == plain(&answers[0])), "{answers:?}");
        assert_eq!((app.rows("inbox"), app.rows("activities")), (0, 0));
        app.stop().await;
    }

    async fn lever_s_test_button_and_other_events_are_answered_and_said(database: Database) {
        let app = TestApp::start(database).await;
        let employer = Employer::connect(&app).await;
        let webhook = webhook(&employer).await;
        let tested = employer.control("POST", &format!("webhooks/{webhook}/test"), None).await;
        assert_eq!(tested["attempts"][0]["status"], 200, "{tested}");
        let other = json!({ "event": "candidateHired", "data": { "opportunityId": "o-1" }, "signature": "genuine" });
        let sent = employer.control("POST", &format!("webhooks/{webhook}/forge"), Some(other)).await;
        assert_eq!(sent["attempts"][0]["status"], 200, "{sent}");
        let listed = app.v1("GET", "connections/lever/activity", None).await.1;
        let entries = listed["data"].as_array().expect("a list");
        assert_eq!((&entries[1]["decision"], &entries[1]["source"]), (&json!("test"), &json!("webhook")));
        assert_eq!((&entries[0]["reason"], &entries[0]["event"]), (&json!("other_event"), &json!("candidateHired")));
        assert_eq!(app.v1("GET", "connections/nothing/activity", None).await.0, 404);
        app.stop().await;
    }
}

async fn webhook(employer: &Employer) -> String {
    let there = employer.account_control("GET", "webhooks", None).await;
    there["webhooks"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn post(app: &TestApp, address: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/webhooks/lever/{address}", app.url);
    let answer = app.http.post(url).json(body).send().await;
    read(answer.expect("an answer")).await
}

/// Waits until so many deliveries have arrived.
async fn delivered(employer: &Employer, opportunity: &str, many: usize) -> Vec<Value> {
    eventually("all are delivered", async || {
        let all = employer.deliveries(opportunity).await;
        let arrived = all.iter().filter(|it| it["state"] == "delivered").count();
        (arrived >= many).then_some(all)
    })
    .await
}

/// Waits until the activity about an opportunity gives this reason.
async fn until(employer: &Employer, opportunity: &str, reason: &str) -> Value {
    eventually(&format!("the reason is {reason}"), async || {
        let entries = employer.activity(opportunity).await;
        entries.into_iter().find(|it| it["reason"] == reason)
    })
    .await
}
