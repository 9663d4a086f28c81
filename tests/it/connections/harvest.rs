//! The connection to Greenhouse's Harvest: made, kept alive, lost, and ended.

use chrono::TimeDelta;
use domain::Role;
use serde_json::json;

use crate::harness::{HARVEST_CLIENT, HARVEST_SECRET, HarvestOffice, TestApp};

const KIND: &str = "greenhouse_harvest";
/// Mail takes a moment.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
/// Where the operator's mail goes in these tests.
const OPERATOR_MAIL: [(&str, &str); 1] = [("OPERATOR__NOTIFY_EMAIL", "operator@vendor.example")];

/// Moves both clocks.
async fn later(app: &TestApp, by: TimeDelta) {
    let ahead = json!({ "advance_seconds": by.num_seconds() });
    app.control("POST", "clock", Some(ahead)).await;
    app.advance(by);
}

async fn look(app: &TestApp) {
    let kept = app::connections::keep_alive(&app.app).await;
    kept.expect("the database answers");
    let watched = app::connections::watch(&app.app).await;
    watched.expect("the database answers");
}

/// Our application at Greenhouse has this secret from now on: with another than ours the token endpoint refuses us.
async fn register(app: &TestApp, secret: &str) {
    let ours = json!({
        "name": "Baton", "client_id": HARVEST_CLIENT, "client_secret": secret,
        "redirect_uris": [format!("{}/oauth/greenhouse/callback", app.url)],
    });
    app.control("POST", "greenhouse/harvest/apps", Some(ours))
        .await;
}

async fn no_site_admin(database: test_support::Database, lists: &str) {
    let app = TestApp::start(database).await;
    let settings =
        json!({ "non_admin_lists": lists, "calls_per_window": 0, "token_calls_per_minute": 0 });
    let office = HarvestOffice::create_with(&app, "Acme Hiring", settings).await;
    let people = office.control("GET", "", None).await["users"].clone();
    let mut people = people.as_array().expect("users").iter();
    let rosa = people
        .find(|it| it["name"] == "Rosa Recruiter")
        .expect("Rosa");
    let (status, page) = office
        .come_back_for(&app.platform_key, json!({ "user_id": rosa["id"] }))
        .await;
    assert_eq!(status, 200, "{page}");
    let connection = app.connection(KIND).await;
    assert_eq!(
        connection["state"], "connected",
        "a 403 is no lost connection"
    );
    let detail = connection["detail"].as_str().expect("why");
    let advice = detail.contains("connect again as a Site Admin");
    assert!(advice && detail.contains("service account"), "{detail}");
    office.connect().await;
    let mended = app.connection(KIND).await;
    assert_eq!(mended["detail"], json!(null), "it is mended");
    app.stop().await;
}

