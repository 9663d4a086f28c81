//! Tags: exact strings in one list, those of the posting among them.

use reqwest::Method;
use serde_json::{Value, json};

use super::play::LeverPlay;

const TITLE: &str = "AngularJS: Services, Components, and API Access";

impl LeverPlay {
    async fn tags(&self, id: &str) -> Value {
        self.read(&format!("/opportunities/{id}")).await["data"]["tags"].clone()
    }

    async fn tag(&self, id: &str, change: &str, tags: Value) -> u16 {
        let path = format!("/opportunities/{id}/{change}");
        self.api(Method::POST, &path, json!({"tags": tags})).await.0
    }

    fn posting_id(&self) -> &str {
        self.account["postings"][0]["id"].as_str().unwrap()
    }

    async fn change_posting(&self, change: Value) {
        let path = format!("postings/{}", self.posting_id());
        let (status, answer) = self.control(Method::PATCH, &path, change).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn tags_are_swapped_in_two_calls_and_each_is_counted() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.post(
        &format!("opportunities/{kim}/add-tags"),
        json!({"tags": [TITLE]}),
    )
    .await;
    let invited = format!("{TITLE} - Invited");
    let path = format!("/opportunities/{kim}/addTags");
    let (_, answer) = play
        .api(Method::POST, &path, json!({"tags": [invited]}))
        .await;
    assert_eq!(answer["data"]["tags"], json!([TITLE, invited]));
    assert_eq!(play.tag(&kim, "removeTags", json!([TITLE])).await, 200);
    let shown = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(shown["tags"], json!([invited]));
    assert_eq!(shown["writes"], json!({"add_tags": 1, "remove_tags": 1}));
    let made: Vec<(&Value, &Value)> = shown["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["what"], &entry["by"]))
        .collect();
    let (added, removed) = (json!("tag_added"), json!("tag_removed"));
    let (user, api) = (json!("user"), json!("api"));
    assert_eq!(made, [(&added, &user), (&added, &api), (&removed, &api)]);
}

#[tokio::test]
async fn what_is_there_already_or_not_there_changes_nothing() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    for _ in 0..2 {
        assert_eq!(play.tag(&kim, "addTags", json!(["Rust"])).await, 200);
    }
    assert_eq!(play.tag(&kim, "removeTags", json!(["rust"])).await, 200);
    let shown = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(shown["tags"], json!(["Rust"]));
    assert_eq!(shown["history"].as_array().unwrap().len(), 1);
    assert_eq!(shown["writes"]["add_tags"], 2);
    assert_eq!(play.tag(&kim, "addTags", json!([])).await, 400);
}

#[tokio::test]
async fn two_tags_may_differ_in_case_or_spaces_only() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.tag(
        &kim,
        "addTags",
        json!(["Full-time", "Full-Time", "Full-time "]),
    )
    .await;
    play.tag(&kim, "removeTags", json!(["Full-Time"])).await;
    assert_eq!(play.tags(&kim).await, json!(["Full-time", "Full-time "]));
    let all = play.read("/tags").await;
    let texts = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["text"].as_str().unwrap());
    let alike: Vec<&str> = texts.filter(|text| text.starts_with("Full")).collect();
    assert_eq!(alike, ["Full-Time", "Full-time", "Full-time "]);
}

#[tokio::test]
async fn a_posting_gives_its_title_places_and_tags_which_can_be_removed_where_they_are_copied() {
    let play = LeverPlay::start().await;
    play.change_posting(json!({"tags": [TITLE]})).await;
    let kim = play
        .candidate(json!({"name": "Kim", "posting_id": play.posting_id()}))
        .await;
    let given = json!([
        "Platform",
        "Engineering",
        "Lisbon",
        "Full-time",
        "Systems engineer",
        TITLE
    ]);
    assert_eq!(play.tags(&kim).await, given);
    assert_eq!(play.tag(&kim, "removeTags", json!([TITLE])).await, 200);
    assert_eq!(play.tags(&kim).await.as_array().unwrap().len(), 5);
    play.change_posting(json!({"tags": [TITLE, "Later"]})).await;
    assert_eq!(
        play.tags(&kim).await.as_array().unwrap().len(),
        5,
        "linked before the tag came"
    );
}

#[tokio::test]
async fn where_tags_are_live_they_come_and_go_with_the_posting_only() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "posting_tags": "live"})).await;
    let kim = play
        .candidate(json!({"name": "Kim", "posting_id": play.posting_id()}))
        .await;
    play.change_posting(json!({"tags": [TITLE]})).await;
    assert!(
        play.tags(&kim)
            .await
            .as_array()
            .unwrap()
            .contains(&json!(TITLE))
    );
    assert_eq!(play.tag(&kim, "removeTags", json!([TITLE])).await, 200);
    assert!(
        play.tags(&kim)
            .await
            .as_array()
            .unwrap()
            .contains(&json!(TITLE))
    );
    play.change_posting(json!({"tags": []})).await;
    assert!(
        !play
            .tags(&kim)
            .await
            .as_array()
            .unwrap()
            .contains(&json!(TITLE))
    );
}

#[tokio::test]
async fn a_renamed_posting_takes_its_old_title_along() {
    let play = LeverPlay::start().await;
    play.change_posting(json!({"tags": ["Extra"]})).await;
    let kim = play
        .candidate(json!({"name": "Kim", "posting_id": play.posting_id()}))
        .await;
    play.change_posting(json!({"text": "Rust engineer"})).await;
    let tags = play.tags(&kim).await;
    assert_eq!(
        tags,
        json!([
            "Platform",
            "Engineering",
            "Lisbon",
            "Full-time",
            "Extra",
            "Rust engineer"
        ])
    );
}

#[tokio::test]
async fn while_tags_are_locked_a_recruiter_picks_only_what_exists() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "tags_locked": true})).await;
    let kim = play.kim().await;
    let path = format!("opportunities/{kim}/add-tags");
    let (status, answer) = play
        .control(Method::POST, &path, json!({"tags": [TITLE]}))
        .await;
    assert_eq!(status, 409, "{answer}");
    let admin = json!({"tags": [TITLE], "user_id": play.user(1)});
    play.post(&path, admin).await;
    let ben = play.candidate(json!({"name": "Ben"})).await;
    play.post(
        &format!("opportunities/{ben}/add-tags"),
        json!({"tags": [TITLE]}),
    )
    .await;
    assert_eq!(play.tags(&ben).await, json!([TITLE]));
    assert_eq!(
        play.tag(&ben, "addTags", json!(["New one"])).await,
        200,
        "apps may"
    );
}
