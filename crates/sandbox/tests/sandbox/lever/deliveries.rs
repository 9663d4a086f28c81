//! Deliveries that go wrong, come twice, late, in another order, or were never sent by Lever.

use reqwest::Method;
use serde_json::{Value, json};

use super::play::LeverPlay;
use super::webhooks::signature;
use crate::receiver::Receiver;

const EVENT: &str = "candidateStageChange";

async fn ready(settings: Value) -> (LeverPlay, Receiver, Value) {
    let mut all = json!({"calls_per_second": 0});
    for (name, value) in settings.as_object().unwrap() {
        all[name] = value.clone();
    }
    let play = LeverPlay::with(all).await;
    let receiver = Receiver::start();
    let hook = play.hook(&receiver).await;
    play.switch(EVENT, true).await;
    (play, receiver, hook)
}

/// A delivery, as soon as it has had so many attempts.
async fn attempted(play: &LeverPlay, count: usize) -> Value {
    play.until(&play.of_account("deliveries"), |answer| {
        let delivery = &answer["deliveries"][0];
        let attempts = delivery["attempts"].as_array()?;
        (attempts.len() == count).then(|| delivery.clone())
    })
    .await
}

#[tokio::test]
async fn what_is_not_received_is_tried_five_times_more_each_time_later() {
    let (play, receiver, _) = ready(json!({})).await;
    receiver.answer_next(&[500, 302, 404, 503, 400, 500]);
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    for (attempt, wait) in [10, 60, 600, 3_600, 21_600].into_iter().enumerate() {
        let delivery = attempted(&play, attempt + 1).await;
        assert_eq!(delivery["state"], "waiting");
        play.advance(wait).await;
    }
    let delivery = attempted(&play, 6).await;
    assert_eq!(
        (&delivery["state"], &delivery["next_attempt_at"]),
        (&json!("failed"), &Value::Null)
    );
    let received = receiver.received();
    assert_eq!(received.len(), 6);
    assert!(
        received.iter().all(|body| *body == received[0]),
        "the same token each time"
    );
}

#[tokio::test]
async fn a_retry_can_carry_a_new_token() {
    let (play, receiver, hook) = ready(json!({"retry_token": "new"})).await;
    receiver.answer_next(&[500]);
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    attempted(&play, 1).await;
    play.advance(10).await;
    let delivery = attempted(&play, 2).await;
    assert_eq!(delivery["state"], "delivered");
    let received = receiver.received();
    assert_eq!(received[0]["data"], received[1]["data"]);
    assert_ne!(received[0]["token"], received[1]["token"]);
    let key = hook["configuration"]["signatureToken"].as_str().unwrap();
    assert_eq!(received[1]["signature"], signature(key, &received[1]));
}

