//! The client that others use (`lever-ats`) against this Lever: what one says the other understands.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use lever::ats_http::{HostList, StaticToken, TokenBucket};
use lever::client::{Expand, Filter};
use lever::oauth::{App, RefreshingTokens};
use lever::{Client, Credential, Event, Expandable, NewNote, NewWebhook, OpportunityId, webhook};
use reqwest::Method;
use serde_json::{Value, json};

use super::play::{LeverPlay, REDIRECT, SCOPES, parameter};
use crate::receiver::Receiver;

impl LeverPlay {
    fn client(&self, credential: Credential) -> Client {
        let base = self.url("/lever/v1").parse().unwrap();
        let bucket = Arc::new(TokenBucket::new(1_000, 1_000));
        let redirects = HostList::new(["127.0.0.1"]).unwrap();
        let redirects = redirects.allow_loopback_http(true);
        Client::new(self.http.clone(), base, credential, bucket, redirects)
    }

    fn connected(&self) -> Client {
        let token = StaticToken::new(self.token.as_str());
        self.client(Credential::OAuth(Arc::new(token)))
    }

    fn registered(&self) -> App {
        let of_app = |name: &str| self.app[name].as_str().unwrap();
        let mut app = App::new(of_app("client_id"), of_app("client_secret"), REDIRECT);
        app.auth_base = self.url("/lever/auth").parse().unwrap();
        app.audience = self.url("/lever/v1/");
        app.scopes = SCOPES.split_whitespace().map(str::to_owned).collect();
        app
    }

    async fn next_fault(&self, play: Value, takes_effect: bool) {
        let faults = json!({"next": {"play": play, "times": 1, "takes_effect": takes_effect}});
        let path = self.of_account("faults");
        let (status, answer) = self.control(Method::PUT, &path, faults).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn an_app_is_let_in_stays_in_and_is_thrown_out() {
    let play = LeverPlay::start().await;
    let app = play.registered();
    let there = play
        .decide(&app.authorize_url("st4te", None), "accept")
        .await;
    assert_eq!(parameter(&there, "state").as_deref(), Some("st4te"));
    let code = parameter(&there, "code").unwrap();
    let grant = app.exchange(&play.http, &code, None).await.unwrap();
    assert_eq!(grant.account_id.as_deref(), Some(play.account_id()));
    assert_eq!(grant.user_id.as_deref(), Some(play.user(0)));
    assert!(lever::scope::missing(&lever::scope::ASSESSMENT, &grant.scopes).is_empty());
    let again = app.exchange(&play.http, &code, None).await.unwrap_err();
    assert!(again.is_invalid_grant() && !again.is_temporary(), "{again}");

    let refresh_token = grant.refresh_token.unwrap();
    let next = app.refresh(&play.http, &refresh_token).await.unwrap();
    let used = app.refresh(&play.http, &refresh_token).await.unwrap_err();
    assert!(used.is_invalid_grant(), "{used}");
    let family = next.refresh_token.unwrap();
    let dead = app.refresh(&play.http, &family).await.unwrap_err();
    assert!(dead.is_invalid_grant(), "{dead}");
    app.revoke(&play.http, &family).await.unwrap();
}

#[tokio::test]
async fn a_client_outlives_its_access_tokens() {
    let play = LeverPlay::start().await;
    let app = play.registered();
    let code = play.code(SCOPES).await;
    let grant = app.exchange(&play.http, &code, None).await.unwrap();
    let tokens = RefreshingTokens::new(
        app,
        play.http.clone(),
        grant.refresh_token.unwrap(),
        |_, _| {},
    );
    let client = play.client(Credential::OAuth(Arc::new(tokens)));
    for _ in 0..5 {
        assert_eq!(client.stages().await.unwrap().len(), 8);
        play.advance(3_600).await;
    }
}

#[tokio::test]
async fn a_candidate_is_read_tagged_noted_and_found() {
    let play = LeverPlay::start().await;
    let client = play.connected();
    let kim = OpportunityId::from(play.kim().await);
    let dated = client
        .opportunity_with(&kim, &[Expand::Stage])
        .await
        .unwrap();
    let it = dated.value;
    assert!(dated.sent_at.is_some());
    assert_eq!(
        (it.name.as_str(), it.emails.as_slice()),
        ("Kim Park", &["kim@candidate.example".to_owned()][..])
    );
    let stage = it.stage.as_ref().and_then(Expandable::full).unwrap();
    assert!(!stage.text.is_empty());

    client
        .add_tags(&kim, &["Rust - Invited", "Rust"], None)
        .await
        .unwrap();
    client.remove_tags(&kim, &["rust"], None).await.unwrap();
    let changed = client.remove_tags(&kim, &["Rust"], None).await.unwrap();
    assert_eq!(changed.tags, ["Rust - Invited"]);

    let note = client
        .create_note(&kim, &NewNote::new("82 of 100\nref: inv_1"))
        .await
        .unwrap();
    client
        .update_note(&kim, &note, &NewNote::new("90 of 100\nref: inv_1"))
        .await
        .unwrap();
    let notes: Vec<_> = client.notes(&kim).try_collect().await.unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].id == note && notes[0].mentions("90 of 100"));

