//! Lists: pages, filters, limits.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::HarvestPlay;

async fn with_jobs(count: usize) -> HarvestPlay {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/jobs/bulk");
    play.post(&path, json!({"count": count})).await;
    play
}

fn ids(items: &[Value]) -> Vec<u64> {
    items
        .iter()
        .map(|item| item["id"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn pages_are_led_through_by_a_cursor_that_stands_alone() {
    let play = with_jobs(5).await;
    let all = ids(&play.list("jobs").await);
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]));
    let mut seen = Vec::new();
    let mut path = "jobs?status=open&per_page=2".to_owned();
    loop {
        let answer = play.api(Method::GET, &path, None).await;
        let link = answer
            .headers()
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        seen.extend(ids(&answer.json::<Vec<Value>>().await.unwrap()));
        let Some(link) = link else { break };
        let (url, relation) = link.split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        let place = url.find("/v3/").unwrap();
        url[place + 4..].clone_into(&mut path);
        assert!(path.starts_with("jobs?cursor="));
        let (status, body) = play.refused(&format!("{path}&per_page=2")).await;
        assert_eq!(status, 422);
        assert_eq!(
            body["errors"][0],
            "When passing a cursor, do not include other query params."
        );
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_cursor_grows_old_and_is_of_no_use_elsewhere() {
    let play = with_jobs(3).await;
    play.set(json!({"cursor_seconds": 100})).await;
    let answer = play.api(Method::GET, "jobs?per_page=1", None).await;
    let link = answer.headers()["link"].to_str().unwrap().to_owned();
    let cursor = link.split("cursor=").nth(1).unwrap();
    let cursor = cursor.split('>').next().unwrap();
    assert_eq!(play.refused(&format!("users?cursor={cursor}")).await.0, 422);
    assert_eq!(play.refused("jobs?cursor=x").await.0, 422);
    play.advance(99).await;
    assert_eq!(play.list(&format!("jobs?cursor={cursor}")).await.len(), 1);
    play.advance(1).await;
    assert_eq!(play.refused(&format!("jobs?cursor={cursor}")).await.0, 422);
}

#[rstest]
#[case("per_page=0")]
#[case("per_page=501")]
#[case("status=in_process")]
#[case("created_at=2026-11-01&updated_at=gte|2026-11-01")]
#[case("created_at=since|2026-11-01")]
#[case("ids=x")]
#[case("name=Job")]
#[case("confidential=maybe")]
#[tokio::test]
async fn what_cannot_be_asked_is_refused(#[case] query: &str) {
    let play = with_jobs(1).await;
    assert_eq!(play.refused(&format!("jobs?{query}")).await.0, 422);
}

#[tokio::test]
async fn fifty_values_are_taken_and_no_more() {
    let play = with_jobs(1).await;
    let many = |count: usize| vec!["1"; count].join(",");
    assert_eq!(play.list(&format!("jobs?ids={}", many(50))).await.len(), 0);
    assert_eq!(play.refused(&format!("jobs?ids={}", many(51))).await.0, 422);
}

#[tokio::test]
async fn jobs_and_posts_are_found_by_what_they_hold() {
    let play = HarvestPlay::start().await;
    let path = play.of_organization("/jobs");
    let made = play
        .post(
            &path,
            json!({
                "name": "Engineer", "requisition_id": "R-7", "stages": ["Take home", "Offer"],
                "posts": [
                    {"title": "Rust engineer", "content": "<p>Come</p>", "language": "en"},
                    {"title": "Gone", "active": false},
                    {"title": "For colleagues", "internal": true, "live": false},
                ],
            }),
        )
        .await;
    play.post(&path, json!({"name": "Secret", "confidential": true}))
        .await;
    play.post(&path, json!({"name": "Later", "status": "draft"}))
        .await;
    let id = made["id"].as_u64().unwrap();
    assert_eq!(ids(&play.list("jobs?requisition_id=R-7").await), [id]);
    assert_eq!(ids(&play.list("jobs?status=open").await), [id]);
    assert_eq!(play.list("jobs").await.len(), 2);
    let posts = play
        .list(&format!("job_posts?job_ids={id}&live=true"))
        .await;
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0]["title"], "Rust engineer");
    assert_eq!(play.list("job_posts?active=false").await.len(), 1);
    let stages = play
        .list(&format!("job_interview_stages?job_ids={id}"))
        .await;
    let names: Vec<_> = stages
        .iter()
        .map(|stage| stage["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Offer", "Take home", "Application review"]);
    let cut = play.list("jobs?fields=name&status=open").await;
    assert_eq!(cut, [json!({"id": id, "name": "Engineer"})]);
}

#[tokio::test]
async fn times_are_compared() {
    let play = with_jobs(1).await;
    play.advance(3_600).await;
    let path = play.of_organization("/jobs/bulk");
    play.post(&path, json!({"count": 2})).await;
    let (_, pair) = play.refreshed(&play.refresh).await;
    let mut play = play;
    play.keep(&pair);
    let first = "2026-09-21T14:13:20Z";
    assert_eq!(
        play.list(&format!("jobs?created_at=gt|{first}"))
            .await
            .len(),
        2
    );
    assert_eq!(
        play.list(&format!("jobs?created_at=lte|{first}"))
            .await
            .len(),
        1
    );
    let both = format!("jobs?created_at=gte|{first}|lte|2026-09-21T15:13:20Z");
    assert_eq!(play.list(&both).await.len(), 3);
}

#[tokio::test]
async fn a_window_of_thirty_seconds_is_counted_and_told() {
    let play = HarvestPlay::with(json!({"calls_per_window": 3})).await;
    for remaining in ["2", "1", "0"] {
        let answer = play.api(Method::GET, "jobs", None).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-ratelimit-limit"], "3");
        assert_eq!(answer.headers()["x-ratelimit-remaining"], remaining);
        assert_eq!(answer.headers()["x-ratelimit-reset"], "1790000010");
    }
    let answer = play.api(Method::GET, "jobs", None).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "10");
    assert_eq!(answer.headers()["x-ratelimit-remaining"], "0");
    assert_eq!(answer.text().await.unwrap(), "Retry later\n");
    play.advance(10).await;
    assert_eq!(play.list("jobs").await.len(), 0);
    let path = play.of_organization("/allowance");
    let counted = play.control(Method::GET, &path, Value::Null).await.1;
    let counted = &counted["apps"][play.app["client_id"].as_str().unwrap()];
    assert_eq!(
        (&counted["calls"], &counted["refused"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(counted["largest_window"], 3);
}

#[tokio::test]
async fn an_unknown_address_is_not_found_whoever_asks() {
    let play = HarvestPlay::start().await;
    let url = play.url("/greenhouse/harvest/v3/moons");
    let answer = play.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.headers().contains_key("x-ratelimit-limit"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body, json!({"message": "Resource not found"}));
}

#[tokio::test]
async fn candidates_of_the_partners_half_are_there_too() {
    let play = with_jobs(1).await;
    let job = ids(&play.list("jobs").await)[0];
    let candidate = json!({"job_id": job, "first_name": "Ada", "last_name": "Example", "email": "ada@example.org"});
    let made = play
        .call(Method::POST, "/control/greenhouse/applications", candidate)
        .await
        .1;
    let found = play.list("candidates?email=ADA@example.org").await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["first_name"], "Ada");
    let applications = play
        .list(&format!("applications?job_ids={job}&status=active"))
        .await;
    assert_eq!(applications[0]["id"], made["application_id"]);
    assert_eq!(applications[0]["status"], "in_process");
    assert_eq!(applications[0]["candidate_id"], found[0]["id"]);
}
