//! One trace goes from the call to what it leads to.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Callback, Heard, TestApp, answer, ask, basic, external, read};

/// The `traceparent` of the `number`th caller.
fn traceparent(number: usize) -> String {
    format!(
        "00-4bf92f3577b34da6a3ce929d0e0e47{number:02x}-00f067aa0ba902{:02x}-01",
        number + 1
    )
}

/// Sends a test as part of a trace; the interview's id.
async fn send(app: &TestApp, test: &str, url: &str, trace: &str) -> String {
    let call = app
        .http
        .post(format!("{}/api/greenhouse/send_test", app.url))
        .header("authorization", basic(&app.greenhouse_key))
        .header("traceparent", trace)
        .json(&ask(test, "zoe@candidate.example", url));
    let (status, sent) = read(call.send().await.expect("an answer")).await;
    assert_eq!(status, 200, "{sent}");
    sent["partner_interview_id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// The PATCH for the test of this number.
fn patch_of(callback: &Callback, test: usize) -> Heard {
    let end = format!("/{test}");
    let mut found = callback
        .heard()
        .into_iter()
        .filter(|call| call.path.ends_with(&end));
    found.next().expect("a PATCH")
}

test_support::each_database! {
    async fn the_trace_of_each_send_test_goes_on_to_its_patch(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        // At the same moment, so that they are decided in groups.
        let sending = (0..8).map(|number| {
            let (app, test, url) = (&app, &test, callback.url(&number.to_string()));
            async move { send(app, test, &url, &traceparent(number)).await }
        });
        for interview in join_all(sending).await {
            app.complete(&interview, 80).await;
            app.writeback(&interview, "sent").await;
        }
        for number in 0..8 {
            let (patch, sent) = (patch_of(&callback, number), traceparent(number));
            let told = patch.header("traceparent").expect("a trace").to_owned();
            assert_eq!(told[..36], sent[..36], "the same trace");
            assert_ne!(told[36..52], sent[36..52], "a call of its own");
            assert_eq!(told[52..], sent[52..], "the same flags");
        }
    }

    async fn a_result_that_comes_with_a_trace_is_told_as_part_of_it(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let interview = send(&app, &test, &callback.url("1"), &traceparent(1)).await;
        app.command(&interview, "start", None).await;
        let call = app
            .http
            .put(format!("{}/v1/invites/{interview}/result", app.url))
            .bearer_auth(&app.platform_key)
            .header("traceparent", traceparent(2))
            .json(&json!({ "score": 80 }));
        let (status, _) = read(call.send().await.expect("an answer")).await;
        assert_eq!(status, 200);
        app.writeback(&interview, "sent").await;
        let told = patch_of(&callback, 1);
        assert_eq!(told.header("traceparent").expect("a trace")[..36], traceparent(2)[..36]);
    }

    async fn what_is_no_traceparent_goes_nowhere(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let callback = Callback::start(async |_| answer(200)).await;
        let spoiled = traceparent(1).to_uppercase();
        let interview = send(&app, &test, &callback.url("1"), &spoiled).await;
        app.complete(&interview, 80).await;
        app.writeback(&interview, "sent").await;
        assert_eq!(patch_of(&callback, 1).header("traceparent"), None);
    }
}
