//! Reading, listing, creating, moving and archiving opportunities through the Data API.

use reqwest::Method;
use reqwest::header::DATE;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::LeverPlay;

async fn posting(play: &LeverPlay) -> String {
    let id = &play.account["postings"][0]["id"];
    id.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_opportunity_is_told_in_levers_shape() {
    let play = LeverPlay::start().await;
    let kim = json!({"name": "Kim Park", "emails": ["kim@candidate.example"], "posting_id": posting(&play).await});
    let id = play.candidate(kim).await;
    let answer = play.read(&format!("/opportunities/{id}")).await;
    let kim = &answer["data"];
    assert_eq!(
        (&kim["name"], &kim["emails"]),
        (&json!("Kim Park"), &json!(["kim@candidate.example"]))
    );
    assert_eq!(
        (&kim["stage"], &kim["archived"]),
        (&json!("lead-new"), &Value::Null)
    );
    assert_eq!(kim["confidentiality"], "non-confidential");
    assert_eq!(kim["origin"], "applied");
    assert_eq!(kim["stageChanges"][0]["toStageId"], "lead-new");
    assert_eq!(kim["createdAt"], 1_790_000_000_000_i64);
    assert_eq!(
        kim["urls"]["show"],
        play.url(&format!("/lever/opportunities/{id}"))
    );
}

#[tokio::test]
async fn expand_and_include_say_what_is_told() {
    let play = LeverPlay::start().await;
    let id = play
        .candidate(json!({"name": "Kim", "posting_id": posting(&play).await}))
        .await;
    let path = format!("/opportunities/{id}?expand=stage&expand[]=contact,applications");
    let whole = play.read(&path).await["data"].clone();
    assert_eq!(
        whole["stage"],
        json!({"id": "lead-new", "text": "New lead"})
    );
    assert_eq!(whole["contact"]["name"], "Kim");
    assert_eq!(whole["applications"][0]["email"], Value::Null);
    let path = format!("/opportunities/{id}?include=id&include=tags&expand=stage");
    let members = play.read(&path).await["data"].as_object().unwrap().clone();
    let names: Vec<&String> = members.keys().collect();
    assert_eq!(names, ["id", "stage", "tags"]);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let play = LeverPlay::start().await;
    for path in ["/opportunities/5e1d0c9a", "/stages/5e1d0c9a", "/nowhere"] {
        let (status, body) = play.api(Method::GET, path, Value::Null).await;
        assert_eq!(
            (status, &body["code"]),
            (404, &json!("ResourceNotFound")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_date_of_an_answer_is_the_sandboxs() {
    let play = LeverPlay::start().await;
    let date = async || {
        let answer = play
            .send(Method::GET, "/stages", Value::Null)
            .await
            .unwrap();
        answer.headers()[DATE].to_str().unwrap().to_owned()
    };
    assert_eq!(date().await, "Mon, 21 Sep 2026 14:13:20 GMT");
    play.advance(60).await;
    assert_eq!(date().await, "Mon, 21 Sep 2026 14:14:20 GMT");
}

#[rstest]
#[case("archived=true", &["Ann"])]
#[case("archived=false", &["Ben", "Cho"])]
#[case("stage_id=offer&archived=false", &["Ben"])]
#[case("stage_id=offer&stage_id=lead-new", &["Ann", "Ben", "Cho"])]
#[case("tag=Rust", &["Ben"])]
#[case("tag=rust", &[])]
#[case("email=CHO@candidate.example", &["Cho"])]
#[case("origin=referred", &["Cho"])]
#[case("updated_at_start=1790000100000", &["Ann"])]
#[case("updated_at_end=1790000099999", &["Ben", "Cho"])]
#[case("archived_at_start=1790000100000&archived_at_end=1790000100000", &["Ann"])]
#[case("advanced_at_start=1790000001000", &["Ann"])]
#[tokio::test]
async fn a_list_holds_what_its_filters_let_through(#[case] query: &str, #[case] names: &[&str]) {
    let play = LeverPlay::start().await;
    let ann = play.candidate(json!({"name": "Ann"})).await;
    play.candidate(json!({"name": "Ben", "stage_id": "offer", "tags": ["Rust"]}))
        .await;
    play.candidate(
        json!({"name": "Cho", "emails": ["cho@candidate.example"], "origin": "referred"}),
    )
    .await;
    play.advance(100).await;
    play.post(&format!("opportunities/{ann}/archive"), json!({}))
        .await;
    let list = play.read(&format!("/opportunities?{query}")).await;
    let found = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap());
    assert_eq!(found.collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn a_list_is_paged_by_tokens_that_belong_to_it() {
    let play = LeverPlay::start().await;
    play.post(&play.of_account("opportunities/bulk"), json!({"count": 5}))
        .await;
    let mut names = Vec::new();
    let mut path = "/opportunities?limit=2&archived=false".to_owned();
    let token = loop {
        let page = play.read(&path).await;
        let items = page["data"].as_array().unwrap().clone();
        names.extend(
            items
                .iter()
                .map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            assert_eq!(page["hasNext"], false);
            break path.rsplit('=').next().unwrap().to_owned();
        };
        path = format!("/opportunities?limit=2&archived=false&offset={next}");
    };
    assert_eq!(
        names,
        (1..=5)
            .map(|number| format!("Candidate {number}"))
            .collect::<Vec<_>>()
    );
    for other in [
        format!("/opportunities?limit=2&offset={token}"),
        format!("/stages?offset={token}"),
        "/opportunities?archived=false&offset=made-up".to_owned(),
    ] {
        let (status, body) = play.api(Method::GET, &other, Value::Null).await;
        assert_eq!(
            (status, &body["message"]),
            (400, &json!("Invalid offset token")),
            "{other}"
        );
    }
    assert_eq!(play.api(Method::GET, &path, Value::Null).await.0, 200);
    play.advance(3_601).await;
    let path = format!("/lever/v1{path}");
    let key = play.account["api_key"].as_str().unwrap();
    let late = play
        .http
        .get(play.url(&path))
        .basic_auth(key, Some(""))
        .send()
        .await
        .unwrap();
    assert_eq!(late.status(), 400);
}

#[rstest]
#[case("limit=0")]
#[case("limit=101")]
#[case("limit=ten")]
#[case("archived=maybe")]
#[case("updated_at_start=yesterday")]
#[tokio::test]
async fn parameters_that_cannot_be_read_are_refused(#[case] query: &str) {
    let play = LeverPlay::start().await;
    let path = format!("/opportunities?{query}");
    assert_eq!(play.api(Method::GET, &path, Value::Null).await.0, 400);
}

#[tokio::test]
async fn a_move_is_appended_and_its_answer_holds_no_person() {
    let play = LeverPlay::start().await;
    let (kim, offer) = (play.kim().await, json!({"stage": "offer"}));
    play.advance(60).await;
    let path = format!("/opportunities/{kim}/stage?perform_as={}", play.user(1));
    let (status, answer) = play.api(Method::PUT, &path, offer.clone()).await;
    assert_eq!(status, 200);
    let moved = &answer["data"];
    assert_eq!((&moved["name"], &moved["emails"]), (&json!(""), &json!([])));
    let last = &moved["stageChanges"][1];
    assert_eq!(
        (&last["toStageId"], &last["updatedAt"]),
        (&json!("offer"), &json!(1_790_000_060_000_i64))
    );
    assert_eq!(last["userId"], play.user(1));
    play.api(Method::PUT, &path, offer).await;
    let after = play.read(&format!("/opportunities/{kim}")).await;
    assert_eq!(after["data"]["stageChanges"].as_array().unwrap().len(), 2);
    assert_eq!(after["data"]["name"], "Kim Park");
}

#[tokio::test]
async fn write_answers_can_hold_the_person() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "blank_write_answers": false})).await;
    let path = format!("/opportunities/{}/stage", play.kim().await);
    let (_, answer) = play
        .api(Method::PUT, &path, json!({"stage": "offer"}))
        .await;
    assert_eq!(answer["data"]["name"], "Kim Park");
}

#[tokio::test]
async fn archiving_moves_last_advanced_and_an_archived_one_can_be_moved() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let reason = &play.account["archive_reasons"][1]["id"];
    play.advance(60).await;
    let path = format!("/opportunities/{kim}/archived");
    let (status, answer) = play
        .api(Method::PUT, &path, json!({"reason": reason}))
        .await;
    assert_eq!(status, 200);
    assert_eq!(answer["data"]["archived"]["reason"], *reason);
    assert_eq!(answer["data"]["lastAdvancedAt"], 1_790_000_060_000_i64);
    let (status, answer) = play
        .api(
            Method::PUT,
            &format!("/opportunities/{kim}/stage"),
            json!({"stage": "offer"}),
        )
        .await;
    assert_eq!((status, &answer["data"]["stage"]), (200, &json!("offer")));
    assert_ne!(answer["data"]["archived"], Value::Null);
    let (_, answer) = play.api(Method::PUT, &path, json!({"reason": null})).await;
    assert_eq!(answer["data"]["archived"], Value::Null);
}

#[tokio::test]
async fn one_is_created_in_someones_name_and_known_people_are_found_by_address() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let body = json!({"name": "Kim P.", "emails": ["KIM@candidate.example"], "postings": [posting(&play).await], "tags": ["Rust"]});
    assert_eq!(
        play.api(Method::POST, "/opportunities", body.clone())
            .await
            .0,
        400
    );
    let path = format!("/opportunities?perform_as={}", play.user(0));
    let (status, answer) = play.api(Method::POST, &path, body).await;
    assert_eq!(status, 201);
    let first = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(answer["data"]["contact"], first["contact_id"]);
    assert_eq!(answer["data"]["name"], "Kim Park");
}

