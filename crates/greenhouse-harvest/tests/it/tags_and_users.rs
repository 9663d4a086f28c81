//! Tags that are seen to, and users found by address.

use greenhouse_harvest::CandidateId;

use crate::far_side::{FarSide, HANG_UP, answer};
use crate::fixtures::{connected, ok};

const ADA: CandidateId = CandidateId::new(4);

const RUST: &str = r#"[{"id":2,"name":"rust"},{"id":1,"name":"Rust"}]"#;
const APPLIED: &str = r#"[{"id":3,"candidate_id":4,"candidate_tag_id":1}]"#;

fn refused() -> String {
    answer(
        "422 Unprocessable Content",
        r#"{"errors":["has been taken"]}"#,
    )
}

#[tokio::test]
async fn a_tag_is_given_once() {
    let greenhouse = FarSide::with([ok(RUST), ok("[]"), ok(r#"{"id":3}"#)]).await;
    greenhouse.then([ok(RUST), ok(APPLIED)]);
    for _ in 0..2 {
        connected(&greenhouse)
            .ensure_tag(ADA, "Rust")
            .await
            .expect("given");
    }
    assert_eq!(
        greenhouse.lines(),
        [
            "GET /v3/candidate_tags?per_page=500",
            "GET /v3/applied_candidate_tags?candidate_ids=4&candidate_tag_ids=1",
            "POST /v3/applied_candidate_tags",
            "GET /v3/candidate_tags?per_page=500",
            "GET /v3/applied_candidate_tags?candidate_ids=4&candidate_tag_ids=1",
        ]
    );
    let body = r#"{"candidate_id":4,"candidate_tag_id":1}"#;
    assert_eq!(greenhouse.seen()[2].body, body);
}

#[tokio::test]
async fn a_tag_that_there_is_not_is_made() {
    let answers = [
        ok("[]"),
        ok(r#"{"id":1,"name":"Rust"}"#),
        ok("[]"),
        ok(r#"{"id":3}"#),
    ];
    let greenhouse = FarSide::with(answers).await;
    connected(&greenhouse)
        .ensure_tag(ADA, "Rust")
        .await
        .expect("given");
    assert_eq!(greenhouse.lines()[1], "POST /v3/candidate_tags");
    assert_eq!(greenhouse.seen()[1].body, r#"{"name":"Rust"}"#);
}

#[tokio::test]
async fn somebody_else_may_be_quicker() {
    let greenhouse = FarSide::with([ok("[]"), refused(), ok(RUST), ok("[]")]).await;
    greenhouse.then([refused(), ok(APPLIED)]);
    connected(&greenhouse)
        .ensure_tag(ADA, "Rust")
        .await
        .expect("given");
    assert_eq!(greenhouse.seen().len(), 6);
}

#[tokio::test]
async fn a_refusal_that_changes_nothing_is_told() {
    let greenhouse = FarSide::with([ok(RUST), ok("[]"), refused(), ok("[]")]).await;
    let error = connected(&greenhouse).ensure_tag(ADA, "Rust").await;
    assert!(error.expect_err("refused").is_invalid());
}

#[tokio::test]
async fn to_see_to_a_tag_again_is_always_safe() {
    let greenhouse = FarSide::with([ok(RUST), ok("[]"), HANG_UP.to_owned()]).await;
    let error = connected(&greenhouse).ensure_tag(ADA, "Rust").await;
    let error = error.expect_err("no answer");
    assert!(error.is_temporary() && !error.is_ambiguous());
}

#[tokio::test]
async fn a_tag_is_taken_away_by_its_row() {
    let greenhouse = FarSide::with([answer("204 No Content", "")]).await;
    connected(&greenhouse)
        .remove_tag(3.into())
        .await
        .expect("taken");
    assert_eq!(greenhouse.lines(), ["DELETE /v3/applied_candidate_tags/3"]);
}

#[tokio::test]
async fn a_user_is_found_by_the_main_address() {
    let greenhouse = FarSide::with([ok(r#"[{"id":9}]"#)]).await;
    let found = connected(&greenhouse)
        .user_with_email(" Ada@Example.org ")
        .await;
    assert_eq!(found.expect("read").map(|it| it.id.get()), Some(9));
    assert_eq!(
        greenhouse.lines(),
        ["GET /v3/users?primary_email=ada%40example.org"]
    );
}

#[tokio::test]
async fn a_user_is_found_by_another_address() {
    let emails = ok(r#"[{"id":1,"user_id":9,"email":"ada@example.org"}]"#);
    let greenhouse = FarSide::with([ok("[]"), emails, ok(r#"[{"id":9}]"#)]).await;
    let found = connected(&greenhouse)
        .user_with_email("ada@example.org")
        .await;
    assert_eq!(found.expect("read").map(|it| it.id.get()), Some(9));
    assert_eq!(
        greenhouse.lines()[1..],
        [
            "GET /v3/user_emails?email=ada%40example.org",
            "GET /v3/users?ids=9"
        ]
    );
}

#[tokio::test]
async fn nobody_is_found_for_no_address() {
    let greenhouse = FarSide::with([ok("[]"), ok("[]")]).await;
    let client = connected(&greenhouse);
    assert_eq!(client.user_with_email(" ").await.expect("nobody"), None);
    assert!(greenhouse.seen().is_empty());
    assert_eq!(
        client
            .user_with_email("x@example.org")
            .await
            .expect("nobody"),
        None
    );
}
