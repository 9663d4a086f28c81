//! Lists: filters, pages, places that Lever no longer knows.

use futures_util::TryStreamExt as _;
use lever::client::{ConfidentialityFilter, Expand, Filter};
use lever::{Opportunity, Timestamp};

use crate::far_side::{FarSide, answer};
use crate::fixtures::{connected, ok};

fn page(ids: &[&str], next: Option<&str>) -> String {
    let data: Vec<_> = ids
        .iter()
        .map(|id| serde_json::json!({ "id": id }))
        .collect();
    let mut page = serde_json::json!({ "data": data, "hasNext": next.is_some() });
    if let Some(next) = next {
        page["next"] = next.into();
    }
    ok(&page.to_string())
}

async fn ids(lever: &FarSide) -> Result<Vec<String>, lever::Error> {
    let all: Vec<Opportunity> = connected(lever)
        .opportunities(&Filter::new())
        .try_collect()
        .await?;
    Ok(all.into_iter().map(|it| it.id.into()).collect())
}

#[tokio::test]
async fn filters_become_the_query_lever_documents() {
    let lever = FarSide::with([page(&[], None)]).await;
    let mut filter = Filter::new()
        .in_stage("s1")
        .in_stage("s2")
        .tagged("Rust & Go")
        .archived(false)
        .updated_since(Timestamp::from_millis(1_790_000_000_000))
        .confidentiality(ConfidentialityFilter::All)
        .expand(Expand::Applications);
    filter.include = vec!["id".into()];
    let all = connected(&lever).opportunities(&filter);
    assert!(all.try_collect::<Vec<_>>().await.expect("read").is_empty());
    assert_eq!(
        lever.lines(),
        [
            "GET /v1/opportunities?tag=Rust+%26+Go&stage_id=s1&stage_id=s2&confidentiality=all&archived=false\
          &updated_at_start=1790000000000&expand=applications&include=id&limit=100"
        ]
    );
}

#[tokio::test]
async fn pages_are_followed_with_the_offset_that_lever_gave() {
    let lever = FarSide::with([
        page(&["a", "b"], Some("[1,\"x\"]")),
        page(&["b", "c"], None),
    ])
    .await;
    assert_eq!(ids(&lever).await.expect("read"), ["a", "b", "c"]);
    assert_eq!(
        lever.lines(),
        [
            "GET /v1/opportunities?limit=100",
            "GET /v1/opportunities?limit=100&offset=%5B1%2C%22x%22%5D"
        ]
    );
}

#[tokio::test]
async fn a_list_begins_again_when_its_offset_is_refused() {
    let refused = r#"{"code":"BadRequestError","message":"Invalid offset token: x"}"#;
    let lever = FarSide::with([
        page(&["a"], Some("1")),
        answer("400 Bad Request", refused),
        page(&["a", "b"], None),
    ])
    .await;
    assert_eq!(ids(&lever).await.expect("read"), ["a", "b"]);
    assert_eq!(lever.lines()[2], "GET /v1/opportunities?limit=100");
}

#[tokio::test]
async fn another_refusal_ends_the_list() {
    let lever = FarSide::with([page(&["a"], Some("1")), answer("400 Bad Request", "{}")]).await;
    let error = ids(&lever).await.expect_err("refused");
    assert_eq!(error.status(), Some(400));
}

#[tokio::test]
async fn a_page_that_hides_the_next_one_is_not_the_last() {
    let lever = FarSide::with([ok(r#"{"data":[],"hasNext":true}"#)]).await;
    let error = ids(&lever).await.expect_err("a list cut short");
    assert_eq!(error.to_string(), "Lever's answer can't be read at `next`");
}

#[tokio::test]
async fn a_dated_answer_tells_levers_own_time() {
    let stages = r#"{"data":[{"id":"offer","text":"Offer"}]}"#;
    let dated = answer("200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT", stages);
    let lever = FarSide::with([dated, ok(stages)]).await;
    let client = connected(&lever);
    let dated = client.stages_dated().await.expect("read");
    let sent_at = dated.sent_at.expect("a date");
    assert_eq!(
        Timestamp::from(sent_at),
        Timestamp::from_millis(784_111_777_000)
    );
    assert_eq!(client.stages_dated().await.expect("read").sent_at, None);
}
