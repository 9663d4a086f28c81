//! Webhooks: how they are made, what is told to them, and how deliveries go wrong.

use greenhouse_harvest::webhook::{self, About, Action};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::HarvestPlay;
use crate::receiver::Receiver;

const KEY: &str = "a secret key";
const MOVED: &str = "candidate_stage_change";

impl HarvestPlay {
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.control(Method::GET, path, Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    /// A webhook, as it is once it was pinged.
    pub(crate) async fn hook(&self, receiver: &Receiver, event: &str) -> Value {
        let fields = json!({"url": receiver.url, "secret_key": KEY, "event": event});
        self.post(&self.of_organization("/webhooks"), fields).await
    }

    /// Somebody who applied for a job of two stages: application, stages.
    pub(crate) async fn applicant(&self) -> (Value, [u64; 2]) {
        let job = json!({"name": "Engineer", "stages": ["Take home"]});
        let job = self.post(&self.of_organization("/jobs"), job).await;
        let stage = |place: usize| job["stages"][place]["id"].as_u64().unwrap();
        let new = json!({"job_id": job["id"], "first_name": "Ada <b>&", "last_name": "Example", "email": "ada@example.org"});
        let path = "/control/greenhouse/applications";
        let (status, made) = self.call(Method::POST, path, new).await;
        assert_eq!(status, 201, "{made}");
        (made, [stage(0), stage(1)])
    }

    /// A recruiter's move.
    pub(crate) async fn moves(&self, application: &Value, stage: u64) {
        let path = format!(
            "/control/greenhouse/applications/{}/move",
            application["application_id"]
        );
        let (status, answer) = self
            .call(Method::POST, &path, json!({"stage_id": stage}))
            .await;
        assert_eq!(status, 200, "{answer}");
    }

    /// Deliveries of an event, as soon as all of so many were attempted `attempts` times.
    pub(crate) async fn settled(&self, event: &str, count: usize, attempts: usize) -> Vec<Value> {
        let mut seen = 0;
        for _ in 0..200 {
            let (_, version) = self
                .call(
                    Method::GET,
                    &format!("/control/version?after={seen}"),
                    Value::Null,
                )
                .await;
            seen = version["version"].as_u64().unwrap();
            let all = self.get(&self.of_organization("/deliveries")).await;
            let all = all["deliveries"].as_array().unwrap().clone();
            let of_event: Vec<Value> = all.into_iter().filter(|it| it["event"] == event).collect();
            let tried = |it: &Value| it["attempts"].as_array().unwrap().len() == attempts;
            if of_event.len() == count && of_event.iter().all(tried) {
                return of_event;
            }
        }
        panic!("{count} deliveries of {event} never had {attempts} attempts");
    }
}

/// The one delivery that came last, by the client that others use.
fn last(receiver: &Receiver) -> webhook::Delivery {
    let last = receiver.deliveries().pop().unwrap();
    let signature = last.signature.unwrap();
    webhook::receive(&[KEY.into()], signature.as_bytes(), &last.body).unwrap()
}

#[tokio::test]
async fn a_webhook_whose_ping_is_not_answered_with_200_is_disabled_until_somebody_enables_it() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    receiver.answer_next(&[204]);
    let hook = play.hook(&receiver, MOVED).await;
    assert_eq!(hook["disabled"], true);
    assert_eq!(last(&receiver).action, Action::Ping);
    let (ada, [_, stage]) = play.applicant().await;
    play.moves(&ada, stage).await;
    assert_eq!(receiver.deliveries().len(), 1, "nothing but the ping");
    let path = format!("webhooks/{}", hook["id"]);
    let (_, hook) = play.control(Method::PATCH, &path, json!({})).await;
    assert_eq!(hook["disabled"], false);
    let (_, off) = play
        .control(Method::PATCH, &path, json!({"disabled": true}))
        .await;
    assert_eq!(off["disabled"], true);
}

#[tokio::test]
async fn a_recruiters_move_is_told_with_what_v1_called_things() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, MOVED).await;
    let (ada, [_, stage]) = play.applicant().await;
    play.moves(&ada, stage).await;
    play.settled(MOVED, 1, 1).await;
    let raw = String::from_utf8(receiver.deliveries()[1].body.clone()).unwrap();
    assert!(raw.contains(r"Ada \u003cb\u003e\u0026"), "{raw}");
    let told = last(&receiver);
    let About::Application(about) = &told.about else {
        panic!("{told:?}");
    };
    assert_eq!(
        about.id.unwrap().get(),
        ada["application_id"].as_i64().unwrap()
    );
    assert_eq!(
        about.candidate_id.unwrap().get(),
        ada["person_id"].as_i64().unwrap()
    );
    assert_eq!(
        about.current_stage_id.unwrap().get(),
        i64::try_from(stage).unwrap()
    );
    assert_eq!(told.payload["application"]["status"], "active");
    let there = play.list("applications").await;
    let told = &told.payload["application"]["last_activity_at"];
    assert_eq!(*told, there[0]["last_activity_at"]);
    // Harvest shows the way there.
    let stages = play.list("application_stages").await;
    assert_eq!(
        (&stages[0]["current"], &stages[1]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(stages[1]["exited_at"], stages[0]["entered_at"]);
}

#[rstest]
#[case::told(true, 1)]
#[case::not_told(false, 0)]
#[tokio::test]
async fn a_move_through_the_api_is_told_unless_that_is_switched_off(
    #[case] tell: bool,
    #[case] count: usize,
) {
    let play = HarvestPlay::start().await;
    play.set(json!({"api_moves_tell": tell})).await;
    let receiver = Receiver::start();
    play.hook(&receiver, MOVED).await;
    let (ada, [from, _]) = play.applicant().await;
    let path = format!("applications/{}/move", ada["application_id"]);
    let moved = play
        .write(Method::POST, &path, json!({"from_stage_id": from}))
        .await;
    assert_eq!(moved.0, 204, "{moved:?}");
    play.settled(MOVED, count, 1).await;
}

#[tokio::test]
async fn what_is_not_answered_with_200_is_tried_seven_times_in_fifteen_hours() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    play.hook(&receiver, MOVED).await;
    let (ada, [_, stage]) = play.applicant().await;
    receiver.answer_next(&[201, 302, 404, 503, 400, 500, 500]);
    play.moves(&ada, stage).await;
    for (attempt, minutes) in [1, 15, 60, 120, 240, 480].into_iter().enumerate() {
        let delivery = &play.settled(MOVED, 1, attempt + 1).await[0];
        assert_eq!(delivery["state"], "waiting");
        play.advance(minutes * 60).await;
    }
    let delivery = &play.settled(MOVED, 1, 7).await[0];
    assert_eq!(
        (&delivery["state"], &delivery["next_attempt_at"]),
        (&json!("failed"), &Value::Null)
    );
    let came = receiver.deliveries();
    assert!(
        came[1..].iter().all(|one| *one == came[1]),
        "the same each time"
    );
}

