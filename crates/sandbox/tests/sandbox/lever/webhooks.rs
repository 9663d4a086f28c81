//! Webhooks through the API, and what is told to them.

use reqwest::Method;
use serde_json::{Value, json};

use super::play::LeverPlay;
use crate::receiver::Receiver;

const EVENT: &str = "candidateStageChange";

impl LeverPlay {
    /// A webhook that the app makes, with its token.
    pub(crate) async fn hook(&self, receiver: &Receiver) -> Value {
        let body = json!({"event": EVENT, "url": receiver.url});
        let (status, answer) = self.api(Method::POST, "/webhooks", body).await;
        assert_eq!(status, 201, "{answer}");
        answer["data"].clone()
    }

    pub(crate) async fn switch(&self, event: &str, on: bool) {
        let (status, answer) = self
            .control(
                Method::PATCH,
                &self.of_account("events"),
                json!({event: on}),
            )
            .await;
        assert_eq!(status, 200, "{answer}");
    }

    /// All deliveries, as soon as there are so many and none is on its way.
    pub(crate) async fn settled(&self, count: usize) -> Vec<Value> {
        self.until(&self.of_account("deliveries"), |answer| {
            let all = answer["deliveries"].as_array().unwrap();
            let done = all
                .iter()
                .all(|one| one["state"] != "waiting" || one["attempts"] != json!([]));
            (all.len() == count && done).then(|| all.clone())
        })
        .await
    }
}

#[tokio::test]
async fn the_signing_token_is_told_once_and_the_list_has_no_end_mark() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let made = play.hook(&receiver).await;
    let token = made["configuration"]["signatureToken"].as_str().unwrap();
    assert_eq!(token.len(), 48);
    assert_eq!(
        made["configuration"]["conditions"]["origins"]
            .as_array()
            .unwrap()
            .len(),
        6
    );
    let list = play.read("/webhooks").await;
    assert_eq!(list["data"][0]["id"], made["id"]);
    assert_eq!(
        list["data"][0]["configuration"]["signatureToken"],
        Value::Null
    );
    assert_eq!(list["hasNext"], Value::Null);
    let log = play
        .http
        .get(play.url("/control/log?call=create_webhook"))
        .send()
        .await
        .unwrap();
    assert!(!log.text().await.unwrap().contains(token));
}

#[tokio::test]
async fn two_of_the_same_are_two_and_each_is_deleted_by_itself() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let (one, other) = (play.hook(&receiver).await, play.hook(&receiver).await);
    assert_ne!(
        one["configuration"]["signatureToken"],
        other["configuration"]["signatureToken"]
    );
    let path = format!("/webhooks/{}", one["id"].as_str().unwrap());
    assert_eq!(
        play.api(Method::DELETE, &path, Value::Null).await,
        (204, Value::Null)
    );
    assert_eq!(play.api(Method::DELETE, &path, Value::Null).await.0, 404);
    assert_eq!(
        play.read("/webhooks").await["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn an_address_changes_through_the_collection() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let id = play.hook(&receiver).await["id"].clone();
    let change = json!({"data": [{"id": id, "url": "https://app.vendor.example/new"}]});
    let (status, answer) = play.api(Method::PUT, "/webhooks/", change).await;
    assert_eq!(
        (status, &answer["data"][0]["url"]),
        (200, &json!("https://app.vendor.example/new"))
    );
}

#[tokio::test]
async fn one_made_in_the_settings_is_out_of_the_apis_reach() {
    let play = LeverPlay::start().await;
    let body = json!({"event": EVENT, "url": "https://other.example/hook"});
    let made = play.post(&play.of_account("webhooks"), body).await;
    let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
    assert_eq!(play.api(Method::DELETE, &path, Value::Null).await.0, 403);
    assert_eq!(play.read("/webhooks").await["data"][0]["id"], made["id"]);
}

#[tokio::test]
async fn addresses_and_events_that_cannot_be_are_refused() {
    let play = LeverPlay::start().await;
    for (event, url) in [
        (EVENT, "http://app.vendor.example/hook"),
        (EVENT, "app.vendor.example"),
        ("candidateMoved", "https://app.vendor.example/hook"),
    ] {
        let body = json!({"event": event, "url": url});
        assert_eq!(
            play.api(Method::POST, "/webhooks", body).await.0,
            400,
            "{event} {url}"
        );
    }
}

#[tokio::test]
async fn the_answer_can_be_doubly_nested() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "nested_webhook_answer": true})).await;
    let receiver = Receiver::start();
    let nested = play.hook(&receiver).await;
    assert_eq!(nested["data"]["event"], EVENT);
}

