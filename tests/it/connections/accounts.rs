//! Other accounts, other organizations, and the end of a connection.

use serde_json::{Value, json};

use crate::harness::{LeverAccount, OPERATOR, TestApp, eventually};

/// The grants that are good at Lever.
async fn live_grants(account: &LeverAccount<'_>) -> usize {
    let grants = account.control("GET", "grants", None).await;
    let all = grants["grants"].as_array().expect("grants").clone();
    all.iter().filter(|grant| grant["live"] == true).count()
}

fn only_ours(webhooks: &[Value]) -> Vec<&str> {
    webhooks
        .iter()
        .filter_map(|webhook| webhook["url"].as_str())
        .collect()
}

test_support::each_database! {
    async fn a_grant_for_another_account_is_held_until_an_admin_confirms_it(database: Database) {
        let app = TestApp::start(database).await;
        let first = LeverAccount::create(&app, "First").await;
        let second = LeverAccount::create(&app, "Second").await;
        first.connect().await;
        let (status, page) = second.come_back("accept").await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("Lever is not connected yet") && !page.contains("This is wrong"), "{page}");
        let connection = app.connection("lever").await;
        assert_eq!((&connection["state"], &connection["account"]["id"]), (&json!("connected"), &json!(first.id)));
        assert_eq!(connection["held"]["because"], "another_account");
        assert_eq!(connection["held"]["account"]["id"], second.id);
        let (status, confirmed) = app.v1("POST", "connections/lever/confirm-account", None).await;
        assert_eq!(status, 200, "{confirmed}");
        assert_eq!((&confirmed["account"]["id"], &confirmed["held"]), (&json!(second.id), &Value::Null));
        eventually("our webhook is at the new account", async || {
            (second.webhooks().await.len() == 1).then_some(())
        })
        .await;
        assert_eq!(app.v1("GET", "lever/stages", None).await.0, 200);
        let (status, again) = app.v1("POST", "connections/lever/confirm-account", None).await;
        assert_eq!((status, &again["code"]), (409, &json!("nothing_to_confirm")));
        app.stop().await;
    }

    async fn an_account_that_another_organization_holds_waits_for_the_operator(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Shared").await;
        account.connect().await;
        let (id, key) = app.another_organization("Other").await;
        let (_, page) = account.come_back_for(&key, "accept").await;
        assert!(page.contains("connected to another organization already"), "{page}");
        let (status, refused) = app.v1_as(&key, "POST", "connections/lever/confirm-account", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("operator_decides")));
        let path = format!("organizations/{id}/requests/lever/fulfil");
        let (status, let_through) = app.v1_as(OPERATOR, "POST", &path, None).await;
        assert_eq!(status, 200, "{let_through}");
        assert_eq!((&let_through["state"], &let_through["account"]["id"]), (&json!("connected"), &json!(account.id)));
        eventually("each has its own webhook", async || (account.webhooks().await.len() == 2).then_some(())).await;
        app.stop().await;
    }

    async fn disconnecting_takes_away_what_we_had_there_and_keeps_what_was_chosen(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let stage = account.stage("Assessment").await;
        let (status, chosen) = app.v1("POST", "lever/trigger-stages", Some(json!({ "stage_id": stage }))).await;
        assert_eq!(status, 201, "{chosen}");
        let theirs = json!({ "event": "candidateHired", "url": "https://other.example/hook" });
        account.control("POST", "webhooks", Some(theirs)).await;
        assert_eq!(app.v1("DELETE", "connections/lever", None).await.0, 204);
        let connection = app.connection("lever").await;
        assert_eq!(connection["state"], "disconnected");
        assert_eq!((&connection["account"], &connection["expires_at"]), (&Value::Null, &Value::Null));
        assert_eq!(only_ours(&account.webhooks().await), ["https://other.example/hook"], "others' stay");
        assert_eq!(live_grants(&account).await, 0, "given back");
        assert_eq!(app.database.count("SELECT count(*) FROM grants"), 0);
        assert_eq!(app.v1("GET", "lever/stages", None).await.0, 409);
        assert_eq!(app.v1("DELETE", "connections/lever", None).await.0, 204, "again");
        account.connect().await;
        let (_, stages) = app.v1("GET", "lever/trigger-stages", None).await;
        assert_eq!(stages["data"][0]["stage_id"], stage);
        app.stop().await;
    }

    async fn there_are_never_two_webhooks_of_ours(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let url = app.connection("lever").await["webhook"]["url"].as_str().expect("a URL").to_owned();
        let kept = account.webhooks().await[0]["id"].clone();
        account.connect().await;
        app.idle().await;
        assert_eq!(account.webhooks().await[0]["id"], kept, "found again");
        // As after an answer that was lost: there is one at our address, and we do not hold its token.
        app.database.run_sql("UPDATE connections SET webhook_id = 'lost'");
        account.connect().await;
        let made = eventually("it is replaced", async || {
            let webhooks = account.webhooks().await;
            let made = webhooks.iter().find(|webhook| webhook["id"] != kept).cloned();
            made.filter(|_| webhooks.len() == 1)
        })
        .await;
        assert_eq!(made["url"], url);
        // What a person made there is not ours to delete, and holds nothing up.
        let by_hand = json!({ "event": "candidateStageChange", "url": url });
        account.control("POST", "webhooks", Some(by_hand)).await;
        account.connect().await;
        app.idle().await;
        assert_eq!(account.webhooks().await.len(), 2);
        assert_eq!(app.connection("lever").await["state"], "connected");
        app.stop().await;
    }
}
