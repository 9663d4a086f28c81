//! A Greenhouse that fails again and again is left alone, and found again when it answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use futures_util::future::join_all;

use crate::harness::{Callback, TestApp, answer, ask, eventually, external};

/// What a write-back that waits has to say.
const LEFT_ALONE: &str = "Greenhouse has failed at least 10 times in a row";

/// A Greenhouse that answers 500 for as long as it is `broken`.
async fn greenhouse(broken: &Arc<AtomicBool>) -> Callback {
    let broken = Arc::clone(broken);
    Callback::start(move |_| {
        let status = if broken.load(Ordering::Relaxed) {
            500
        } else {
            200
        };
        async move { answer(status) }
    })
    .await
}

/// Completes one more test; its interview.
async fn complete(app: &TestApp, test: &str, callback: &Callback, number: usize) -> String {
    let email = format!("candidate{number}@candidate.example");
    let interview = app
        .send(ask(test, &email, &callback.url(&number.to_string())))
        .await;
    app.complete(&interview, 80).await;
    interview
}

/// Waits until Greenhouse has been told so many times in all, and nothing more is due.
async fn told(app: &TestApp, callback: &Callback, many: usize) {
    eventually("Greenhouse is told", async || {
        (callback.heard().len() >= many).then_some(())
    })
    .await;
    app.idle().await;
    assert_eq!(callback.heard().len(), many);
}

test_support::each_database! {
    async fn after_ten_failures_in_a_row_one_call_at_a_time_sees_whether_it_answers_again(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let broken = Arc::new(AtomicBool::new(true));
        let callback = greenhouse(&broken).await;
        let mut interviews = Vec::new();
        for number in 0..10 {
            interviews.push(complete(&app, &test, &callback, number).await);
            told(&app, &callback, number + 1).await;
        }
        // It is open: who comes now is not tried at all.
        interviews.push(complete(&app, &test, &callback, 10).await);
        let waiting = app.writeback(&interviews[10], "retrying").await;
        assert!(waiting["detail"].as_str().expect("words").contains(LEFT_ALONE), "{waiting}");
        told(&app, &callback, 10).await;

        // One try after half a minute, the next after a whole one.
        app.advance(TimeDelta::seconds(29));
        told(&app, &callback, 10).await;
        app.advance(TimeDelta::seconds(1));
        told(&app, &callback, 11).await;
        app.advance(TimeDelta::seconds(59));
        told(&app, &callback, 11).await;
        broken.store(false, Ordering::Relaxed);
        app.advance(TimeDelta::seconds(1));
        // It answers: all the others go on at once.
        join_all(interviews.iter().map(|interview| app.writeback(interview, "sent"))).await;
        app.idle().await;
        assert_eq!(callback.heard().len(), 11 + 11);
        assert_eq!(app.rows("circuits"), 0);
    }

    async fn an_answer_in_between_begins_the_count_anew(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let broken = Arc::new(AtomicBool::new(true));
        let callback = greenhouse(&broken).await;
        for number in 0..9 {
            complete(&app, &test, &callback, number).await;
            told(&app, &callback, number + 1).await;
        }
        broken.store(false, Ordering::Relaxed);
        complete(&app, &test, &callback, 9).await;
        told(&app, &callback, 10).await;
        broken.store(true, Ordering::Relaxed);
        let failing = complete(&app, &test, &callback, 10).await;
        told(&app, &callback, 11).await;
        let receipt = app.writeback(&failing, "retrying").await;
        assert!(!receipt["detail"].as_str().expect("words").contains(LEFT_ALONE), "{receipt}");
    }
}