#[tokio::test]
async fn an_event_can_be_sent_twice_and_late() {
    let (play, receiver, _) =
        ready(json!({"delivery_copies": 2, "delivery_delay_seconds": 30})).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    let path = play.of_account("deliveries?state=waiting");
    assert_eq!(
        play.get(&path).await["deliveries"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(receiver.received().is_empty());
    play.advance(30).await;
    play.settled(2).await;
    let received = receiver.received();
    assert_eq!(received[0], received[1]);
}

#[tokio::test]
async fn the_test_request_is_signed_and_empty() {
    let (play, receiver, hook) = ready(json!({})).await;
    let id = hook["id"].as_str().unwrap();
    receiver.answer_next(&[200, 404]);
    let sent = play.post(&format!("webhooks/{id}/test"), json!({})).await;
    assert_eq!(
        (&sent["kind"], &sent["state"]),
        (&json!("test"), &json!("delivered"))
    );
    let body = &receiver.received()[0];
    assert_eq!((&body["data"], &body["id"]), (&json!({}), &Value::Null));
    let key = hook["configuration"]["signatureToken"].as_str().unwrap();
    assert_eq!(body["signature"], signature(key, body));
    let refused = play.post(&format!("webhooks/{id}/test"), json!({})).await;
    assert_eq!(
        (&refused["state"], &refused["attempts"][0]["status"]),
        (&json!("failed"), &json!(404))
    );
}

#[tokio::test]
async fn a_rerun_is_the_same_or_signed_anew_and_a_duplicate_is_the_same() {
    let (play, receiver, _) = ready(json!({})).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    let id = play.settled(1).await[0]["id"].clone();
    play.advance(60).await;
    play.post(&format!("deliveries/{id}/rerun"), json!({}))
        .await;
    play.post(&format!("deliveries/{id}/rerun"), json!({"token": "new"}))
        .await;
    play.post(&format!("deliveries/{id}/duplicate"), json!({"copies": 2}))
        .await;
    let received = receiver.received();
    assert_eq!(received.len(), 5);
    assert_eq!(received[0], received[1]);
    assert_ne!(received[0]["token"], received[2]["token"]);
    assert_eq!(received[0]["id"], received[2]["id"]);
    assert_eq!(received[0], received[4]);
}

#[tokio::test]
async fn held_deliveries_go_out_in_the_order_asked_for_or_are_lost() {
    let (play, receiver, _) = ready(json!({"deliveries_held": true})).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.move_to(&kim, "Offer").await;
    assert!(receiver.received().is_empty());
    let order = json!({"order": "reversed", "keep_holding": true});
    let released = play
        .post(&play.of_account("deliveries/release"), order)
        .await;
    assert_eq!(released["released"], 2);
    let to: Vec<Value> = receiver
        .received()
        .iter()
        .map(|body| body["data"]["toStageId"].clone())
        .collect();
    assert_eq!(to, [json!("offer"), json!(play.stage("Assessment"))]);
    play.move_to(&kim, "New lead").await;
    let dropped = play
        .post(&play.of_account("deliveries/drop"), json!({}))
        .await;
    assert_eq!(dropped["dropped"], 1);
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test]
async fn a_forgery_is_signed_as_asked_or_borrows_a_signature() {
    let (play, receiver, hook) = ready(json!({})).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    let genuine = play.settled(1).await[0]["id"].clone();
    let path = format!("webhooks/{}/forge", hook["id"].as_str().unwrap());
    let data = json!({"opportunityId": "someone-else"});
    for forgery in [
        json!({"data": data, "signature": "wrong"}),
        json!({"data": data, "signature": "absent"}),
        json!({"data": data, "of_delivery": genuine}),
    ] {
        play.post(&path, forgery).await;
    }
    let received = receiver.received();
    let key = hook["configuration"]["signatureToken"].as_str().unwrap();
    assert_ne!(received[1]["signature"], signature(key, &received[1]));
    assert_eq!(received[2]["signature"], Value::Null);
    assert_eq!(received[3]["token"], received[0]["token"]);
    assert_eq!(received[3]["signature"], signature(key, &received[3]));
    assert_eq!(received[3]["data"], data);
}

#[tokio::test]
async fn deliveries_go_on_after_access_was_revoked() {
    let (play, receiver, _) = ready(json!({})).await;
    play.post(&play.of_account("revoke"), json!({})).await;
    let kim = play.kim().await;
    play.move_to(&kim, "Assessment").await;
    play.settled(1).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(play.api(Method::GET, "/stages", Value::Null).await.0, 401);
}

#[tokio::test]
async fn two_hundred_moves_make_two_hundred_deliveries() {
    let (play, receiver, _) = ready(json!({})).await;
    play.post(
        &play.of_account("opportunities/bulk"),
        json!({"count": 200}),
    )
    .await;
    let order = json!({"from_stage_id": "lead-new", "stage_id": play.stage("Assessment")});
    play.post(&play.of_account("move"), order).await;
    let path = play.of_account("deliveries?state=delivered");
    play.until(&path, |answer| {
        let all = answer["deliveries"].as_array().unwrap();
        (all.len() == 200).then_some(())
    })
    .await;
    let ids: std::collections::BTreeSet<String> = receiver
        .received()
        .iter()
        .map(|body| body["data"]["opportunityId"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 200);
}