test_support::each_database! {
    async fn a_site_admin_lets_us_in_and_the_page_names_both_ends(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        let (status, page) = office.come_back_for(&app.platform_key, json!({ "service_account": true })).await;
        assert_eq!(status, 200, "{page}");
        for told in ["Greenhouse (Harvest) is connected", "<strong>Acme</strong>", "Acme Hiring", "This is wrong, disconnect now"] {
            assert!(page.contains(told), "{told} is missing: {page}");
        }
        let connection = app.connection(KIND).await;
        assert_eq!(connection["state"], "connected");
        assert_eq!(connection["detail"], json!(null), "{connection}");
        assert_eq!(connection["account"], json!({ "id": office.id.to_string(), "name": "Acme Hiring" }));
        assert!(connection["expires_at"].is_string());
        app.stop().await;
    }

    async fn what_was_not_accepted_is_told_and_nothing_is_connected(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        let (status, page) = office.come_back_for(&app.platform_key, json!({ "decision": "deny" })).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("was not connected") && page.contains("connect again as a Site Admin and press Authorize"), "{page}");
        assert_eq!(app.connection(KIND).await["state"], "not_configured");
        app.stop().await;
    }

    async fn somebody_whose_lists_are_refused_is_connected_and_told_what_to_do(database: Database) {
        no_site_admin(database, "forbidden").await;
    }

    async fn somebody_whose_lists_are_empty_is_connected_and_told_what_to_do(database: Database) {
        no_site_admin(database, "empty").await;
    }

    async fn scopes_that_were_not_granted_are_named(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        let (_, asked) = app.v1("POST", "connections/greenhouse_harvest/authorize", None).await;
        let url = asked["authorize_url"].as_str().expect("an address");
        let fewer = url.replace("harvest%3Anotes%3Acreate+", "");
        assert_ne!(fewer, url);
        let back = office.decide(&fewer, json!({ "service_account": true })).await;
        assert_eq!(app.http.get(back).send().await.expect("an answer").status(), 200);
        let connection = app.connection(KIND).await;
        assert_eq!(connection["state"], "connected");
        let detail = connection["detail"].as_str().expect("why");
        assert!(detail.starts_with("Greenhouse did not grant harvest:notes:create:"), "{detail}");
        app.stop().await;
    }

    async fn another_organization_there_waits_for_a_yes(database: Database) {
        let app = TestApp::start(database).await;
        let first = HarvestOffice::create(&app, "Acme Hiring").await;
        first.connect().await;
        let other = HarvestOffice::create(&app, "Globex").await;
        let (_, page) = other.come_back_for(&app.platform_key, json!({ "service_account": true })).await;
        assert!(page.contains("is not connected yet") && page.contains("Globex"), "{page}");
        let held = app.connection(KIND).await;
        assert_eq!(held["account"]["name"], "Acme Hiring", "the one before works on: {held}");
        assert_eq!(app.v1("GET", "greenhouse/jobs", None).await.0, 200);
        let (status, taken) = app.v1("POST", "connections/greenhouse_harvest/confirm-account", None).await;
        assert_eq!((status, &taken["account"]["name"]), (200, &json!("Globex")), "{taken}");
        app.stop().await;
    }

    async fn a_grant_lives_on_for_weeks_and_an_outage_is_told_of_after_four_hours(database: Database) {
        let app = TestApp::start_still(database, &OPERATOR_MAIL).await;
        app.setup_link("ada@customer.example", Role::Owner).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        for _ in 0..60 {
            later(&app, TimeDelta::hours(6)).await;
            look(&app).await;
        }
        assert_eq!(app.connection(KIND).await["state"], "connected");
        register(&app, "another-secret").await;
        later(&app, TimeDelta::hours(6)).await;
        look(&app).await;
        later(&app, TimeDelta::hours(3)).await;
        look(&app).await;
        assert_eq!(app.connection(KIND).await["state"], "connected", "three hours are no alarm");
        later(&app, TimeDelta::hours(1)).await;
        look(&app).await;
        assert_eq!(app.connection(KIND).await["state"], "expiring");
        for address in ["ada@customer.example", "operator@vendor.example"] {
            let mail = app.mail.wait_for(|mail| mail.recipients == [address], PATIENCE).await.expect("a mail");
            assert_eq!(mail.subject, "Greenhouse (Harvest) of Acme could not be renewed for hours");
            assert!(mail.text.contains("It is lost in 14 hours"), "{}", mail.text);
        }
        look(&app).await;
        app.idle().await;
        assert_eq!(app.mail.messages().len(), 2, "once each");
        register(&app, HARVEST_SECRET).await;
        later(&app, TimeDelta::hours(1)).await;
        look(&app).await;
        assert_eq!(app.connection(KIND).await["state"], "connected", "it is renewed");
        app.stop().await;
    }

    async fn access_that_was_taken_back_there_is_told_of_and_a_new_one_goes_on(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        office.control("POST", "revoke", Some(json!({}))).await;
        let (status, refused) = app.v1("GET", "greenhouse/jobs", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("needs_attention")), "{refused}");
        let connection = app.connection(KIND).await;
        assert_eq!(connection["state"], "needs_attention");
        assert!(connection["detail"].as_str().expect("why").contains("connect to Greenhouse again"), "{connection}");
        office.connect().await;
        assert_eq!(app.v1("GET", "greenhouse/jobs", None).await.0, 200);
        app.stop().await;
    }

    async fn an_end_here_erases_the_tokens_and_keeps_what_was_chosen(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        office.user("Ada Author", "ada@acme.example").await;
        let chosen = json!({ "settings": { "created_by_email": " Ada@acme.example" } });
        let (status, changed) = app.v1("PATCH", "connections/greenhouse_harvest", Some(chosen)).await;
        assert_eq!((status, &changed["settings"]["created_by_email"]), (200, &json!("ada@acme.example")), "{changed}");
        assert_eq!(app.v1("DELETE", "connections/greenhouse_harvest", None).await.0, 204);
        let ended = app.connection(KIND).await;
        assert_eq!((&ended["state"], &ended["account"]), (&json!("disconnected"), &json!(null)));
        assert_eq!(ended["settings"]["created_by_email"], "ada@acme.example");
        assert_eq!(app.database.count("SELECT count(*) FROM grants"), 0);
        let (status, refused) = app.v1("GET", "greenhouse/jobs", None).await;
        assert_eq!((status, &refused["code"]), (409, &json!("not_connected")), "{refused}");
        office.connect().await;
        assert_eq!(app.connection(KIND).await["state"], "connected");
        app.stop().await;
    }

    async fn only_somebody_of_their_own_can_be_named_as_author(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        let name = async |email: &str| {
            let chosen = json!({ "settings": { "created_by_email": email } });
            let (status, answer) = app.v1("PATCH", "connections/greenhouse_harvest", Some(chosen)).await;
            (status, answer.to_string())
        };
        assert_eq!(name("ada@acme.example").await.0, 409, "nobody can be looked up yet");
        office.connect().await;
        let gone = json!({ "name": "Gone Gus", "emails": ["gus@acme.example"], "deactivated": true });
        office.control("POST", "users", Some(gone)).await;
        let agency = json!({ "name": "Agnes Agency", "emails": ["agnes@agency.example"], "agency_id": 4 });
        office.control("POST", "users", Some(agency)).await;
        for (email, why) in [
            ("nobody@acme.example", "is the address of nobody in Greenhouse"),
            ("gus@acme.example", "deactivated"),
            ("agnes@agency.example", "agency"),
        ] {
            let (status, answer) = name(email).await;
            assert_eq!(status, 422, "{answer}");
            assert!(answer.contains("settings.created_by_email") && answer.contains(why), "{answer}");
        }
        let second = json!({ "name": "Ada Author", "emails": ["ada@acme.example", "ada.author@acme.example"] });
        office.control("POST", "users", Some(second)).await;
        assert_eq!(name("ADA.author@acme.example").await.0, 200, "a second address is one of theirs too");
        app.stop().await;
    }
}
