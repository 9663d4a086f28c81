//! The document, and the page that shows it.

use actix_web::http::Method;
use serde_json::Value;

use crate::house::House;

#[actix_web::test]
async fn the_document_is_served_as_it_was_reviewed() {
    let house = House::new();
    let reply = house.nobody().get("/openapi.json").await;
    assert_eq!(reply.header("Content-Type"), "application/json");
    insta::assert_snapshot!("openapi", reply.text);
}

#[actix_web::test]
async fn every_documented_route_is_there_and_asks_who_calls() {
    let house = House::new();
    let document = house.nobody().get("/openapi.json").await.ok(200);
    let mut routes = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let path = path.replace("{id}", "01890000-0000-7000-8000-000000000000");
            let call = house.nobody().call(method.clone(), &path, None).await;
            call.problem(401, "unauthorized");
            let known = house.operator().call(method, &path, None).await;
            assert_ne!(known.status, 405, "{path}");
            routes += 1;
        }
    }
    assert!(routes > 25);
}

#[actix_web::test]
async fn every_operation_says_who_may_and_what_it_answers() {
    let house = House::new();
    let document = house.nobody().get("/openapi.json").await.ok(200);
    let mut names = Vec::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("methods").values() {
            names.push(
                operation["operationId"]
                    .as_str()
                    .expect("a name")
                    .to_owned(),
            );
            assert_eq!(operation["security"].as_array().map(Vec::len), Some(1));
            assert!(operation["summary"].is_string());
            assert!(operation["responses"]["401"].is_object());
        }
    }
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "operations have names of their own");
    references_are_kept(&document, &document);
}

/// Every `$ref` leads to a schema that is there.
fn references_are_kept(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let pointer = reference.trim_start_matches('#');
                assert!(
                    document.pointer(pointer).is_some(),
                    "{reference} leads nowhere"
                );
            }
            members
                .values()
                .for_each(|part| references_are_kept(document, part));
        }
        Value::Array(parts) => parts
            .iter()
            .for_each(|part| references_are_kept(document, part)),
        _ => {}
    }
}

#[actix_web::test]
async fn the_viewer_comes_with_all_it_loads() {
    let house = House::new();
    let start = house.nobody().get("/docs").await;
    assert_eq!((start.status, start.header("Location")), (308, "/docs/"));
    let page = house.nobody().get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("Content-Type").starts_with("text/html"));
    let loaded = page
        .text
        .split(['"', '\''])
        .filter(|text| text.starts_with("./"));
    for file in loaded {
        let reply = house.nobody().get(&format!("/docs/{}", &file[2..])).await;
        assert_eq!(reply.status, 200, "{file}");
    }
    assert!(
        !page.text.contains("<script>"),
        "scripts are files, as the policy wants it"
    );
    let started = house.nobody().get("/docs/swagger-initializer.js").await;
    assert!(started.text.contains("/openapi.json"));
    assert_eq!(house.nobody().get("/docs/nothing.js").await.status, 404);
}