    let filter = Filter::new().tagged("Rust - Invited").archived(false);
    let found: Vec<_> = client.opportunities(&filter).try_collect().await.unwrap();
    assert_eq!(found.iter().map(|it| &it.id).collect::<Vec<_>>(), [&kim]);
}

#[tokio::test]
async fn a_list_of_many_pages_comes_whole() {
    let play = LeverPlay::start().await;
    for at in 0..205 {
        play.candidate(json!({"name": format!("Candidate {at}")}))
            .await;
    }
    let all = play.connected().opportunities(&Filter::new());
    let all: Vec<_> = all.try_collect().await.unwrap();
    assert_eq!(all.len(), 205);
}

#[tokio::test]
async fn a_webhook_is_made_its_deliveries_stand_and_it_goes() {
    let play = LeverPlay::start().await;
    let (client, receiver) = (play.connected(), Receiver::start());
    let new = NewWebhook::new(Event::CandidateStageChange, receiver.url.as_str());
    let made = client.create_webhook(&new).await.unwrap();
    let key = made.signature_token.unwrap();
    assert_eq!(client.webhooks().await.unwrap().len(), 1);
    play.switch("candidateStageChange", true).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.settled(1).await;
    let body = receiver.received()[0].to_string();
    let delivery = webhook::parse(body.as_bytes()).unwrap();
    assert!(delivery.verify(&key) && !delivery.is_test());
    assert_eq!(delivery.data.opportunity_id, Some(kim.into()));
    assert_eq!(
        delivery.data.to_stage_id,
        Some(play.stage("Assessment").into())
    );
    client.delete_webhook(&made.id).await.unwrap();
    let gone = client.delete_webhook(&made.id).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
}

#[tokio::test]
async fn each_fault_is_told_for_what_it_is() {
    let play = LeverPlay::start().await;
    let client = play.connected().with_repeats(0);
    let kim = OpportunityId::from(play.kim().await);
    let note = NewNote::new("ref: inv_1");

    play.next_fault(json!({"kind": "reset"}), true).await;
    let lost = client.create_note(&kim, &note).await.unwrap_err();
    assert!(lost.is_ambiguous() && lost.is_temporary(), "{lost}");
    let notes: Vec<_> = client.notes(&kim).try_collect().await.unwrap();
    assert!(notes[0].mentions("ref: inv_1"));

    play.next_fault(json!({"kind": "truncated"}), true).await;
    let half = client.add_tags(&kim, &["Rust"], None).await.unwrap_err();
    assert!(half.is_temporary() && !half.is_ambiguous(), "{half}");

    play.next_fault(json!({"kind": "not_json"}), false).await;
    let gateway = client.opportunity(&kim).await.unwrap_err();
    assert!(gateway.is_temporary(), "{gateway}");

    let busy = json!({"kind": "status", "status": 429, "retry_after": "7"});
    play.next_fault(busy, false).await;
    let told = client.create_note(&kim, &note).await.unwrap_err();
    assert!(told.is_throttled() && !told.is_ambiguous(), "{told}");
    assert_eq!(told.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn a_redirect_to_the_second_home_is_followed_with_the_tag() {
    let play = LeverPlay::start().await;
    let kim = OpportunityId::from(play.kim().await);
    play.next_fault(json!({"kind": "redirect"}), false).await;
    let changed = play
        .connected()
        .add_tags(&kim, &["Rust"], None)
        .await
        .unwrap();
    assert_eq!(changed.tags, ["Rust"]);
}

#[tokio::test]
async fn a_missing_scope_and_a_dead_grant_are_told_apart() {
    let mut play = LeverPlay::start().await;
    let kim = OpportunityId::from(play.kim().await);
    play.use_scopes("stages:read:admin").await;
    let client = play.connected();
    let short = client.opportunity(&kim).await.unwrap_err();
    assert!(short.is_forbidden() && !short.is_auth_lost(), "{short}");
    play.advance(3_600).await;
    let dead = client.stages().await.unwrap_err();
    assert!(dead.is_auth_lost() && !dead.is_temporary(), "{dead}");
}