#[tokio::test]
async fn a_retry_can_have_another_event_id() {
    let play = HarvestPlay::start().await;
    play.set(json!({"retry_event_id": "new"})).await;
    let receiver = Receiver::start();
    play.hook(&receiver, MOVED).await;
    let (ada, [_, stage]) = play.applicant().await;
    receiver.answer_next(&[500]);
    play.moves(&ada, stage).await;
    play.settled(MOVED, 1, 1).await;
    play.advance(60).await;
    play.settled(MOVED, 1, 2).await;
    let came = receiver.deliveries();
    assert_eq!(
        (&came[1].body, &came[1].signature),
        (&came[2].body, &came[2].signature)
    );
    assert_ne!(came[1].event_id, came[2].event_id);
}

#[tokio::test]
async fn deliveries_come_twice_late_or_in_another_order_or_never() {
    let play = HarvestPlay::start().await;
    play.set(json!({"deliveries_held": true, "delivery_copies": 2}))
        .await;
    let receiver = Receiver::start();
    play.hook(&receiver, MOVED).await;
    let (ada, [first, second]) = play.applicant().await;
    play.moves(&ada, second).await;
    play.moves(&ada, first).await;
    assert_eq!(receiver.deliveries().len(), 1, "held");
    let path = play.of_organization("/deliveries/release");
    let released = play.post(&path, json!({"order": "reversed"})).await;
    assert_eq!(released["released"], 4);
    let stage = |place: usize| {
        receiver.received()[place]["payload"]["application"]["current_stage"]["id"].clone()
    };
    assert_eq!(
        [stage(1), stage(2), stage(3), stage(4)],
        [first, first, second, second]
    );
    let id = play.settled(MOVED, 4, 1).await[0]["id"].clone();
    let path = format!("deliveries/{id}/duplicate");
    play.post(&path, json!({"copies": 3})).await;
    assert_eq!(receiver.deliveries().len(), 8);
    assert_eq!(receiver.deliveries()[7], receiver.deliveries()[4]);
    play.set(json!({"deliveries_held": true})).await;
    play.moves(&ada, second).await;
    let dropped = play
        .post(&play.of_organization("/deliveries/drop"), json!({}))
        .await;
    assert_eq!(dropped["dropped"], 2);
}

#[rstest]
#[case::genuine("genuine", true)]
#[case::wrong("wrong", false)]
#[case::absent("absent", false)]
#[tokio::test]
async fn a_forgery_is_signed_as_asked(#[case] signature: &str, #[case] good: bool) {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    let hook = play.hook(&receiver, MOVED).await;
    let forgery = json!({"payload": {"application": {"id": 1}}, "signature": signature});
    let path = format!("webhooks/{}/forge", hook["id"]);
    let sent = play.post(&path, forgery).await;
    assert_eq!(
        (&sent["kind"], &sent["state"]),
        (&json!("forged"), &json!("delivered"))
    );
    let came = receiver.deliveries().pop().unwrap();
    let signature = came.signature.unwrap_or_default();
    assert_eq!(
        webhook::verify(&[KEY.into()], signature.as_bytes(), &came.body),
        good
    );
}

#[tokio::test]
async fn a_new_key_signs_from_then_on_and_what_is_missing_is_named() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    let hook = play.hook(&receiver, MOVED).await;
    let path = format!("webhooks/{}", hook["id"]);
    play.control(Method::PATCH, &path, json!({"secret_key": "another"}))
        .await;
    let came = receiver.deliveries().pop().unwrap();
    let signature = came.signature.unwrap();
    assert!(webhook::verify(
        &["another".into()],
        signature.as_bytes(),
        &came.body
    ));
    for (fields, field) in [
        (json!({"url": receiver.url, "event": MOVED}), "secret_key"),
        (
            json!({"url": receiver.url, "secret_key": KEY, "event": "candidate_merged"}),
            "event",
        ),
        (
            json!({"url": "http://receiver.example/", "secret_key": KEY, "event": MOVED}),
            "url",
        ),
    ] {
        let path = play.of_organization("/webhooks");
        let (status, answer) = play.control(Method::POST, &path, fields).await;
        assert_eq!(
            (status, answer["field"].as_str()),
            (422, Some(field)),
            "{answer}"
        );
    }
    assert_eq!(
        play.control(Method::DELETE, &path, Value::Null).await.0,
        200
    );
    assert_eq!(
        play.get(&play.of_organization("/webhooks")).await["webhooks"],
        json!([])
    );
}
