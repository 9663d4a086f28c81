//! Lists, page by page.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::house::{Guest, House};

async fn draft(guest: &Guest<'_>, title: &str) -> String {
    let made = guest
        .post("/v1/assessments", json!({"title": title}))
        .await
        .ok(201);
    made["id"].as_str().expect("an id").to_owned()
}

fn ids(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().expect("data");
    let id = |one: &Value| one["id"].as_str().expect("an id").to_owned();
    data.iter().map(id).collect()
}

#[actix_web::test]
async fn pages_are_complete_and_in_order_while_others_insert() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let mut made = Vec::new();
    for number in 0..7 {
        made.push(draft(&acme, &number.to_string()).await);
    }
    made.reverse();
    let (mut seen, mut path) = (Vec::new(), "/v1/assessments?limit=3".to_owned());
    loop {
        let page = acme.get(&path).await.ok(200);
        seen.extend(ids(&page));
        draft(&acme, "later").await;
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/assessments?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 7);
}

#[actix_web::test]
async fn a_page_that_is_just_full_is_the_last() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for number in 0..3 {
        draft(&acme, &number.to_string()).await;
    }
    let page = acme.get("/v1/assessments?limit=3").await.ok(200);
    assert_eq!((ids(&page).len(), &page["next_cursor"]), (3, &Value::Null));
}

#[actix_web::test]
async fn a_page_holds_50_unless_told_otherwise_and_100_at_most() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    for number in 0..101 {
        draft(&acme, &number.to_string()).await;
    }
    let usual = acme.get("/v1/assessments").await.ok(200);
    assert_eq!(ids(&usual).len(), 50);
    assert!(usual["next_cursor"].is_string());
    let most = acme
        .get("/v1/assessments?limit=100&colour=red")
        .await
        .ok(200);
    assert_eq!(ids(&most).len(), 100);
    for limit in ["101", "0", "-1", "many", "1e2", "99999999999999999999"] {
        let reply = acme.get(&format!("/v1/assessments?limit={limit}")).await;
        assert_eq!(reply.faulty(), ["limit"]);
    }
    for cursor in ["x", "AAAA", "%00", "01890000-0000-7000-8000-000000000000"] {
        let reply = acme.get(&format!("/v1/assessments?cursor={cursor}")).await;
        assert_eq!(reply.faulty(), ["cursor"]);
    }
}
