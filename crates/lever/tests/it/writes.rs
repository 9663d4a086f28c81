//! Writes: what is sent, what may be taken from the answer.

use futures_util::TryStreamExt as _;
use lever::{Event, NewNote, NewOpportunity, NewWebhook, Origin, WebhookUpdate};
use rstest::rstest;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::far_side::{FarSide, answer};
use crate::fixtures::{answering, connected, fixture};

fn body(lever: &FarSide) -> Value {
    serde_json::from_str(&lever.seen()[0].body).expect("JSON")
}

#[tokio::test]
async fn tags_are_added_in_a_users_name_and_the_person_is_not_taken_from_the_answer() {
    let (lever, client) = answering(fixture!("opportunity_blanked")).await;
    let tags = ["Rust Basics - Invited"];
    let changed = client
        .add_tags(&"5e1d".into(), &tags, Some(&"u 1".into()))
        .await
        .expect("added");
    assert_eq!(
        lever.lines(),
        ["POST /v1/opportunities/5e1d/addTags?perform_as=u+1"]
    );
    assert_eq!(body(&lever), json!({ "tags": tags }));
    assert_eq!(
        changed.tags.last().map(String::as_str),
        Some("Rust Basics - Invited")
    );
}

#[tokio::test]
async fn removed_tags_go_out_letter_by_letter() {
    let (lever, client) = answering(fixture!("opportunity_blanked")).await;
    let tags = [" rust  BASICS ".to_owned()];
    client
        .remove_tags(&"5e1d".into(), &tags, None)
        .await
        .expect("removed");
    assert_eq!(lever.lines(), ["POST /v1/opportunities/5e1d/removeTags"]);
    assert_eq!(body(&lever), json!({ "tags": [" rust  BASICS "] }));
}

#[tokio::test]
async fn nothing_to_add_is_never_sent() {
    let (lever, client) = answering("{}").await;
    let none: [&str; 0] = [];
    let error = client
        .add_tags(&"5e1d".into(), &none, None)
        .await
        .expect_err("nothing to add");
    assert_eq!(
        error.to_string(),
        "nothing was sent: there is nothing to add or remove"
    );
    assert!(lever.seen().is_empty());
}

#[rstest]
#[case("")]
#[case("..")]
#[tokio::test]
async fn an_id_that_names_something_else_is_never_sent(#[case] id: &str) {
    let (lever, client) = answering("{}").await;
    let error = client.opportunity(&id.into()).await.expect_err("no id");
    assert!(!error.is_temporary());
    assert!(lever.seen().is_empty());
}

#[tokio::test]
async fn links_and_sources_are_sets_like_tags() {
    let lever =
        FarSide::with((0..4).map(|_| answer("200 OK", fixture!("opportunity_blanked")))).await;
    let client = connected(&lever);
    let id = "5e1d".into();
    client
        .add_links(&id, &["https://a.example"], None)
        .await
        .expect("added");
    client
        .remove_links(&id, &["https://a.example"], None)
        .await
        .expect("removed");
    client
        .add_sources(&id, &["Job board"], None)
        .await
        .expect("added");
    client
        .remove_sources(&id, &["Job board"], None)
        .await
        .expect("removed");
    let verbs: Vec<_> = lever
        .lines()
        .iter()
        .filter_map(|line| line.rsplit('/').next().map(str::to_owned))
        .collect();
    assert_eq!(
        verbs,
        ["addLinks", "removeLinks", "addSources", "removeSources"]
    );
}

