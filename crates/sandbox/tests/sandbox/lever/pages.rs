//! The pages, as a browser without scripts uses them.

use reqwest::Method;
use reqwest::header::{CONTENT_SECURITY_POLICY, LOCATION};
use rstest::rstest;
use serde_json::{Value, json};

use super::play::{LeverPlay, REDIRECT, SCOPES, parameter};
use crate::receiver::Receiver;

impl LeverPlay {
    async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Sends a form: where it leads, or the page that says why not.
    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        let call = self.http.post(self.url(path)).form(fields);
        let answer = call.send().await.unwrap();
        match answer.headers().get(LOCATION) {
            Some(to) => Ok(to.to_str().unwrap().to_owned()),
            None => Err(answer.text().await.unwrap()),
        }
    }
}

#[tokio::test]
async fn a_super_admin_reads_what_is_asked_for_and_accepts() {
    let play = LeverPlay::start().await;
    let url = play.authorize_url(SCOPES, &[]);
    let answer = play.http.get(url.clone()).send().await.unwrap();
    let policy = answer.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("form-action 'self' https://app.vendor.example;"),
        "{policy}"
    );
    let page = answer.text().await.unwrap();
    for words in [
        "Talent Works asks for access",
        "Sam Superadmin, Super Admin of Acme",
        "Read and change notes",
        "Accept",
        "Deny",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let person = format!("{} {}", play.account_id(), play.user(0));
    let mut fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    fields.push(("person".to_owned(), person));
    let decide = async |decision: &str| {
        let mut fields = fields.clone();
        fields.push(("decision".to_owned(), decision.to_owned()));
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let to = play.submit("/lever/auth/authorize", &pairs).await.unwrap();
        url::Url::parse(&to).unwrap()
    };
    let denied = decide("deny").await;
    assert_eq!(parameter(&denied, "error").unwrap(), "access_denied");
    let accepted = decide("accept").await;
    assert!(accepted.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&accepted, "state").unwrap(), "st4te");
    let code = parameter(&accepted, "code").unwrap();
    assert_eq!(play.exchange(&code, REDIRECT).await.0, 200);
}

#[tokio::test]
async fn an_account_and_an_app_are_made_on_one_page() {
    let play = LeverPlay::start().await;
    let to = play
        .submit("/lever/accounts", &[("name", "Northwind")])
        .await
        .unwrap();
    assert_eq!(play.page(&to).await.0, 200);
    let app = [
        ("name", "Another"),
        ("redirect_uri", REDIRECT),
        ("client_id", "another"),
    ];
    assert_eq!(play.submit("/lever/apps", &app).await.unwrap(), "/lever");
    let (_, page) = play.page("/lever").await;
    assert!(page.contains("Northwind") && page.contains("another"));
    let (_, home) = play.page("/").await;
    assert!(home.contains("Northwind") && home.contains("Greenhouse"));
    play.submit("/lever/apps/another/remove", &[])
        .await
        .unwrap();
    assert!(!play.page("/lever").await.1.contains("Another"));
}

