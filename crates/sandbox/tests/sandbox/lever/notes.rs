//! Notes, feedback and files.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::play::{LeverPlay, SCOPES};

#[tokio::test]
async fn a_note_is_written_read_replaced_and_deleted() {
    let play = LeverPlay::start().await;
    let path = format!("/opportunities/{}/notes", play.kim().await);
    let (status, made) = play
        .api(Method::POST, &path, json!({"value": "Result: 90"}))
        .await;
    assert_eq!(status, 201);
    assert_eq!(made["data"]["id"], made["data"]["noteId"]);
    assert_eq!(made["data"]["user"], Value::Null);
    let id = made["data"]["id"].as_str().unwrap();
    let list = play.read(&path).await;
    assert_eq!(list["data"][0]["fields"][0]["value"], "Result: 90");
    let change = json!({"values": [{"value": "Result: 95", "score": 4}]});
    let (status, changed) = play.api(Method::PUT, &format!("{path}/{id}"), change).await;
    assert_eq!((status, &changed), (200, &json!({"data": {"noteId": id}})));
    let note = play.read(&format!("{path}/{id}")).await;
    assert_eq!(note["data"]["fields"].as_array().unwrap().len(), 1);
    assert_eq!(note["data"]["fields"][0]["value"], "Result: 95");
    assert_eq!(
        play.api(Method::DELETE, &format!("{path}/{id}"), Value::Null)
            .await,
        (204, Value::Null)
    );
    assert_eq!(
        play.api(Method::GET, &format!("{path}/{id}"), Value::Null)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn two_of_the_same_are_two_and_both_are_counted() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    for _ in 0..2 {
        let path = format!("/opportunities/{kim}/notes");
        play.api(
            Method::POST,
            &path,
            json!({"value": "Result", "secret": true}),
        )
        .await;
    }
    let shown = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(shown["notes"].as_array().unwrap().len(), 2);
    assert_eq!(shown["writes"]["create_note"], 2);
    assert_eq!(
        (&shown["notes"][0]["secret"], &shown["notes"][0]["made_by"]),
        (&json!(true), &json!("api"))
    );
}

#[tokio::test]
async fn the_answer_can_be_the_documented_one() {
    let play = LeverPlay::with(json!({"calls_per_second": 0, "note_answer": "id_only"})).await;
    let path = format!("/opportunities/{}/notes", play.kim().await);
    let (_, made) = play
        .api(Method::POST, &path, json!({"value": "Result"}))
        .await;
    let members: Vec<&String> = made["data"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["noteId"]);
}

#[tokio::test]
async fn what_a_user_wrote_the_api_cannot_change() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let shown = play
        .post(
            &format!("opportunities/{kim}/notes"),
            json!({"value": "Good"}),
        )
        .await;
    let id = shown["notes"][0]["id"].as_str().unwrap();
    let path = format!("/opportunities/{kim}/notes/{id}");
    let change = json!({"values": [{"value": "Bad"}]});
    assert_eq!(play.api(Method::PUT, &path, change).await.0, 403);
    assert_eq!(play.api(Method::DELETE, &path, Value::Null).await.0, 403);
}

#[tokio::test]
async fn a_mention_tells_the_user() {
    let play = LeverPlay::start().await;
    let kim = play.kim().await;
    let body = json!({"value": "See @rosa, not @rosalind or ada"});
    let path = format!("/opportunities/{kim}/notes?perform_as={}", play.user(1));
    let (_, made) = play.api(Method::POST, &path, body).await;
    assert_eq!(made["data"]["user"], play.user(1));
    let shown = play.get(&format!("opportunities/{kim}")).await;
    assert_eq!(shown["notes"][0]["mentions"], json!(["rosa"]));
}

#[tokio::test]
async fn a_note_in_the_future_or_without_text_is_refused() {
    let play = LeverPlay::start().await;
    let path = format!("/opportunities/{}/notes", play.kim().await);
    let later = json!({"value": "Result", "createdAt": 1_800_000_000_000_i64});
    for body in [
        later,
        json!({"value": " "}),
        json!({}),
        json!({"value": "x", "score": 5}),
    ] {
        assert_eq!(play.api(Method::POST, &path, body).await.0, 400);
    }
}

#[tokio::test]
async fn feedback_can_be_read_as_a_list_and_bare() {
    let mut play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.post(
        &format!("opportunities/{kim}/feedback"),
        json!({"text": "Phone screen"}),
    )
    .await;
    play.use_scopes(&format!("{SCOPES} feedback:read:admin"))
        .await;
    let list = play.read(&format!("/opportunities/{kim}/feedback")).await;
    let id = list["data"][0]["id"].as_str().unwrap();
    let one = play
        .read(&format!("/opportunities/{kim}/feedback/{id}"))
        .await;
    assert_eq!(
        (&one["text"], &one["data"]),
        (&json!("Phone screen"), &Value::Null)
    );
}

#[tokio::test]
async fn a_file_is_uploaded_listed_downloaded_and_deleted() {
    let mut play = LeverPlay::start().await;
    let kim = play.kim().await;
    play.use_scopes(&format!("{SCOPES} files:write:admin"))
        .await;
    let path = format!("/opportunities/{kim}/files");
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n\
        Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--b--\r\n";
    let upload = |query: &str| {
        let url = play.url(&format!("/lever/v1{path}{query}"));
        let call = play.http.post(url).bearer_auth(&play.token);
        call.header(CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(body)
            .send()
    };
    assert_eq!(upload("").await.unwrap().status(), 400);
    let made = upload(&format!("?perform_as={}", play.user(0)))
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    let (id, size) = (made["data"]["id"].as_str().unwrap(), &made["data"]["size"]);
    assert_eq!(*size, "8", "a string of digits, as documented");
    assert_eq!(
        play.read(&path).await[0]["id"],
        id,
        "a bare array, as documented"
    );
    let content = play
        .send(Method::GET, &format!("{path}/{id}/download"), Value::Null)
        .await
        .unwrap();
    assert_eq!(content.text().await.unwrap(), "%PDF-1.7");
    let delete = format!("{path}/{id}?perform_as={}", play.user(0));
    assert_eq!(play.api(Method::DELETE, &delete, Value::Null).await.0, 204);
    assert_eq!(play.read(&path).await, json!([]));
}
