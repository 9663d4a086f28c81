//! The bucket: ten calls a second, twenty at once.

use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use super::play::LeverPlay;

async fn statuses(play: &LeverPlay, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(play.api(Method::GET, "/stages", Value::Null).await.0);
    }
    statuses
}

fn let_through(statuses: &[u16]) -> usize {
    statuses.iter().filter(|status| **status == 200).count()
}

#[tokio::test]
async fn twenty_calls_go_through_at_once_and_then_ten_in_a_second() {
    let play = LeverPlay::with(json!({})).await;
    let burst = statuses(&play, 25).await;
    assert_eq!(let_through(&burst), 20);
    assert!(burst[20..].iter().all(|status| *status == 429));
    play.advance(1).await;
    assert_eq!(let_through(&statuses(&play, 15).await), 10);
    let counted = play.get(&play.of_account("allowance")).await;
    assert_eq!(
        (&counted["calls"], &counted["refused"]),
        (&json!(30), &json!(10))
    );
    assert_eq!(counted["largest_second"], 20);
    let second = json!({"second": 1_790_000_001, "calls": 10, "refused": 5});
    assert_eq!(counted["seconds"][1], second);
    assert_eq!(counted["calls_by_name"], json!({"list_stages": 30}));
}

#[tokio::test]
async fn a_refusal_says_when_to_come_again_unless_it_is_told_not_to() {
    let play = LeverPlay::with(json!({"burst": 1})).await;
    statuses(&play, 1).await;
    let refused = play
        .send(Method::GET, "/stages", Value::Null)
        .await
        .unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()[RETRY_AFTER]),
        (429, &"1".parse().unwrap())
    );
    play.set(json!({"retry_after": false})).await;
    let refused = play
        .send(Method::GET, "/stages", Value::Null)
        .await
        .unwrap();
    assert_eq!(
        (
            refused.status().as_u16(),
            refused.headers().get(RETRY_AFTER)
        ),
        (429, None)
    );
}

#[tokio::test]
async fn each_app_has_a_bucket_of_its_own_and_counts_can_begin_afresh() {
    let play = LeverPlay::with(json!({"burst": 2})).await;
    assert_eq!(let_through(&statuses(&play, 3).await), 2);
    let key = play.account["api_key"].as_str().unwrap();
    let call = play
        .http
        .get(play.url("/lever/v1/stages"))
        .basic_auth(key, Some(""));
    assert_eq!(call.send().await.unwrap().status(), 200);
    let path = play.of_account("allowance");
    let (_, cleared) = play.control(Method::DELETE, &path, Value::Null).await;
    assert_eq!(
        (&cleared["calls"], &cleared["refused"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(
        let_through(&statuses(&play, 1).await),
        0,
        "the bucket is as empty as before"
    );
}