#[tokio::test]
async fn a_recruiter_adds_tags_and_moves_a_candidate() {
    let play = LeverPlay::start().await;
    let board = format!("/lever/accounts/{}", play.account_id());
    let posting = play.account["postings"][0]["id"].as_str().unwrap();
    let kim = [
        ("name", "Kim Park"),
        ("email", "kim@candidate.example"),
        ("stage_id", "lead-new"),
        ("posting_id", posting),
        ("tag", ""),
    ];
    let to = play
        .submit(&format!("{board}/opportunities"), &kim)
        .await
        .unwrap();
    assert_eq!(to, board);
    let all = play.get(&play.of_account("opportunities")).await;
    let id = all["opportunities"][0]["id"].as_str().unwrap();
    let page = format!("/lever/opportunities/{id}");
    let title = "AngularJS: Services, Components, and API Access";
    assert_eq!(
        play.submit(&format!("{page}/tags"), &[("tag", title)])
            .await
            .unwrap(),
        page
    );
    play.submit(&format!("{page}/notes"), &[("value", "Looks good")])
        .await
        .unwrap();
    let (_, shown) = play.page(&page).await;
    for words in [
        title,
        "Looks good",
        "Rosa Recruiter",
        "kim@candidate.example",
        "Lisbon",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let offer = [("stage_id", "offer")];
    assert_eq!(
        play.submit(&format!("{page}/move"), &offer).await.unwrap(),
        board
    );
    let (_, shown) = play.page(&board).await;
    assert!(shown.contains("Kim Park") && shown.contains(title));
    assert!(
        !shown.contains("Lisbon"),
        "what the posting gives by its place is not shown"
    );
    play.submit(&format!("{page}/tags/remove"), &[("tag", title)])
        .await
        .unwrap();
    let after = play.get(&format!("opportunities/{id}")).await;
    assert!(!after["tags"].as_array().unwrap().contains(&json!(title)));
    assert_eq!(after["stage_id"], "offer");
    assert_eq!(after["stage_changes"][1]["user_id"], play.user(2));
}

#[tokio::test]
async fn a_candidate_is_archived_brought_back_changed_merged_anonymised_and_deleted() {
    let play = LeverPlay::start().await;
    let (kim, ben) = (
        play.kim().await,
        play.candidate(json!({"name": "Ben"})).await,
    );
    let page = format!("/lever/opportunities/{kim}");
    let reason = play.account["archive_reasons"][1]["id"].as_str().unwrap();
    play.submit(&format!("{page}/archive"), &[("reason", reason)])
        .await
        .unwrap();
    assert!(play.page(&page).await.1.contains("Underqualified"));
    play.submit(&format!("{page}/unarchive"), &[])
        .await
        .unwrap();
    let change = [
        ("emails", "kim@new.example, kim@old.example"),
        ("contact_refused", "on"),
    ];
    play.submit(&format!("{page}/change"), &change)
        .await
        .unwrap();
    let shown = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(
        shown["emails"],
        json!(["kim@new.example", "kim@old.example"])
    );
    assert_eq!(
        (&shown["contact_allowed"], &shown["archived"]),
        (&json!(false), &Value::Null)
    );
    play.submit(&format!("{page}/merge"), &[("into", &ben)])
        .await
        .unwrap();
    play.submit(&format!("{page}/anonymise"), &[])
        .await
        .unwrap();
    assert!(play.page(&page).await.1.contains("Anonymised person"));
    play.submit(&format!("{page}/delete"), &[]).await.unwrap();
    assert_eq!(play.page(&page).await.0, 404);
}

#[tokio::test]
async fn the_switch_the_test_button_and_rerun_are_on_the_webhooks_page() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let hook = play.hook(&receiver).await;
    let page = format!("/lever/accounts/{}/webhooks", play.account_id());
    let (_, shown) = play.page(&page).await;
    assert!(shown.contains("Made by Talent Works") && shown.contains("Candidate Stage Change"));
    let events = format!("/lever/accounts/{}/events", play.account_id());
    let on = [("event", "candidateStageChange"), ("on", "yes")];
    assert_eq!(play.submit(&events, &on).await.unwrap(), page);
    play.submit(
        &format!("/lever/webhooks/{}/test", hook["id"].as_str().unwrap()),
        &[],
    )
    .await
    .unwrap();
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    let delivered = play.settled(2).await[1]["id"].clone();
    play.submit(
        &format!("/lever/deliveries/{delivered}/rerun"),
        &[("token", "new")],
    )
    .await
    .unwrap();
    assert_eq!(receiver.received().len(), 3);
    let (_, shown) = play.page(&page).await;
    assert!(shown.contains("✓ Delivered") && shown.contains("Rerun") && shown.contains("Test"));
}

#[tokio::test]
async fn access_is_revoked_on_the_page_of_authorized_apps() {
    let play = LeverPlay::start().await;
    let page = format!("/lever/accounts/{}/apps", play.account_id());
    assert!(play.page(&page).await.1.contains("✓ Has access"));
    let client_id = play.app["client_id"].as_str().unwrap();
    let order = [("client_id", client_id), ("access_tokens", "live_out")];
    assert_eq!(
        play.submit(&format!("{page}/revoke"), &order)
            .await
            .unwrap(),
        page
    );
    assert!(
        play.page(&page)
            .await
            .1
            .contains("A Super Admin revoked access.")
    );
    assert_eq!(play.api(Method::GET, "/stages", Value::Null).await.0, 200);
}

