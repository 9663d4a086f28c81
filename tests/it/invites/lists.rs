//! Finding invites: filters and pages.

use serde_json::{Value, json};

use crate::harness::{TestApp, ask, choices, external};

test_support::each_database! {
    async fn invites_are_found_by_what_they_are(database: Database) {
        let app = TestApp::start(database).await;
        let (backend, numbers) = (app.publish(external("Backend")).await, app.publish(choices("Numbers")).await);
        let one = named(&app, &backend, "Ada", "Lovelace", "ada@candidate.example").await;
        let two = named(&app, &numbers, "Kim", "Łukasz", "kim@elsewhere.example").await;
        let sent = app.send(ask(&backend, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        app.command(&two, "start", None).await;
        for (query, found) in [
            ("", vec![&sent, &two, &one]),
            ("status=started", vec![&two]),
            ("status=cancelled", vec![]),
            ("origin=greenhouse", vec![&sent]),
            ("origin=api", vec![&two, &one]),
            (&format!("assessment_id={backend}"), vec![&sent, &one]),
            ("assessment_id=01920000-0000-7000-8000-000000000000", vec![]),
            ("email=ADA@candidate.example", vec![&one]),
            ("email=candidate.example", vec![]),
            ("q=lovel", vec![&one]),
            ("q=%C5%81UKASZ", vec![&two]),
            ("q=%C5%82ukasz", vec![&two]),
            ("q=CANDIDATE.ex", vec![&sent, &one]),
            ("q=numbers", vec![&two]),
            ("q=ada%20lovelace", vec![&one]),
            ("q=%25", vec![]),
            ("q=_da", vec![]),
            ("q=%00", vec![]),
            ("email=%00", vec![]),
            ("q=kim&status=started&origin=api", vec![&two]),
            ("q=kim&status=invited", vec![]),
            ("q=", vec![&sent, &two, &one]),
        ] {
            let shown = list(&app, query).await.0;
            assert_eq!(shown.iter().collect::<Vec<_>>(), found, "{query}");
        }
    }

    async fn an_expired_invite_is_found_as_such_from_the_moment_on(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(external("Backend")).await;
        let invite = named(&app, &test, "Ada", "Lovelace", "ada@candidate.example").await;
        app.advance(chrono::TimeDelta::days(14));
        crate::harness::eventually("the clock came by", async || {
            (list(&app, "status=expired").await.0 == [invite.clone()]).then_some(())
        })
        .await;
        assert!(list(&app, "status=invited").await.0.is_empty());
    }

    async fn pages_go_from_the_newest_to_the_oldest_without_a_gap(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let mut made = Vec::new();
        for number in 0..7 {
            made.push(named(&app, &test, "Ada", "Lovelace", &format!("ada{number}@candidate.example")).await);
        }
        made.reverse();
        let (first, cursor) = list(&app, "limit=3").await;
        // What is added meanwhile does not push others into the next page.
        named(&app, &test, "Kim", "Late", "kim@candidate.example").await;
        let (second, cursor) = list(&app, &format!("limit=3&cursor={}", cursor.expect("more"))).await;
        let (third, end) = list(&app, &format!("limit=3&cursor={}", cursor.expect("more"))).await;
        assert_eq!([first, second, third].concat(), made);
        assert_eq!(end, None);
    }

    async fn a_full_last_page_has_no_next(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        for number in 0..2 {
            named(&app, &test, "Ada", "Lovelace", &format!("ada{number}@candidate.example")).await;
        }
        let (found, next) = list(&app, "limit=2").await;
        assert_eq!((found.len(), next), (2, None));
    }

    async fn limits_and_cursors_that_cannot_be_are_refused(database: Database) {
        let app = TestApp::start(database).await;
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=ten", "limit"),
            ("limit=1e1", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("cursor=nonsense", "cursor"),
            ("cursor=%00", "cursor"),
            ("status=done", "status"),
            ("origin=carrier-pigeon", "origin"),
            ("assessment_id=17", "assessment_id"),
        ] {
            let (status, answer) = app.v1("GET", &format!("invites?{query}"), None).await;
            assert_eq!((status, &answer["errors"][0]["field"]), (422, &json!(field)), "{query}");
        }
        let (status, page) = app.v1("GET", "invites?limit=100", None).await;
        assert_eq!((status, page), (200, json!({ "data": [], "next_cursor": null })));
    }

    async fn timelines_have_pages_too(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let body = json!({
            "assessment_id": test, "candidate": { "email": "ada@candidate.example" }, "send_email": false,
        });
        let invite = app.invite_with(body).await["id"].as_str().expect("an id").to_owned();
        app.command(&invite, "start", None).await;
        app.command(&invite, "submit", None).await;
        let path = format!("invites/{invite}/timeline?limit=2");
        let (_, first) = app.v1("GET", &path, None).await;
        assert_eq!(types(&first), ["invite.submitted", "invite.started"]);
        let cursor = first["next_cursor"].as_str().expect("more");
        let (_, second) = app.v1("GET", &format!("{path}&cursor={cursor}"), None).await;
        assert_eq!((types(&second), &second["next_cursor"]), (vec!["invite.created"], &Value::Null));
    }
}

async fn named(app: &TestApp, test: &str, first: &str, last: &str, email: &str) -> String {
    let candidate = json!({ "first_name": first, "last_name": last, "email": email });
    let made = app
        .invite_with(json!({ "assessment_id": test, "candidate": candidate }))
        .await;
    made["id"].as_str().expect("an id").to_owned()
}

/// The ids that a list shows, and its cursor.
async fn list(app: &TestApp, query: &str) -> (Vec<String>, Option<String>) {
    let (status, page) = app.v1("GET", &format!("invites?{query}"), None).await;
    assert_eq!(status, 200, "{query}: {page}");
    let ids = page["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|invite| invite["id"].as_str().expect("an id"));
    (
        ids.map(str::to_owned).collect(),
        page["next_cursor"].as_str().map(str::to_owned),
    )
}

fn types(page: &Value) -> Vec<&str> {
    let entries = page["data"].as_array().expect("a list").iter();
    entries
        .map(|entry| entry["type"].as_str().expect("a type"))
        .collect()
}
