//! Other accounts, other organizations, and the end of a connection.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use storage::DatabaseUrl;

use crate::harness::{LeverAccount, OPERATOR, TestApp, authorize_url, eventually};

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

/// A connection that was moved from the first account to the second.
async fn moved(app: &TestApp) -> (LeverAccount<'_>, LeverAccount<'_>) {
    let first = LeverAccount::create(app, "First").await;
    first.connect().await;
    let second = move_to_another(app).await;
    (first, second)
}

/// Moves the connection to another account, which an admin confirms.
async fn move_to_another(app: &TestApp) -> LeverAccount<'_> {
    let another = LeverAccount::create(app, "Another").await;
    another.come_back("accept").await;
    let (status, confirmed) = app
        .v1("POST", "connections/lever/confirm-account", None)
        .await;
    assert_eq!(status, 200, "{confirmed}");
    another
}

/// Waits until the activity says what became of the account of before.
async fn left(app: &TestApp) -> Value {
    eventually("it is said that the account is left", async || {
        let (_, listed) = app.v1("GET", "connections/lever/activity", None).await;
        let all = listed["data"].as_array()?.clone();
        all.into_iter().find(|it| it["source"] == "connection")
    })
    .await
}

/// On PostgreSQL, holds up whoever keeps a grant until two wait for that: neither has seen what the other keeps. On SQLite one comes
/// after the other in any case.
async fn hold_up_two(app: &TestApp) -> tokio::task::JoinHandle<()> {
    let DatabaseUrl::Postgres(url) = app.database.url() else {
        return tokio::spawn(async {});
    };
    let database = test_support::Database::of_another(DatabaseUrl::Postgres(url.clone()));
    let held_up = tokio::task::spawn_blocking(move || {
        database.run_sql(
            "BEGIN; LOCK TABLE grants IN EXCLUSIVE MODE; \
             DO $$ BEGIN \
                 WHILE clock_timestamp() < now() + interval '20 seconds' AND \
                     (SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN \
                         (SELECT pid FROM pg_stat_activity WHERE datname = current_database())) < 2 \
                 LOOP PERFORM pg_stat_clear_snapshot(); END LOOP; \
             END $$; COMMIT",
        );
    });
    let held = "SELECT count(*) FROM pg_locks WHERE relation = 'grants'::regclass AND mode = 'ExclusiveLock' AND granted";
    test_support::until("the grants are held up", || app.database.count(held) == 1).await;
    held_up
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

    async fn the_account_of_before_is_left_once_another_is_confirmed(database: Database) {
        let app = TestApp::start(database).await;
        let (first, second) = moved(&app).await;
        eventually("nothing of ours is in the first account", async || {
            let gone = first.webhooks().await.is_empty() && live_grants(&first).await == 0;
            (gone && app.rows("partings") == 0).then_some(())
        })
        .await;
        eventually("our webhook is in the second", async || (second.webhooks().await.len() == 1).then_some(())).await;
        assert_eq!(live_grants(&second).await, 1);
        let said = left(&app).await;
        assert_eq!(said["decision"], "left", "{said}");
        assert!(said["detail"].as_str().is_some_and(|it| it.contains(&first.id)), "{said}");
        let log = app.v1("GET", "audit-events", None).await.1;
        let entries = log["data"].as_array().expect("a list");
        let entry = entries.iter().find(|it| it["action"] == "connection.account_left");
        assert_eq!(entry.expect("an entry")["detail"]["account"], first.id, "{log}");
        app.stop().await;
    }

    async fn an_account_that_does_not_answer_is_left_when_it_does(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let away = json!({ "next": { "play": { "kind": "status", "status": 503 }, "calls": ["list_webhooks", "revoke"] } });
        let first = LeverAccount::create(&app, "First").await;
        first.connect().await;
        first.control("PUT", "faults", Some(away)).await;
        let second = move_to_another(&app).await;
        eventually("it is tried", async || {
            let tried = "SELECT count(*) FROM jobs WHERE kind = 'lever_leave_account' AND last_error IS NOT NULL";
            (app.database.count(tried) == 1).then_some(())
        })
        .await;
        assert_eq!((first.webhooks().await.len(), live_grants(&first).await, app.rows("partings")), (1, 1, 1));
        assert_eq!(app.connection("lever").await["account"]["id"], second.id, "the other one is used meanwhile");
        // The access that was kept for it is over by then, and another is fetched.
        first.control("PUT", "faults", Some(json!({}))).await;
        app.control("POST", "clock", Some(json!({ "advance_seconds": 7200 }))).await;
        app.advance(TimeDelta::seconds(7200));
        assert_eq!(left(&app).await["decision"], "left");
        assert_eq!((first.webhooks().await.len(), live_grants(&first).await, app.rows("partings")), (0, 0, 0));
        app.stop().await;
    }

    async fn what_is_still_to_be_left_goes_with_the_connection(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let first = LeverAccount::create(&app, "First").await;
        first.connect().await;
        let away = json!({ "next": { "play": { "kind": "status", "status": 503 }, "calls": ["list_webhooks"] } });
        first.control("PUT", "faults", Some(away)).await;
        let second = move_to_another(&app).await;
        eventually("it is tried", async || {
            let tried = "SELECT count(*) FROM jobs WHERE kind = 'lever_leave_account' AND last_error IS NOT NULL";
            (app.database.count(tried) == 1).then_some(())
        })
        .await;
        app.idle().await;
        first.control("PUT", "faults", Some(json!({}))).await;
        assert_eq!(app.v1("DELETE", "connections/lever", None).await.0, 204);
        for account in [&first, &second] {
            assert_eq!((account.webhooks().await.len(), live_grants(account).await), (0, 0));
        }
        assert_eq!((app.rows("partings"), app.rows("grants")), (0, 0));
        app.stop().await;
    }

    async fn two_organizations_that_connect_one_account_at_once_are_not_both_taken(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let account = LeverAccount::create(&app, "Shared").await;
        let (_, other) = app.another_organization("Other").await;
        let mut ways = Vec::new();
        for key in [&app.platform_key, &other] {
            ways.push(account.decide(&authorize_url(&app, key).await, "accept").await);
        }
        let held_up = hold_up_two(&app).await;
        let back = ways.into_iter().map(|way| app.http.get(way).send());
        for page in join_all(back).await {
            assert_eq!(page.expect("an answer").status(), 200);
        }
        held_up.await.expect("no panic");
        let mut held = Vec::new();
        for key in [&app.platform_key, &other] {
            let listed = app.v1_as(key, "GET", "connections", None).await.1;
            let all = listed["data"].as_array().expect("a list").clone();
            let lever = all.into_iter().find(|it| it["kind"] == "lever").expect("a card");
            held.push((lever["state"].clone(), lever["held"]["because"].clone()));
        }
        held.sort_by_key(|(state, _)| state.to_string());
        let expected = [(json!("connected"), Value::Null), (json!("requested"), json!("held_elsewhere"))];
        assert_eq!(held, expected);
        app.stop().await;
    }

    async fn an_account_that_another_organization_took_meanwhile_is_not_for_an_admin_to_confirm(database: Database) {
        let app = TestApp::start(database).await;
        let first = LeverAccount::create(&app, "First").await;
        first.connect().await;
        let second = LeverAccount::create(&app, "Second").await;
        second.come_back("accept").await;
        assert_eq!(app.connection("lever").await["held"]["because"], "another_account");
        let (_, other) = app.another_organization("Other").await;
        let (_, page) = second.come_back_for(&other, "accept").await;
        assert!(page.contains("Lever is connected"), "{page}");
        assert_eq!(app.connection("lever").await["held"]["because"], "held_elsewhere");
        let (status, refused) = app.v1("POST", "connections/lever/confirm-account", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("operator_decides")));
        let path = format!("organizations/{}/requests/lever/fulfil", app.organization);
        assert_eq!(app.v1_as(OPERATOR, "POST", &path, None).await.0, 200);
        assert_eq!(app.connection("lever").await["held"]["because"], "let_through");
        let (status, confirmed) = app.v1("POST", "connections/lever/confirm-account", None).await;
        assert_eq!((status, &confirmed["account"]["id"]), (200, &json!(second.id)), "{confirmed}");
        eventually("each has its own webhook", async || (second.webhooks().await.len() == 2).then_some(())).await;
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
