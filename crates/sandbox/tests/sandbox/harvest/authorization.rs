//! The consent page, codes and who acts.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::{HarvestPlay, SCOPES, parameter};

#[tokio::test]
async fn a_service_account_acts_for_the_organization() {
    let play = HarvestPlay::start().await;
    let answer = play.auth("introspect", &[("token", &play.access)]).await;
    let said: Value = answer.json().await.unwrap();
    assert_eq!(said["active"], true);
    assert_eq!(said["client_id"], play.app["client_id"]);
    let organization = &said["https://auth.greenhouse.io/claims"]["organization"];
    assert_eq!(
        *organization,
        json!({"id": play.organization, "name": "Acme"})
    );
    assert_eq!(
        said["scope"].as_str().unwrap().split(' ').count(),
        SCOPES.split_whitespace().count()
    );
    assert!(
        play.list("users")
            .await
            .iter()
            .all(|user| user["primary_email"] != "")
    );
    let with = play.list("users?show_service_accounts=true").await;
    let account = with
        .iter()
        .find(|user| user["id"].as_u64() == said["sub"].as_str().unwrap().parse().ok());
    assert_eq!(account.unwrap()["name"], "Talent Works (service account)");
}

#[tokio::test]
async fn without_a_service_account_the_person_acts_and_only_a_site_admin_gets_lists() {
    let mut play = HarvestPlay::start().await;
    let users = play.list("users").await;
    let rosa = users
        .iter()
        .find(|user| user["site_admin"] == false)
        .unwrap()["id"]
        .clone();
    let (status, _) = play
        .decide(
            &play.authorize_url(SCOPES),
            json!({"user_id": rosa, "service_account": true}),
        )
        .await;
    assert_eq!(status, 409);
    play.connect(SCOPES, json!({"user_id": rosa})).await;
    assert_eq!(play.refused("jobs").await.0, 403);
    play.set(json!({"non_admin_lists": "empty"})).await;
    assert_eq!(play.list("users").await, Vec::<Value>::new());
    let path = format!("users/{rosa}");
    play.control(Method::PATCH, &path, json!({"site_admin": true}))
        .await;
    assert_eq!(play.list("users").await.len(), 2);
    play.control(Method::PATCH, &path, json!({"deactivated": true}))
        .await;
    assert_eq!(play.refused("users").await.0, 401);
}

#[tokio::test]
async fn a_denial_leads_back_with_the_state_and_no_code() {
    let play = HarvestPlay::start().await;
    let (_, to) = play
        .decide(&play.authorize_url(SCOPES), json!({"decision": "deny"}))
        .await;
    let to = &to["redirect_to"];
    assert_eq!(parameter(to, "error").unwrap(), "access_denied");
    assert_eq!(parameter(to, "state").unwrap(), "st4te");
    assert_eq!(parameter(to, "code"), None);
}

#[rstest]
#[case::none("")]
#[case::unknown("harvest:jobs:read")]
#[tokio::test]
async fn scopes_that_there_are_not_lead_back(#[case] scope: &str) {
    let play = HarvestPlay::start().await;
    let (_, to) = play.decide(&play.authorize_url(scope), json!({})).await;
    assert_eq!(
        parameter(&to["redirect_to"], "error").unwrap(),
        "invalid_scope"
    );
}

#[tokio::test]
async fn a_browser_chooses_who_acts() {
    let play = HarvestPlay::start().await;
    let url = play.authorize_url(SCOPES);
    let page = play
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Authorize using a service account"), "{page}");
    assert!(page.contains("Sofia Admin, Site Admin of Acme"));
    let user = play
        .list("users?primary_email=SOFIA.admin@customer.example")
        .await;
    let person = format!("{} {}", play.organization, user[0]["id"]);
    let mut form: Vec<(String, String)> = play
        .authorize_url(SCOPES)
        .query_pairs()
        .into_owned()
        .collect();
    form.push(("person".into(), person));
    form.push(("decision".into(), "accept".into()));
    let page = play.url("/greenhouse/auth/authorize");
    let answer = play.http.post(page).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let to = answer.headers()["location"].to_str().unwrap();
    assert!(parameter(&to.into(), "code").is_some());
}

#[tokio::test]
async fn an_address_that_is_not_registered_stays_here() {
    let play = HarvestPlay::start().await;
    let mut url = play.authorize_url(SCOPES);
    url.query_pairs_mut()
        .append_pair("redirect_uri", "https://evil.example/");
    let page = play.http.get(url.clone()).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert_eq!(play.decide(&url, json!({})).await.0, 409);
}
