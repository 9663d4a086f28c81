//! Contacts, files, résumés, feedback.

use futures_util::TryStreamExt as _;
use lever::client::NewFile;
use lever::{FeedbackKind, FileStatus, Timestamp};
use serde_json::json;

use crate::fixtures::{answering, fixture};

#[tokio::test]
async fn a_contact_is_read_and_changed() {
    let (_lever, client) = answering(fixture!("contact")).await;
    let it = client.contact(&"c0ffee".into()).await.expect("read");
    assert_eq!(
        it.location.as_ref().map(|place| place.name.as_str()),
        Some("Lisbon")
    );
    assert!(!format!("{it:?}").contains("Ada"));
    let (lever, client) = answering(fixture!("contact")).await;
    let changes = json!({"headline": "Analytical Engines"});
    client
        .update_contact(&"c0ffee".into(), &changes)
        .await
        .expect("changed");
    assert_eq!(lever.lines(), ["PUT /v1/contacts/c0ffee"]);
    assert_eq!(lever.seen()[0].body, changes.to_string());
}

#[tokio::test]
async fn files_come_as_a_bare_list_with_numbers_as_texts() {
    let (_lever, client) = answering(fixture!("files")).await;
    let files: Vec<_> = client
        .files(&"5e1d".into())
        .try_collect()
        .await
        .expect("read");
    assert_eq!((files[0].size, files[1].size), (Some(20480), Some(7)));
    assert_eq!(
        files[0].uploaded_at,
        Some(Timestamp::from_millis(1_790_000_000_000))
    );
    assert_eq!(files[0].status, Some(FileStatus::Processed));
    assert_eq!(files[1].status, None);
}

#[tokio::test]
async fn a_file_is_added_in_a_users_name() {
    let (lever, client) = answering(r#"{"data":{"id":"f11e0003","name":"report.pdf"}}"#).await;
    let file = NewFile::new("report.pdf", "application/pdf", b"%PDF-1".to_vec());
    let added = client
        .upload_file(&"5e1d".into(), &file, &"u".into())
        .await
        .expect("added");
    assert_eq!(added.id, "f11e0003");
    let seen = &lever.seen()[0];
    assert_eq!(seen.line, "POST /v1/opportunities/5e1d/files?perform_as=u");
    let content_type = seen.header("content-type").expect("a type");
    assert!(content_type.starts_with("multipart/form-data; boundary="));
    assert!(seen.body.contains("name=\"file\"; filename=\"report.pdf\""));
    assert!(seen.body.contains("\r\n\r\n%PDF-1\r\n--"));
}

#[tokio::test]
async fn a_download_gives_what_is_there_up_to_a_length() {
    let (lever, client) = answering("%PDF-1").await;
    let it = client
        .download_file(&"5e1d".into(), &"f1".into(), 6)
        .await
        .expect("read");
    assert_eq!(it.bytes, b"%PDF-1");
    assert_eq!(
        lever.lines(),
        ["GET /v1/opportunities/5e1d/files/f1/download"]
    );
    assert_eq!(lever.seen()[0].header("accept"), Some("*/*"));
    let (_lever, client) = answering("%PDF-1").await;
    let error = client
        .download_resume(&"5e1d".into(), &"r1".into(), 5)
        .await;
    let error = error.expect_err("too long");
    assert!(!error.is_temporary() && !error.is_ambiguous());
}

#[tokio::test]
async fn resumes_do_not_page_and_feedback_comes_bare() {
    let (_lever, client) = answering(fixture!("resumes")).await;
    let resumes: Vec<_> = client
        .resumes(&"5e1d".into())
        .try_collect()
        .await
        .expect("read");
    assert_eq!(resumes[0].id, "4e500001");
    let (_lever, client) = answering(fixture!("feedback")).await;
    let it = client
        .feedback_form(&"5e1d".into(), &"feed0001".into())
        .await
        .expect("read");
    assert_eq!(it.kind, Some(FeedbackKind::Interview));
    assert_eq!(it.fields[0].value, Some(json!("3 - Yes")));
    assert!(!format!("{it:?}").contains("Yes"));
}