#[tokio::test]
async fn stage_and_archive_are_put() {
    let lever =
        FarSide::with((0..3).map(|_| answer("200 OK", fixture!("opportunity_blanked")))).await;
    let client = connected(&lever);
    let id = "5e1d".into();
    client
        .change_stage(&id, &"offer".into(), None)
        .await
        .expect("moved");
    client
        .archive(&id, Some(&"63dd".into()), None)
        .await
        .expect("archived");
    client.archive(&id, None, None).await.expect("taken out");
    let bodies: Vec<_> = lever
        .seen()
        .into_iter()
        .map(|seen| (seen.line, seen.body))
        .collect();
    assert_eq!(
        bodies[0],
        (
            "PUT /v1/opportunities/5e1d/stage".into(),
            r#"{"stage":"offer"}"#.into()
        )
    );
    assert_eq!(
        bodies[1],
        (
            "PUT /v1/opportunities/5e1d/archived".into(),
            r#"{"reason":"63dd"}"#.into()
        )
    );
    assert_eq!(bodies[2].1, r#"{"reason":null}"#);
}

#[tokio::test]
async fn an_opportunity_is_made_in_a_users_name() {
    let (lever, client) = answering(fixture!("opportunity_blanked")).await;
    let mut new = NewOpportunity::new("Ada Example", "ada@candidate.example");
    new.origin = Some(Origin::Sourced);
    assert!(!format!("{new:?}").contains("Ada"));
    client
        .create_opportunity(&new, &"u".into())
        .await
        .expect("made");
    assert_eq!(lever.lines(), ["POST /v1/opportunities?perform_as=u"]);
    assert_eq!(
        body(&lever),
        json!({"name": "Ada Example", "emails": ["ada@candidate.example"], "origin": "sourced"})
    );
}

#[rstest]
#[case(fixture!("note_created_live"))]
#[case(fixture!("note_created_documented"))]
#[tokio::test]
async fn a_new_notes_id_is_read_from_both_answers(#[case] answered: &str) {
    let lever = FarSide::with([answer("201 Created", answered)]).await;
    let note = NewNote::new("82 of 100\nref: inv_1")
        .secret(true)
        .perform_as(Some("u".into()));
    let id = connected(&lever)
        .create_note(&"5e1d".into(), &note)
        .await
        .expect("written");
    assert_eq!(id, "40700002");
    assert_eq!(
        lever.lines(),
        ["POST /v1/opportunities/5e1d/notes?perform_as=u"]
    );
    assert_eq!(
        body(&lever),
        json!({"value": "82 of 100\nref: inv_1", "secret": true, "notifyFollowers": false})
    );
}

#[tokio::test]
async fn a_note_is_found_again_by_its_reference_and_rewritten() {
    let lever = FarSide::with([
        answer("200 OK", fixture!("notes")),
        answer("200 OK", fixture!("note_created_documented")),
        answer("204 No Content", ""),
    ])
    .await;
    let client = connected(&lever);
    let id = "5e1d".into();
    let notes: Vec<_> = client.notes(&id).try_collect().await.expect("read");
    let ours = notes
        .iter()
        .find(|note| note.mentions("ref: inv_1"))
        .expect("found");
    assert!(!ours.mentions("ref: inv_2"));
    assert_eq!(ours.values().count(), 2);
    client
        .update_note(&id, &ours.id, &NewNote::new("90 of 100\nref: inv_1"))
        .await
        .expect("rewritten");
    client.delete_note(&id, &ours.id).await.expect("deleted");
    let seen = lever.seen();
    assert_eq!(seen[1].line, "PUT /v1/opportunities/5e1d/notes/40700001");
    assert_eq!(
        seen[1].body,
        r#"{"values":[{"value":"90 of 100\nref: inv_1"}]}"#
    );
    assert_eq!(seen[2].line, "DELETE /v1/opportunities/5e1d/notes/40700001");
}

#[rstest]
#[case(fixture!("webhook_created"))]
#[case(fixture!("webhook_created_nested"))]
#[tokio::test]
async fn a_new_webhooks_token_is_read_from_both_answers(#[case] answered: &str) {
    let lever = FarSide::with([answer("201 Created", answered)]).await;
    let new = NewWebhook::new(
        Event::CandidateStageChange,
        "https://baton.example/webhooks/lever/1",
    );
    let made = connected(&lever).create_webhook(&new).await.expect("made");
    assert_eq!(made.id, "3eb00003");
    let token = made
        .signature_token
        .as_ref()
        .expect("shown once")
        .expose_secret();
    assert_eq!(token.len(), 48);
    assert!(!format!("{made:?}").contains(token));
    assert_eq!(
        body(&lever),
        json!({"event": "candidateStageChange", "url": "https://baton.example/webhooks/lever/1"})
    );
}

#[tokio::test]
async fn webhooks_of_all_parties_are_listed_without_tokens() {
    let (lever, client) = answering(fixture!("webhooks")).await;
    let webhooks = client.webhooks().await.expect("read");
    assert_eq!(lever.lines(), ["GET /v1/webhooks?limit=100"]);
    assert_eq!(webhooks[0].origins.len(), 6);
    assert!(
        webhooks
            .iter()
            .all(|webhook| webhook.signature_token.is_none())
    );
    assert_eq!(webhooks[1].event, Some(Event::Other("somethingNew".into())));
}

#[tokio::test]
async fn webhooks_are_changed_through_the_collection_and_deleted_one_by_one() {
    let lever = FarSide::with([
        answer("200 OK", fixture!("webhooks")),
        answer("204 No Content", ""),
    ])
    .await;
    let client = connected(&lever);
    let update = WebhookUpdate::new("3eb00001".into(), "https://baton.example/2");
    assert_eq!(
        client
            .update_webhooks(&[update])
            .await
            .expect("changed")
            .len(),
        2
    );
    client
        .delete_webhook(&"3eb00001".into())
        .await
        .expect("deleted");
    let seen = lever.seen();
    assert_eq!(seen[0].line, "PUT /v1/webhooks/");
    assert_eq!(
        seen[0].body,
        r#"{"data":[{"id":"3eb00001","url":"https://baton.example/2"}]}"#
    );
    assert_eq!(seen[1].line, "DELETE /v1/webhooks/3eb00001");
}
