//! Setup on request, and settings.

use domain::Role;
use serde_json::{Value, json};

use crate::harness::{LeverAccount, OPERATOR, TestApp, Visitor};

/// Mail takes a moment.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

const REQUESTS: &str = "/operator/requests";

/// Where the button for Acme's Lever leads.
fn fulfil(app: &TestApp) -> String {
    format!("{REQUESTS}/{}/lever/fulfil", app.organization)
}

async fn start(database: test_support::Database) -> TestApp {
    let more = [("OPERATOR__NOTIFY_EMAIL", "operator@vendor.example")];
    TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &more).await
}

test_support::each_database! {
    async fn what_is_not_switched_on_is_requested_and_fulfilled(database: Database) {
        let app = start(database).await;
        app.setup_link("ada@customer.example", Role::Admin).await;
        let id = app.organization;
        let kinds = json!({ "integrations": ["greenhouse_assessment"] });
        let (status, organization) = app.v1_as(OPERATOR, "PATCH", &format!("organizations/{id}"), Some(kinds)).await;
        assert_eq!(status, 200, "{organization}");
        assert_eq!(organization["integrations"], json!(["greenhouse_assessment"]));
        let (status, refused) = app.v1("POST", "connections/lever/authorize", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("not_offered")));
        assert_eq!(app.connection("lever").await["offered"], false);
        for _ in 0..2 {
            let (status, requested) = app.v1("POST", "connections/lever/request", None).await;
            assert_eq!((status, &requested["state"]), (200, &json!("requested")), "{requested}");
        }
        let mail = app.mail.wait_for(|mail| mail.recipients == ["operator@vendor.example"], PATIENCE).await.expect("a mail");
        assert_eq!(mail.subject, "Acme asks for Lever");
        let (_, requests) = app.v1_as(OPERATOR, "GET", "requests", None).await;
        assert_eq!(requests["data"].as_array().map(Vec::len), Some(1), "{requests}");
        assert_eq!((&requests["data"][0]["organization_name"], &requests["data"][0]["kind"]), (&json!("Acme"), &json!("lever")));
        let path = format!("organizations/{id}/requests/lever/fulfil");
        let (status, fulfilled) = app.v1_as(OPERATOR, "POST", &path, None).await;
        assert_eq!((status, &fulfilled["state"], &fulfilled["offered"]), (200, &json!("not_configured"), &json!(true)));
        let mail = app.mail.wait_for(|mail| mail.recipients == ["ada@customer.example"], PATIENCE).await.expect("a mail");
        assert_eq!(mail.subject, "Lever is switched on for Acme");
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 2);
        assert_eq!(app.v1("POST", "connections/lever/authorize", None).await.0, 200);
        let (_, all) = app.v1_as(OPERATOR, "GET", "organizations", None).await;
        assert_eq!(all["data"][0]["integrations"], json!(["greenhouse_assessment", "lever"]));
        app.stop().await;
    }

    async fn an_operator_reads_who_asks_for_what_and_fulfils_it(database: Database) {
        let app = start(database).await;
        let admin = Visitor::sign_in(&app).await;
        let operator = Visitor::sign_in_as_operator(&app).await;
        assert!(operator.page(REQUESTS).await.contains("Nobody is waiting for you"));
        let kinds = json!({ "integrations": ["greenhouse_assessment"] });
        app.v1_as(OPERATOR, "PATCH", &format!("organizations/{}", app.organization), Some(kinds)).await;
        assert_eq!(admin.press("/settings/integrations", "/settings/integrations/lever/request").await, 303);
        let page = operator.page(REQUESTS).await;
        for told in ["Acme", "Lever", "vera@customer.example", "just now", "Fulfil"] {
            assert!(page.contains(told), "{told} is missing: {page}");
        }
        let mail = app.mail.wait_for(|mail| mail.recipients == ["operator@vendor.example"], PATIENCE).await.expect("a mail");
        assert_eq!(mail.link(), Some(format!("{}{REQUESTS}", app.url).as_str()));
        assert_eq!(operator.press(REQUESTS, &fulfil(&app)).await, 303);
        assert!(operator.page(REQUESTS).await.contains("Nobody is waiting for you"));
        assert_eq!(app.connection("lever").await["offered"], true);
        let mail = app.mail.wait_for(|mail| mail.recipients == ["vera@customer.example"], PATIENCE).await.expect("a mail");
        assert_eq!(mail.subject, "Lever is switched on for Acme");
        let (_, log) = app.v1("GET", "audit-events", None).await;
        let by = |action: &str| log["data"].as_array().into_iter().flatten().find(|one| one["action"] == action).map(|one| one["actor"].clone());
        assert!(by("connection.fulfilled").is_some_and(|actor| actor.to_string().starts_with("\"user:")), "{log}");
        app.stop().await;
    }

    async fn a_program_that_asks_is_named_by_its_key(database: Database) {
        let app = start(database).await;
        let operator = Visitor::sign_in_as_operator(&app).await;
        app.v1("POST", "connections/greenhouse_harvest/request", None).await;
        let page = operator.page(REQUESTS).await;
        assert!(page.contains("A program, with the key Test") && page.contains("/greenhouse_harvest/fulfil"), "{page}");
        app.stop().await;
    }

    async fn an_account_that_another_organization_holds_is_let_through_after_a_question(database: Database) {
        let app = start(database).await;
        let account = LeverAccount::create(&app, "Shared").await;
        let (_, other) = app.another_organization("Other").await;
        let (status, page) = account.come_back_for(&other, "accept").await;
        assert_eq!(status, 200, "{page}");
        account.come_back("accept").await;
        let mail = app.mail.wait_for(|mail| mail.recipients == ["operator@vendor.example"], PATIENCE).await.expect("a mail");
        assert_eq!(mail.subject, "Acme waits for you with Lever");
        let operator = Visitor::sign_in_as_operator(&app).await;
        let page = operator.page(REQUESTS).await;
        assert!(page.contains("an account that another organization is connected to already"), "{page}");
        assert_eq!(operator.press(REQUESTS, &fulfil(&app)).await, 200, "it asks");
        assert_eq!(app.connection("lever").await["held"]["because"], "held_elsewhere");
        assert_eq!(operator.press_and_confirm(REQUESTS, &fulfil(&app)).await, 303);
        let connection = app.connection("lever").await;
        assert_eq!((&connection["state"], &connection["held"]), (&json!("connected"), &Value::Null));
        assert!(operator.page(REQUESTS).await.contains("Nobody is waiting for you"));
        app.stop().await;
    }

    async fn each_kind_is_listed_and_takes_what_is_its_own(database: Database) {
        let app = start(database).await;
        let (_, all) = app.v1("GET", "connections", None).await;
        let kinds: Vec<&Value> = all["data"].as_array().expect("a list").iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds, ["greenhouse_assessment", "greenhouse_harvest", "lever"]);
        let ids = app.v1("GET", "connections", None).await.1;
        assert_eq!(all, ids, "the same ids at each look");
        for (kind, body, status) in [
            ("lever", json!({ "created_by_email": "a@b.example" }), 422),
            ("greenhouse_assessment", json!({ "note_secret": true }), 422),
            ("greenhouse_harvest", json!({ "created_by_email": "a@b.example" }), 409),
            ("lever", json!({ "note_secret": true }), 200),
            ("lever", json!({ "perform_as": "somebody" }), 409),
            ("lever", json!({ "colour": "red" }), 422),
        ] {
            let path = format!("connections/{kind}");
            let (answered, answer) = app.v1("PATCH", &path, Some(json!({ "settings": body }))).await;
            assert_eq!(answered, status, "{kind} {body}: {answer}");
        }
        assert_eq!(app.v1("POST", "connections/greenhouse_assessment/authorize", None).await.0, 409);
        assert_eq!(app.v1("POST", "connections/greenhouse_harvest/authorize", None).await.0, 200);
        assert_eq!(app.v1("POST", "connections/workday/authorize", None).await.0, 404);
        app.stop().await;
    }

    async fn whoever_notes_are_written_as_is_looked_up_in_lever(database: Database) {
        let app = start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        account.connect().await;
        let made = account.control("POST", "users", Some(json!({ "name": "Nora Notes", "email": "nora@customer.example" }))).await;
        let nora = made["id"].as_str().expect("an id").to_owned();
        let set = async |user: Value| app.v1("PATCH", "connections/lever", Some(json!({ "settings": { "perform_as": user } }))).await;
        let (status, refused) = set(json!("nobody-there")).await;
        assert_eq!(status, 422, "{refused}");
        assert_eq!(refused["errors"][0]["problem"], "names a user that Lever does not know");
        let (status, changed) = set(json!(nora)).await;
        assert_eq!((status, &changed["settings"]["perform_as"]), (200, &json!(nora)), "{changed}");
        app.control("PATCH", &format!("lever/users/{nora}"), Some(json!({ "deactivated": true }))).await;
        let (status, refused) = set(json!(nora)).await;
        assert_eq!(status, 422, "{refused}");
        assert_eq!(refused["errors"][0]["problem"], "names a user whose access to Lever was switched off");
        let (_, cleared) = set(Value::Null).await;
        assert_eq!(cleared["settings"], json!({ "perform_as": null, "note_secret": false, "note_notify": false }));
        app.stop().await;
    }
}
