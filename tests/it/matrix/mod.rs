//! Every route, with every id of another organization, by everybody: refused as if the thing had never been.

mod callers;
mod sources;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::routes::{Door, Route, routes};
use crate::harness::{Callback, TestApp, answer, ask, external, written};
use callers::{Callers, Who};

/// Planted in all that the other organization has.
const CANARY: &str = "Xq7Foreign";
/// An id that nobody has.
const UNKNOWN: &str = "01920000-0000-7000-8000-000000000000";

test_support::each_database! {
    async fn a_foreign_id_is_refused_to_everybody_on_every_route(database: Database) {
        let app = start(database).await;
        let greenhouse = Callback::start(async |_| answer(200)).await;
        let theirs = things(&app, &greenhouse).await;
        let callers = Callers::of_another_organization(&app).await;
        let before = world(&app, &theirs).await;
        let mut tried = 0;
        for route in routes(&app).await.iter().filter(|route| route.names_something() && route.door != Door::Open) {
            for who in Who::ALL.into_iter().filter(|who| !sees_all(route, *who)) {
                let unknown = callers.call(route, UNKNOWN, who).await;
                assert_eq!(unknown.status, expected(route, who), "{who:?} {} {}: {}", route.method, route.pattern, unknown.text);
                for (kind, id) in &theirs {
                    let foreign = callers.call(route, id, who).await;
                    assert!(!foreign.text.contains(CANARY), "{who:?} {} {} shows their {kind}: {}", route.method, route.pattern, foreign.text);
                    assert_eq!(foreign.without(id), unknown.without(UNKNOWN), "{who:?} {} {} with their {kind}", route.method, route.pattern);
                    tried += 1;
                }
            }
        }
        assert!(tried > 1_500, "{tried} combinations");
        assert_eq!(world(&app, &theirs).await, before, "nothing of theirs changed");
        app.stop().await;
    }

    async fn what_names_nothing_shows_ones_own_only(database: Database) {
        let app = start(database).await;
        let greenhouse = Callback::start(async |_| answer(200)).await;
        let theirs = things(&app, &greenhouse).await;
        let callers = Callers::of_another_organization(&app).await;
        let before = world(&app, &theirs).await;
        for route in routes(&app).await.iter().filter(|route| !route.names_something()) {
            for who in Who::ALL.into_iter().filter(|who| !sees_all(route, *who)) {
                let answered = callers.call(route, "", who).await;
                let (method, pattern) = (route.method, &route.pattern);
                assert!(!answered.text.contains(CANARY), "{who:?} {method} {pattern}: {}", answered.text);
                let expected = expected(route, who);
                if expected == route.unknown {
                    // Signing in under one address is let in ten times a minute; no ATS is connected.
                    let fine = answered.status < 400 || matches!(answered.status, 409 | 422) || pattern == "/sign-in";
                    assert!(fine, "{who:?} is let in: {method} {pattern}: {} {}", answered.status, answered.text);
                } else {
                    assert_eq!(answered.status, expected, "{who:?} {method} {pattern}: {}", answered.text);
                }
            }
        }
        assert_eq!(world(&app, &theirs).await, before, "nothing of theirs changed");
        app.stop().await;
    }
}

/// May this caller see every organization's things there? Only the operator, at the operator's own routes.
fn sees_all(route: &Route, who: Who) -> bool {
    match route.door {
        Door::Operator => who == Who::OperatorToken,
        Door::Operating => who == Who::OperatorUser,
        _ => false,
    }
}