#[tokio::test]
async fn postings_people_behaviour_and_faults_have_their_pages() {
    let play = LeverPlay::start().await;
    let account = format!("/lever/accounts/{}", play.account_id());
    let posting = play.account["postings"][0]["id"].as_str().unwrap();
    play.submit(
        &format!("/lever/postings/{posting}/tags"),
        &[("tag", "Rust, the basics")],
    )
    .await
    .unwrap();
    let renamed = [("text", "Rust engineer"), ("team", "Core")];
    play.submit(&format!("/lever/postings/{posting}"), &renamed)
        .await
        .unwrap();
    assert!(
        play.page(&format!("{account}/postings"))
            .await
            .1
            .contains("Rust, the basics")
    );
    let gone = [("user_id", play.user(1)), ("deactivated", "yes")];
    play.submit(&format!("{account}/users/deactivate"), &gone)
        .await
        .unwrap();
    assert!(
        play.page(&format!("{account}/people"))
            .await
            .1
            .contains("Deactivated")
    );
    let stage = [("stage_id", "lead-new"), ("text", "Fresh lead")];
    play.submit(&format!("{account}/stages/rename"), &stage)
        .await
        .unwrap();
    assert!(play.page(&account).await.1.contains("Fresh lead"));
    let fault = [("kind", "500"), ("times", "1")];
    play.submit(&format!("{account}/faults"), &fault)
        .await
        .unwrap();
    assert!(
        play.page(&format!("{account}/faults"))
            .await
            .1
            .contains("answer 500, once more")
    );
    assert_eq!(play.api(Method::GET, "/stages", Value::Null).await.0, 500);
    let why = play
        .submit(
            &format!("{account}/stages/delete"),
            &[("stage_id", "offer")],
        )
        .await;
    assert!(why.unwrap_err().contains("cannot be deleted"));
}

#[tokio::test]
async fn behaviour_is_saved_as_a_whole() {
    let play = LeverPlay::start().await;
    let page = format!("/lever/accounts/{}/settings", play.account_id());
    let settings = [
        ("refresh_mode", "static"),
        ("access_tokens_after_revoke", "live_out"),
        ("webhooks_after_revoke", "stay"),
        ("posting_tags", "live"),
        ("note_answer", "whole"),
        ("retry_token", "same"),
        ("tags_locked", "on"),
        ("calls_per_second", "10"),
        ("burst", "20"),
        ("access_token_seconds", "60"),
        ("overlap_seconds", "30"),
        ("confidential_status", "404"),
        ("page_size", "5"),
        ("offset_seconds", "60"),
        ("delivery_timeout_seconds", "10"),
        ("delivery_copies", "1"),
        ("delivery_delay_seconds", "0"),
        ("retry_after_seconds", "1, 2, 3"),
    ];
    assert_eq!(play.submit(&page, &settings).await.unwrap(), page);
    let kept = play.get(&format!("accounts/{}", play.account_id())).await["settings"].clone();
    assert_eq!(
        (&kept["refresh_mode"], &kept["posting_tags"]),
        (&json!("static"), &json!("live"))
    );
    assert_eq!(
        (&kept["tags_locked"], &kept["blank_write_answers"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&kept["page_size"], &kept["retry_after_seconds"]),
        (&json!(5), &json!([1, 2, 3]))
    );
    let (_, shown) = play.page(&page).await;
    assert!(shown.contains("1, 2, 3"));
}

#[rstest]
#[case("/lever/accounts/1")]
#[case("/lever/accounts/1/webhooks")]
#[case("/lever/opportunities/1")]
#[case("/lever/postings/1")]
#[tokio::test]
async fn a_page_of_nothing_says_so(#[case] path: &str) {
    let play = LeverPlay::start().await;
    let (status, page) = play.page(path).await;
    assert_eq!(status, 404);
    assert!(page.contains("There is no"));
}

#[tokio::test]
async fn what_people_type_is_shown_as_text() {
    let play = LeverPlay::start().await;
    let name = "<script>alert(1)</script>";
    let kim = play.candidate(json!({"name": name, "tags": [name]})).await;
    for path in [
        format!("/lever/accounts/{}", play.account_id()),
        format!("/lever/opportunities/{kim}"),
    ] {
        let (_, page) = play.page(&path).await;
        assert!(page.contains("alert(1)") && !page.contains(name), "{path}");
    }
}
