//! The way there and back, and what comes of it.

use app::connections::{self, MadeBy};
use domain::ConnectionKind;
use serde_json::json;

use crate::harness::{LeverAccount, TestApp, Visitor, authorize_url, eventually};

test_support::each_database! {
    async fn a_super_admin_lets_us_in_and_the_page_names_both_ends(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let (status, page) = account.come_back("accept").await;
        assert_eq!(status, 200, "{page}");
        for told in ["Lever is connected", "<strong>Acme</strong>", "Sam Superadmin", "Candidate Stage Change", "This is wrong, disconnect now"] {
            assert!(page.contains(told), "{told} is missing: {page}");
        }
        let connection = app.connection("lever").await;
        assert_eq!(connection["state"], "connected");
        assert_eq!(connection["account"]["id"], account.id);
        assert!(connection["expires_at"].is_string());
        let waiting = eventually("our webhook waits for its first event", async || {
            let connection = app.connection("lever").await;
            (connection["webhook"]["state"] == "waiting").then_some(connection)
        })
        .await;
        let id = waiting["id"].as_str().expect("an id");
        let url = format!("{}/webhooks/lever/{id}", app.url);
        assert_eq!(waiting["webhook"]["url"], url);
        assert_eq!(waiting["detail"], "waiting for the first event: switch on Candidate Stage Change in Lever");
        let there = account.webhooks().await;
        assert_eq!(there.len(), 1, "{there:?}");
        assert_eq!((&there[0]["url"], &there[0]["event"]), (&json!(url), &json!("candidateStageChange")));
        app.stop().await;
    }

    async fn a_state_is_good_for_one_use_whatever_becomes_of_it(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let denied = account.decide(&authorize_url(&app, &app.platform_key).await, "deny").await;
        let look = async |url: &str| {
            let answer = app.http.get(url).send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("a page"))
        };
        let (status, page) = look(&denied).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("Lever was not connected") && page.contains("permissions were not accepted"), "{page}");
        let (status, page) = look(&denied).await;
        assert_eq!(status, 400, "{page}");
        assert_eq!(app.connection("lever").await["state"], "not_configured");
        let made_up = format!("{}/oauth/lever/callback?code=x&state=made-up", app.url);
        assert_eq!(look(&made_up).await.0, 400);
        app.stop().await;
    }

    async fn a_way_opened_at_the_dashboard_leads_back_into_its_own_session_alone(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let visitor = Visitor::sign_in(&app).await;
        let open = async || {
            let (organization, session) = (app.organization, visitor.session_hash());
            let made_by = MadeBy::Session(session);
            let url = app.app.write(move |app, conn| {
                connections::authorize(app, conn, organization, ConnectionKind::Lever, &made_by)
            });
            account.decide(url.await.expect("a way").as_str(), "accept").await
        };
        let stolen = open().await;
        assert_eq!(app.http.get(&stolen).send().await.expect("an answer").status(), 400);
        assert_eq!(visitor.come_back(&stolen).await.0, 400, "it is used up");
        assert_eq!(app.connection("lever").await["state"], "not_configured");
        let (status, location) = visitor.come_back(&open().await).await;
        assert_eq!((status, location.as_str()), (303, "/settings/integrations?told=connected&of=lever"));
        assert_eq!(app.connection("lever").await["state"], "connected");
        app.stop().await;
    }

    async fn a_grant_that_lacks_something_is_refused_with_the_reason(database: Database) {
        let app = TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &[("LEVER__AUDIENCE", "https://api.other.example/v1/")]).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let (status, page) = account.come_back("accept").await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("Lever did not grant opportunities:write:admin, notes:write:admin"), "{page}");
        assert_eq!(app.connection("lever").await["state"], "not_configured");
        app.stop().await;
    }

    async fn a_grant_without_a_refresh_token_is_refused_with_the_reason(database: Database) {
        let more = [("LEVER__SCOPES", "opportunities:write:admin,stages:read:admin")];
        let app = TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &more).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let (_, page) = account.come_back("accept").await;
        assert!(page.contains("without a refresh token") && page.contains("offline_access"), "{page}");
        assert_eq!(app.connection("lever").await["state"], "not_configured");
        app.stop().await;
    }

    async fn pkce_is_used_where_it_is_switched_on(database: Database) {
        let app = TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &[("LEVER__PKCE", "true")]).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        assert!(authorize_url(&app, &app.platform_key).await.contains("code_challenge_method=S256"));
        account.connect().await;
        app.stop().await;
    }

    async fn without_a_client_id_the_answer_names_the_setting(database: Database) {
        let more = [("LEVER__CLIENT_ID", ""), ("LEVER__CLIENT_SECRET", "")];
        let app = TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &more).await;
        let (status, answer) = app.v1("POST", "connections/lever/authorize", None).await;
        assert_eq!((status, &answer["code"]), (409, &json!("no_client_id")));
        assert!(answer["detail"].as_str().expect("words").contains("`lever.client_id`"));
        app.stop().await;
    }

    async fn whoever_says_it_is_wrong_ends_it_once(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let (_, page) = account.come_back("accept").await;
        let field = page.split_once("name=\"token\" value=\"").expect("a button").1;
        let token = field.split('"').next().expect("a token");
        let (status, told) = app.post_form("/oauth/undo", &[("token", token)]).await;
        assert_eq!(status, 200, "{told}");
        assert!(told.to_string().contains("Lever is disconnected"), "{told}");
        assert_eq!(app.connection("lever").await["state"], "disconnected");
        assert_eq!(app.post_form("/oauth/undo", &[("token", token)]).await.0, 410);
        app.stop().await;
    }

    async fn a_connect_link_leads_somebody_without_an_account_through_it_once(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme Hiring").await;
        let (status, made) = app.v1("POST", "connect-links", Some(json!({ "kinds": ["lever"] }))).await;
        assert_eq!(status, 201, "{made}");
        let url = made["url"].as_str().expect("a link");
        let path = url.strip_prefix(&app.url).expect("it leads here");
        let page = app.http.get(url).send().await.expect("an answer").text().await.expect("a page");
        assert!(page.contains("Connect Acme") && page.contains("Log In to Lever"), "{page}");
        let (status, going) = app.post_form(path, &[("kind", "lever")]).await;
        assert_eq!(status, 200, "{going}");
        let going = going.as_str().expect("a page");
        let href = going.split_once("class=\"button primary\" href=\"").expect("a button").1;
        let href = href.split('"').next().expect("an address").replace("&amp;", "&").replace("&#38;", "&");
        let back = account.decide(&href, "accept").await;
        let told = app.http.get(back).send().await.expect("an answer").text().await.expect("a page");
        assert!(told.contains("Lever is connected") && told.contains("This is wrong"), "{told}");
        assert_eq!(app.http.get(url).send().await.expect("an answer").status(), 410);
        assert_eq!(app.post_form(path, &[("kind", "lever")]).await.0, 410);
        app.stop().await;
    }
}
