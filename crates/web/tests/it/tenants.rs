//! Another organization's ids answer exactly like unknown ones.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::house::{Guest, House};

/// A body that fits the route, so that only the id can be at fault.
fn body_for(method: &Method, path: &str) -> Option<String> {
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "extend" => json!({"expires_at": "2027-01-01T00:00:00Z"}),
        "refuse" => json!({"reason": "no"}),
        "grades" => json!({"grades": []}),
        _ if method == Method::GET || method == Method::DELETE => return None,
        _ => json!({}),
    };
    Some(body.to_string())
}

async fn ids_of(guest: &Guest<'_>) -> [(&'static str, String); 4] {
    let question = json!({"kind": "code", "prompt": "p"});
    let draft = json!({"title": "A", "questions": [question]});
    let assessment = guest.post("/v1/assessments", draft).await.ok(201);
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    let publish = format!("/v1/assessments/{}/publish", id(&assessment));
    guest.command(&publish).await.ok(200);
    let invite =
        json!({"assessment_id": id(&assessment), "candidate": {"email": "zoe@candidate.example"}});
    let invite = guest.post("/v1/invites", invite).await.ok(201);
    let keys = guest.get("/v1/api-keys").await.ok(200);
    [
        ("/v1/api-keys/", id(&keys["data"][0])),
        ("/v1/assessments/", id(&assessment)),
        ("/v1/invites/", id(&invite)),
        ("/v1/candidates/", id(&invite["candidate"])),
    ]
}

#[actix_web::test]
async fn foreign_unknown_and_nonsense_ids_answer_alike_on_every_route() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let ids = ids_of(&acme).await;
    let thief = house
        .organization("Thief")
        .await
        .with("X-Request-Id", "same");
    let before = acme.get("/v1/invites").await.text;
    let document = house.nobody().get("/openapi.json").await.ok(200);
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some((_, foreign)) = ids.iter().find(|(start, _)| path.starts_with(start)) else {
            continue;
        };
        for method in item.as_object().expect("methods").keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let mut answers = Vec::new();
            for id in [foreign, "01890000-0000-7000-8000-000000000000", "nonsense"] {
                let path = path.replace("{id}", id);
                let reply = thief
                    .call(method.clone(), &path, body_for(&method, &path))
                    .await;
                reply.problem(404, "not_found");
                answers.push(reply.text);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried >= 18, "{tried}");
    assert_eq!(
        acme.get("/v1/invites").await.text,
        before,
        "nothing was changed"
    );
}

#[actix_web::test]
async fn a_foreign_assessment_cannot_be_named_in_an_invite() {
    let house = House::new();
    let ids = ids_of(&house.organization("Acme").await).await;
    let thief = house
        .organization("Thief")
        .await
        .with("X-Request-Id", "same");
    let invite = |id: &str| {
        thief.post(
            "/v1/invites",
            json!({"assessment_id": id, "candidate": {"email": "a@b.example"}}),
        )
    };
    let foreign = invite(&ids[1].1).await;
    assert_eq!(foreign.faulty(), ["assessment_id"]);
    let unknown = invite("01890000-0000-7000-8000-000000000000").await;
    assert_eq!(unknown.text, foreign.text);
}

#[actix_web::test]
async fn lists_show_an_organizations_own_alone() {
    let house = House::new();
    let acme = house.organization("Acme").await;
    let ids = ids_of(&acme).await;
    let thief = house.organization("Thief").await;
    for (path, id) in &ids {
        let path = path.trim_end_matches('/');
        assert!(acme.get(path).await.text.contains(id));
        assert!(!thief.get(path).await.text.contains(id));
    }
}