#[tokio::test]
async fn nothing_is_told_until_the_switch_is_on() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.switch(EVENT, true).await;
    play.move_to(&kim, "Offer").await;
    play.settled(1).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(receiver.received()[0]["data"]["toStageId"], "offer");
}

#[tokio::test]
async fn a_delivery_holds_ids_only_and_is_signed_over_token_and_time() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let key = play.hook(&receiver).await["configuration"]["signatureToken"].clone();
    play.switch(EVENT, true).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.settled(1).await;
    let body = &receiver.received()[0];
    let contact = play.get(&format!("opportunities/{kim}")).await["contact_id"].clone();
    let data = json!({
        "opportunityId": kim,
        "contactId": contact,
        "candidateId": kim,
        "toStageId": play.stage("Assessment"),
        "fromStageId": "lead-new",
    });
    assert_eq!((&body["event"], &body["data"]), (&json!(EVENT), &data));
    assert_eq!(body["triggeredAt"], 1_790_000_000_000_i64);
    assert_eq!(body["token"].as_str().unwrap().len(), 48);
    assert_eq!(body["signature"], signature(key.as_str().unwrap(), body));
    assert_eq!(receiver.agents(), ["Lever-Webhooks"]);
}

/// As a receiver computes it.
pub(crate) fn signature(key: &str, body: &Value) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    let text = format!("{}{}", body["token"].as_str().unwrap(), body["triggeredAt"]);
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_origins_of_a_webhook_decide_of_whom_it_hears() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let only = json!({"conditions": {"origins": ["referred"]}});
    let body = json!({"event": EVENT, "url": receiver.url, "configuration": only});
    play.api(Method::POST, "/webhooks", body).await;
    play.switch(EVENT, true).await;
    let (kim, ben) = (
        play.kim().await,
        json!({"name": "Ben", "origin": "referred"}),
    );
    let ben = play.candidate(ben).await;
    play.move_to(&kim, "Assessment").await;
    play.move_to(&ben, "Assessment").await;
    let deliveries = play.settled(1).await;
    assert_eq!(deliveries[0]["opportunity_id"], ben);
}

#[tokio::test]
async fn moves_of_the_api_and_of_confidential_ones_can_be_left_untold() {
    let play = LeverPlay::with(json!({
        "calls_per_second": 0, "api_moves_tell": false, "confidential_moves_tell": false,
    }))
    .await;
    let receiver = Receiver::start();
    play.hook(&receiver).await;
    play.switch(EVENT, true).await;
    let secret = play
        .candidate(json!({"name": "Secret", "confidential": true}))
        .await;
    play.move_to(&secret, "Assessment").await;
    let kim = play.kim().await;
    let path = format!("/opportunities/{kim}/stage");
    play.api(Method::PUT, &path, json!({"stage": "offer"}))
        .await;
    play.move_to(&kim, "Assessment").await;
    let deliveries = play.settled(1).await;
    assert_eq!(deliveries[0]["opportunity_id"], kim);
}

#[tokio::test]
async fn other_events_are_told_in_their_own_words() {
    let play = LeverPlay::start().await;
    let receiver = Receiver::start();
    let events = [
        "candidateArchiveChange",
        "candidateHired",
        "candidateDeleted",
        "applicationCreated",
    ];
    for event in events {
        let body = json!({"event": event, "url": receiver.url});
        play.api(Method::POST, "/webhooks", body).await;
        play.switch(event, true).await;
    }
    let posting = &play.account["postings"][0]["id"];
    let kim = play
        .candidate(json!({"name": "Kim", "posting_id": posting}))
        .await;
    let hired = json!({"reason": play.account["archive_reasons"][0]["id"]});
    play.post(&format!("opportunities/{kim}/archive"), hired)
        .await;
    play.post(&format!("opportunities/{kim}/delete"), json!({}))
        .await;
    let deliveries = play.settled(4).await;
    let told: Vec<&Value> = deliveries.iter().map(|one| &one["event"]).collect();
    let expected = [
        "applicationCreated",
        "candidateArchiveChange",
        "candidateHired",
        "candidateDeleted",
    ];
    assert_eq!(told, expected);
    let archived: Value = serde_json::from_str(deliveries[1]["body"].as_str().unwrap()).unwrap();
    assert_eq!(archived["data"]["fromArchived"], Value::Null);
    assert!(archived["data"]["toArchived"]["archivedAt"].is_i64());
}
