//! The people who were asked: found, and erased.

use serde_json::{Value, json};

use crate::harness::{TestApp, Visitor, external, text};

/// The members that a list of people has, and where it goes on.
async fn people(app: &TestApp, query: &str) -> (Vec<Value>, Option<String>) {
    let (status, page) = app.v1("GET", &format!("candidates{query}"), None).await;
    assert_eq!(status, 200, "{page}");
    let next = page["next_cursor"].as_str().map(str::to_owned);
    (page["data"].as_array().expect("a list").clone(), next)
}

fn addresses(people: &[Value]) -> Vec<&str> {
    people
        .iter()
        .map(|person| person["email"].as_str().expect("an address"))
        .collect()
}

async fn asked(app: &TestApp, test: &str, first_name: &str, email: &str) -> Value {
    let candidate = json!({ "first_name": first_name, "last_name": "Nowak", "email": email });
    app.invite_with(json!({ "assessment_id": test, "candidate": candidate }))
        .await
}

test_support::each_database! {
    async fn people_are_listed_once_with_their_newest_names_the_newest_first(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        assert_eq!(people(&app, "").await, (vec![], None));
        asked(&app, &test, "Zoe", "zoe@candidate.example").await;
        asked(&app, &test, "Kim", "kim@candidate.example").await;
        asked(&app, &test, "Ada", "ada@candidate.example").await;
        let again = asked(&app, &test, "Zoë", "Zoe@Candidate.example").await;
        let (all, _) = people(&app, "").await;
        assert_eq!(addresses(&all), ["ada@candidate.example", "kim@candidate.example", "Zoe@Candidate.example"]);
        assert_eq!((&all[2]["first_name"], &all[2]["id"]), (&json!("Zoë"), &again["candidate"]["id"]));
        assert_eq!(all[2]["last_invited_at"], again["created_at"]);

        let (first, next) = people(&app, "?limit=2").await;
        assert_eq!(addresses(&first), addresses(&all[..2]));
        let (second, end) = people(&app, &format!("?limit=2&cursor={}", next.expect("one more"))).await;
        assert_eq!((addresses(&second), end), (addresses(&all[2..]), None));
        assert_eq!(addresses(&people(&app, "?email=KIM@candidate.example").await.0), ["kim@candidate.example"]);
        assert_eq!(people(&app, "?email=nobody@candidate.example").await.0, [Value::Null; 0]);
    }

    async fn whoever_is_erased_stays_as_a_number(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = asked(&app, &test, "Zoe", "zoe@candidate.example").await;
        let person = text(&invite["candidate"]["id"]);
        app.complete(&text(&invite["id"]), 80).await;
        app.idle().await;
        let path = format!("candidates/{person}");
        assert_eq!(app.v1("DELETE", &path, None).await.0, 204);

        let (all, _) = people(&app, "").await;
        assert_eq!((all.len(), &all[0]["id"], &all[0]["first_name"]), (1, &json!(person), &json!("")));
        assert!(all[0]["erased_at"].is_string(), "{all:?}");
        assert!(!all[0].to_string().contains("zoe"), "{all:?}");
        assert_eq!(people(&app, "?email=zoe@candidate.example").await.0, [Value::Null; 0]);
        let shown = app.show(&text(&invite["id"])).await;
        assert_eq!((&shown["score"], &shown["status"]), (&json!(80.0), &json!("completed")));
        let entries = app.v1("GET", "audit-events", None).await.1;
        assert_eq!(entries["data"][0]["action"], "candidate.erased", "{entries}");

        assert_eq!(app.v1("DELETE", &path, None).await.0, 204, "once more does no harm");
        let anew = asked(&app, &test, "Zoe", "zoe@candidate.example").await;
        assert_ne!(text(&anew["candidate"]["id"]), person, "asked again it is somebody new");
        assert_eq!(app.v1("DELETE", "candidates/01920000-0000-7000-8000-000000000000", None).await.0, 404);
    }

    async fn an_owner_erases_a_candidate_after_a_question(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let invite = asked(&app, &test, "Zoe", "zoe@candidate.example").await;
        app.idle().await;
        let (page, path) = (format!("/invites/{}", text(&invite["id"])), format!("/invites/{}/erase", text(&invite["id"])));
        let owner = Visitor::sign_in(&app).await;
        assert_eq!(owner.press(&page, &path).await, 200, "it is asked first");
        assert_eq!(people(&app, "").await.0[0]["first_name"], "Zoe");
        assert_eq!(owner.press_and_confirm(&page, &path).await, 303);
        assert_eq!(people(&app, "").await.0[0]["first_name"], "");
        let shown = owner.page(&page).await;
        assert!(!shown.contains("Zoe") && !shown.contains(&path), "{shown}");
    }
}
