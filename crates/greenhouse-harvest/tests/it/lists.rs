//! Lists: pages, places that Greenhouse no longer knows, places that are not Greenhouse's.

use futures_util::TryStreamExt as _;
use greenhouse_harvest::{
    Candidate, CandidateFilter, Error, ErrorKind, Job, JobFilter, JobId, Resource,
};
use rstest::rstest;

use crate::far_side::{FarSide, answer};
use crate::fixtures::{answering, connected, ok, page};

async fn ids(greenhouse: &FarSide, filter: &JobFilter) -> Result<Vec<i64>, Error> {
    let jobs: Vec<Job> = connected(greenhouse).list(filter).try_collect().await?;
    Ok(jobs.into_iter().map(|job| job.id.get()).collect())
}

fn next(greenhouse: &FarSide, cursor: &str) -> String {
    format!(
        "<{}/v3/jobs?cursor={cursor}>; rel=\"next\"",
        greenhouse.base
    )
}

#[tokio::test]
async fn pages_are_followed_as_they_are_named_and_the_cursor_stands_alone() {
    let greenhouse = FarSide::with([""; 0]).await;
    greenhouse.then([
        page(r#"[{"id":9},{"id":8}]"#, &next(&greenhouse, "eyJ%3D")),
        page(
            r#"[{"id":8},{"id":7}]"#,
            "</v3/jobs?cursor=b>; rel=\"next\"",
        ),
        page("[]", ""),
    ]);
    let filter = JobFilter::new().confidential(false).page_size(2);
    assert_eq!(ids(&greenhouse, &filter).await.expect("read"), [9, 8, 7]);
    assert_eq!(
        greenhouse.lines(),
        [
            "GET /v3/jobs?confidential=false&per_page=2",
            "GET /v3/jobs?cursor=eyJ%3D",
            "GET /v3/jobs?cursor=b",
        ]
    );
}

#[tokio::test]
async fn the_access_token_goes_nowhere_else() {
    let elsewhere = FarSide::with([ok("[]")]).await;
    for link in [
        format!("<{}/v3/jobs?cursor=a>; rel=\"next\"", elsewhere.base),
        "<https://evil.example/v3/jobs?cursor=a>; rel=next".to_owned(),
        "</auth/token?cursor=a>; rel=next".to_owned(),
        "</v3/../auth/token>; rel=next".to_owned(),
        "<//evil.example/v3/jobs>; rel=next".to_owned(),
    ] {
        let greenhouse = FarSide::with([page(r#"[{"id":9}]"#, &link)]).await;
        let error = ids(&greenhouse, &JobFilter::new())
            .await
            .expect_err("foreign");
        assert_eq!(*error.kind(), ErrorKind::ForeignPage, "{link}");
        assert!(!error.to_string().contains("evil"));
        assert_eq!(greenhouse.seen().len(), 1);
    }
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_page_that_hides_the_next_one_is_not_the_last() {
    let greenhouse = FarSide::with([page("[]", "</v3/jobs?cursor=a; rel=next")]).await;
    let error = ids(&greenhouse, &JobFilter::new())
        .await
        .expect_err("cut short");
    assert_eq!(
        error.to_string(),
        "the list was left: the Link header can't be read"
    );
}

#[rstest]
#[case("</v3/jobs?cursor=a>; rel=\"prev\"")]
#[case("</v3/jobs?cursor=a>")]
#[case(" ")]
#[tokio::test]
async fn without_a_next_page_the_list_is_over(#[case] link: &str) {
    let greenhouse = FarSide::with([page(r#"[{"id":9}]"#, link)]).await;
    assert_eq!(
        ids(&greenhouse, &JobFilter::new()).await.expect("read"),
        [9]
    );
    assert_eq!(greenhouse.seen().len(), 1);
}

#[tokio::test]
async fn the_next_page_may_stand_in_a_header_of_its_own() {
    let two = "</v3/jobs?cursor=z>; rel=prev\r\nLink: </v3/jobs?cursor=a>; rel=next";
    let greenhouse = FarSide::with([page(r#"[{"id":9}]"#, two), ok(r#"[{"id":8}]"#)]).await;
    assert_eq!(
        ids(&greenhouse, &JobFilter::new()).await.expect("read"),
        [9, 8]
    );
}

#[tokio::test]
async fn a_cursor_that_comes_again_ends_the_list() {
    let here = "</v3/jobs?cursor=a>; rel=next";
    let greenhouse =
        FarSide::with((0..2).map(|id| page(&format!(r#"[{{"id":{id}}}]"#), here))).await;
    assert_eq!(
        ids(&greenhouse, &JobFilter::new()).await.expect("read"),
        [0, 1]
    );
}

#[tokio::test]
async fn a_list_begins_again_when_its_cursor_is_refused() {
    let here = "</v3/jobs?cursor=a>; rel=next";
    let refused = answer(
        "422 Unprocessable Content",
        r#"{"message":"Unprocessable Content"}"#,
    );
    let answers = [
        page(r#"[{"id":9}]"#, here),
        refused,
        ok(r#"[{"id":9},{"id":8}]"#),
    ];
    let greenhouse = FarSide::with(answers.clone()).await;
    assert_eq!(
        ids(&greenhouse, &JobFilter::new()).await.expect("read"),
        [9, 8]
    );
    assert_eq!(greenhouse.lines()[2], "GET /v3/jobs");

    let greenhouse = FarSide::with(answers).await;
    let client = connected(&greenhouse).restart_lists(false);
    let jobs = client.list(&JobFilter::new()).try_collect::<Vec<_>>().await;
    assert_eq!(jobs.expect_err("refused").status(), Some(422));
}

#[tokio::test]
async fn a_first_page_that_is_refused_ends_the_list() {
    let greenhouse = FarSide::with([answer("422 Unprocessable Content", "{}")]).await;
    let error = ids(&greenhouse, &JobFilter::new())
        .await
        .expect_err("refused");
    assert!(error.is_invalid());
}

#[tokio::test]
async fn a_filter_by_no_ids_at_all_gives_nothing_and_asks_nothing() {
    let greenhouse = FarSide::with([ok(r#"[{"id":9}]"#)]).await;
    let filter = JobFilter::new().ids([]);
    assert_eq!(ids(&greenhouse, &filter).await.expect("read"), [0_i64; 0]);
    assert!(greenhouse.seen().is_empty());
}

#[tokio::test]
async fn a_filter_that_would_be_refused_is_not_sent() {
    let greenhouse = FarSide::with([ok("[]")]).await;
    let filter = JobFilter::new().ids((0..51).map(JobId::new));
    let error = ids(&greenhouse, &filter).await.expect_err("too many");
    assert_eq!(
        error.to_string(),
        "nothing was sent: `ids` takes 50 values at most: ask in parts"
    );
    assert!(!error.is_temporary() && greenhouse.seen().is_empty());
}

#[tokio::test]
async fn one_record_is_a_list_of_one() {
    let (greenhouse, client) = answering(r#"[{"id":7,"name":"Engineer"}]"#).await;
    let job = client
        .find(JobId::new(7))
        .await
        .expect("read")
        .expect("found");
    assert_eq!(job.name, "Engineer");
    assert_eq!(greenhouse.lines(), ["GET /v3/jobs?ids=7"]);
}

#[tokio::test]
async fn messages_in_place_of_candidates_are_all_kept() {
    let (_greenhouse, client) =
        answering(r#"[{"id":7},{"message":"x"},{"message":"x"},{"id":7}]"#).await;
    let all: Vec<<Candidate as Resource>::Item> = client
        .list(&CandidateFilter::new())
        .try_collect()
        .await
        .expect("read");
    assert_eq!(all.len(), 3);
}

#[tokio::test]
async fn a_list_outlives_its_client() {
    let greenhouse = FarSide::with([page(r#"[{"id":9}]"#, "</v3/jobs?cursor=a>; rel=next")]).await;
    greenhouse.then([ok(r#"[{"id":8}]"#)]);
    let client = connected(&greenhouse);
    let jobs = client.list(&JobFilter::new());
    drop(client);
    assert_eq!(jobs.try_collect::<Vec<_>>().await.expect("read").len(), 2);
}
