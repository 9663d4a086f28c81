//! The connection breaks between a commit and its answer: nobody knows whether it was kept, and the repeat finds out.

use test_support::Database;

use crate::harness::{Programs, SwallowingProxy, ask, external, read};

#[tokio::test(flavor = "multi_thread")]
async fn a_send_test_whose_commit_was_not_heard_of_is_asked_again_and_is_one_invite_and_one_mail() {
    let database = Database::postgres();
    let line = SwallowingProxy::before(database.url()).await;
    let baton = Programs::start_at(database, line.url()).await;
    let test = baton.publish(external("Backend")).await;
    let body = ask(
        &test,
        "ada@candidate.example",
        "https://app.greenhouse.io/take_home_tests/1",
    );

    line.swallow_commit_of("ada@candidate.example");
    let answer = baton.call_send_test(&body).await.expect("an answer");
    assert!(answer.headers().contains_key("retry-after"));
    let (status, refusal) = read(answer).await;
    assert_eq!(status, 503, "{refusal}");
    assert_eq!(line.swallowed(), 1);
    assert_eq!(invites(&baton), 1, "it was committed all the same");

    baton.send_test(&body).await;
    baton.idle().await;
    assert_eq!(invites(&baton), 1);
    let mails = baton.mail.messages();
    assert_eq!(mails.len(), 1, "{mails:?}");
    baton.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_commit_was_not_heard_of_is_repeated_by_its_idempotency_key() {
    let database = Database::postgres();
    let line = SwallowingProxy::before(database.url()).await;
    let baton = Programs::start_at(database, line.url()).await;
    let test = baton.publish(external("Backend")).await;
    let candidate = serde_json::json!({ "first_name": "Ada", "last_name": "Lovelace", "email": "ada@candidate.example" });
    let body = serde_json::json!({ "assessment_id": test, "candidate": candidate });
    let call = async || {
        let call = baton.http.post(format!("{}/v1/invites", baton.url));
        let call = call
            .bearer_auth(baton.platform_key())
            .header("idempotency-key", "one");
        read(call.json(&body).send().await.expect("an answer")).await
    };

    line.swallow_commit_of("ada@candidate.example");
    assert_eq!(call().await.0, 503);
    assert_eq!(line.swallowed(), 1);
    let (status, made) = call().await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(invites(&baton), 1);
    baton.end().await;
}

fn invites(baton: &Programs) -> i64 {
    baton.database.count("SELECT count(*) FROM invites")
}