#[tokio::test]
async fn confidential_ones_are_hidden_without_the_scope() {
    let mut play = LeverPlay::start().await;
    let kim = play
        .candidate(json!({"name": "Kim", "confidential": true}))
        .await;
    let path = format!("/opportunities/{kim}");
    assert_eq!(play.api(Method::GET, &path, Value::Null).await.0, 403);
    play.set(json!({"confidential_status": 404})).await;
    assert_eq!(play.api(Method::GET, &path, Value::Null).await.0, 404);
    assert_eq!(play.read("/opportunities").await["data"], json!([]));
    let all = "/opportunities?confidentiality=all";
    assert_eq!(play.api(Method::GET, all, Value::Null).await.0, 403);
    play.use_scopes("opportunities:read:admin confidential:access:admin")
        .await;
    play.read(&path).await;
    assert_eq!(play.read("/opportunities").await["data"], json!([]));
    assert_eq!(play.read(all).await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn deleted_merged_and_anonymised_ones_are_told_so() {
    let play = LeverPlay::start().await;
    let (ann, ben) = (
        play.candidate(json!({"name": "Ann", "emails": ["ann@candidate.example"]}))
            .await,
        play.kim().await,
    );
    play.post(&format!("opportunities/{ann}/merge"), json!({"into": ben}))
        .await;
    let (one, other) = (
        play.read(&format!("/opportunities/{ann}")).await,
        play.read(&format!("/opportunities/{ben}")).await,
    );
    assert_eq!(one["data"]["contact"], other["data"]["contact"]);
    assert_eq!(
        one["data"]["emails"],
        json!(["kim@candidate.example", "ann@candidate.example"])
    );
    play.post(&format!("opportunities/{ann}/anonymise"), json!({}))
        .await;
    let gone = play.read(&format!("/opportunities/{ben}")).await;
    assert_eq!(
        (&gone["data"]["isAnonymized"], &gone["data"]["emails"]),
        (&json!(true), &json!([]))
    );
    play.post(&format!("opportunities/{ann}/delete"), json!({}))
        .await;
    assert_eq!(
        play.api(Method::GET, &format!("/opportunities/{ann}"), Value::Null)
            .await
            .0,
        404
    );
    let deleted = play.read("/opportunities/deleted").await;
    assert_eq!(
        (&deleted["data"][0]["id"], &deleted["data"][0]["deletedBy"]),
        (&json!(ann), &json!(play.user(2)))
    );
}

#[tokio::test]
async fn links_belong_to_the_person_and_sources_to_the_opportunity() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let contact = play.get(&format!("opportunities/{kim}")).await["contact_id"].clone();
    let again = play.candidate(json!({"contact_id": contact})).await;
    let link = json!({"links": ["https://results.example/1"]});
    let (status, answer) = play
        .api(
            Method::POST,
            &format!("/opportunities/{kim}/addLinks"),
            link.clone(),
        )
        .await;
    assert_eq!((status, &answer["data"]["name"]), (200, &json!("Kim Park")));
    let other = play.read(&format!("/opportunities/{again}")).await;
    assert_eq!(other["data"]["links"], link["links"]);
    play.api(
        Method::POST,
        &format!("/opportunities/{again}/removeLinks"),
        link,
    )
    .await;
    assert_eq!(
        play.read(&format!("/opportunities/{kim}")).await["data"]["links"],
        json!([])
    );
    let sources = json!({"sources": ["Referral"]});
    play.api(
        Method::POST,
        &format!("/opportunities/{kim}/addSources"),
        sources.clone(),
    )
    .await;
    assert_eq!(
        play.read(&format!("/opportunities/{kim}")).await["data"]["sources"],
        sources["sources"]
    );
    assert_eq!(
        play.read(&format!("/opportunities/{again}")).await["data"]["sources"],
        json!([])
    );
}

#[tokio::test]
async fn a_person_who_left_can_act_for_nobody() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let gone = play.user(1);
    play.control(
        Method::PATCH,
        &format!("users/{gone}"),
        json!({"deactivated": true}),
    )
    .await;
    let path = |user: &str| format!("/opportunities/{kim}/addTags?perform_as={user}");
    let tags = json!({"tags": ["A"]});
    assert_eq!(
        play.api(Method::POST, &path(gone), tags.clone()).await.0,
        403
    );
    assert_eq!(play.api(Method::POST, &path("nobody"), tags).await.0, 400);
}