/// What a caller is answered who names what is not there.
fn expected(route: &Route, who: Who) -> u16 {
    let reads = route.method == "GET";
    let at_v1 = |let_in: bool| match who {
        Who::ReadKey | Who::WriteKey | Who::FullKey | Who::OperatorToken if !let_in => 403,
        Who::ReadKey if !reads => 403,
        Who::WriteKey if reads => 403,
        Who::ReadKey | Who::WriteKey | Who::FullKey | Who::OperatorToken => route.unknown,
        _ => 401,
    };
    match route.door {
        Door::Operator => at_v1(who == Who::OperatorToken),
        Door::Platform => at_v1(who != Who::OperatorToken),
        Door::Greenhouse if who == Who::GreenhouseKey => route.unknown,
        Door::Greenhouse => 401,
        Door::Administration if who == Who::Member => 403,
        Door::Operating => match who {
            Who::OperatorUser => route.unknown,
            Who::Owner | Who::Admin | Who::Member => 403,
            _ => 303,
        },
        Door::Session | Door::Administration | Door::Results => match who {
            Who::Owner | Who::Admin | Who::Member => route.unknown,
            // Operators have no pages of an organization.
            Who::OperatorUser if route.door != Door::Results => 403,
            _ => 303,
        },
        Door::Link | Door::Setup | Door::Open => route.unknown,
    }
}

async fn start(database: test_support::Database) -> TestApp {
    // Each call comes from another address: whoever tries out many keys in a minute is slowed down.
    let more = [
        ("HTTP__TRUSTED_PROXIES", "127.0.0.1/32"),
        ("LIMITS__REQUESTS_PER_MINUTE", "1000000"),
        ("MAIL__BOUNCE_TOKEN", "where-bounces-come-in"),
    ];
    TestApp::start_at(database, std::sync::Arc::new(domain::SystemClock), &more).await
}

/// Kind and id of everything that the test's own organization has.
async fn things(app: &TestApp, greenhouse: &Callback) -> Vec<(&'static str, String)> {
    let name = json!({ "name": CANARY });
    app.v1("PATCH", "organization", Some(name)).await;
    app.v1(
        "POST",
        "api-keys",
        Some(json!({ "kind": "platform", "name": CANARY })),
    )
    .await;
    let essay = app.publish(written(CANARY)).await;
    let project = app.publish(external(&format!("{CANARY} project"))).await;
    let email = format!("{CANARY}@candidate.example");
    let submitted = app.send(ask(&essay, &email, &greenhouse.url("1"))).await;
    app.command(&submitted, "start", None).await;
    app.command(&submitted, "submit", None).await;
    let completed = app.send(ask(&project, &email, &greenhouse.url("2"))).await;
    app.command(&completed, "start", None).await;
    app.report(&completed, json!({ "score": 70, "summary": CANARY }))
        .await;
    app.writeback(&completed, "sent").await;
    let invited = app.invite(&project, &email).await;
    let link = invited["candidate_url"].as_str().expect("a link");
    assert!(
        app.http
            .get(link)
            .send()
            .await
            .expect("an answer")
            .status()
            .is_success()
    );
    app.idle().await;
    let (_, keys) = app.v1("GET", "api-keys", None).await;
    let id = |thing: &Value| thing["id"].as_str().expect("an id").to_owned();
    vec![
        ("organization", app.organization.to_string()),
        ("key", id(&keys["data"][0])),
        ("assessment", essay),
        ("submitted invite", submitted),
        ("completed invite", completed),
        ("open invite", id(&invited)),
        ("candidate", id(&invited["candidate"])),
    ]
}

/// All of it, as its own organization sees it.
async fn world(app: &TestApp, things: &[(&'static str, String)]) -> BTreeSet<String> {
    app.idle().await;
    let mut paths: Vec<_> = [
        "organization",
        "api-keys?limit=100",
        "assessments?limit=100",
        "invites?limit=100",
        "candidates?limit=100",
    ]
    .map(str::to_owned)
    .into();
    for (_, id) in things.iter().filter(|(kind, _)| kind.ends_with("invite")) {
        paths.push(format!("invites/{id}/timeline?limit=100"));
    }
    let mut world = BTreeSet::new();
    for path in paths {
        let (status, mut seen) = app.v1("GET", &path, None).await;
        assert_eq!(status, 200, "{seen}");
        // The test's own calls move it.
        for key in seen["data"].as_array_mut().into_iter().flatten() {
            key.as_object_mut()
                .expect("an object")
                .remove("last_used_at");
        }
        world.insert(format!("{path} {seen}"));
    }
    world
}
