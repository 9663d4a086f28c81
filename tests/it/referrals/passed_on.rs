//! Both said yes: the person is in Greenhouse, once, with one note.

use serde_json::{Value, json};

use super::office::{AUTHOR, choose, notes, office, ready, with_address};
use super::{becomes, file, interview, page, press, show};
use crate::harness::TestApp;

const EMAIL: &str = "zoe@candidate.example";

async fn says(app: &TestApp, filed: &Value, interested: bool) -> (u16, Value) {
    let id = filed["id"].as_str().expect("an id");
    let body = json!({ "interested": interested });
    app.v1("POST", &format!("interviews/{id}/consent"), Some(body))
        .await
}

async fn passed_on(app: &TestApp, interview: Value) -> Value {
    let filed = file(app, interview).await;
    assert_eq!(says(app, &filed, true).await.0, 200);
    becomes(app, &filed, "in_greenhouse").await
}

fn for_job(job: &Value) -> Value {
    let mut body = interview(EMAIL);
    body["greenhouse_job_id"] = json!(job["id"].to_string());
    body
}

test_support::each_database! {
    async fn a_mutual_yes_brings_a_prospect_with_profile_and_feedback_under_the_colleagues_name(database: Database) {
        let app = TestApp::start(database).await;
        let (office, author) = ready(&app, json!({})).await;
        let done = passed_on(&app, interview(EMAIL)).await;
        let people = office.candidates().await;
        assert_eq!(people.len(), 1, "{people:?}");
        let zoe = &people[0];
        assert_eq!((&zoe["first_name"], &zoe["last_name"]), (&json!("Zoë"), &json!("Nowak")));
        assert_eq!(zoe["email_addresses"], json!([{ "value": EMAIL, "type": "personal" }]));
        assert_eq!(zoe["social_media_addresses"], json!([{ "value": "https://www.linkedin.com/in/zoe-nowak" }]));
        assert_eq!(zoe["applications"].as_array().map(Vec::len), Some(1));
        assert_eq!(zoe["applications"][0]["prospect"], true);
        let id = done["id"].as_str().expect("an id");
        assert_eq!(notes(zoe), [format!(
            "Interviewed on Vendor by Ines Ito on 9/8/26 (all numeric scores out of 4, where 4 is best):\n\n\
             Technical skills: 4\n\nCommunication skills: 3\n\nFreeform feedback: \"Really good overall!\"\n\nref: {id}"
        )]);
        assert_eq!(zoe["notes"][0]["user_id"], author);
        assert_eq!(zoe["notes"][0]["visibility"], "privately_visible");
        assert_eq!(done["greenhouse_candidate_id"], zoe["id"].to_string());
        assert_eq!(done["greenhouse_application_id"], zoe["applications"][0]["id"].to_string());
        assert_eq!(done["writebacks"][0]["state"], "seen");
        assert_eq!(done["consent_url"], Value::Null);
        app.stop().await;
    }

    async fn with_a_job_the_person_is_an_applicant_whose_recruiter_is_the_colleague(database: Database) {
        let app = TestApp::start(database).await;
        let (office, author) = ready(&app, json!({})).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        passed_on(&app, for_job(&job)).await;
        let zoe = &office.candidates().await[0];
        assert_eq!(zoe["applications"].as_array().map(Vec::len), Some(1));
        let application = &zoe["applications"][0];
        assert_eq!((&application["job_id"], &application["recruiter_id"]), (&job["id"], &json!(author)));
        assert_eq!(application["prospect"], false);
        app.stop().await;
    }

    async fn who_is_there_already_gets_what_is_missing_and_no_second_of_anything(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = ready(&app, json!({})).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        office.applicant(job["id"].as_u64().expect("an id"), "Zoë", EMAIL).await;
        passed_on(&app, for_job(&job)).await;
        passed_on(&app, interview("ZOE@candidate.example")).await;
        let people = with_address(&office, EMAIL).await;
        assert_eq!((people.len(), office.candidates().await.len()), (1, 1));
        let zoe = &people[0];
        assert_eq!(zoe["social_media_addresses"], json!([{ "value": "https://www.linkedin.com/in/zoe-nowak" }]));
        assert_eq!(zoe["applications"].as_array().map(Vec::len), Some(1));
        assert_eq!(notes(zoe).len(), 2);
        app.stop().await;
    }

    async fn who_applied_for_another_job_applies_for_this_one_too(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = ready(&app, json!({})).await;
        let other = office.job("Designer", "<p>Come</p>", &["Onsite"]).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        office.applicant(other["id"].as_u64().expect("an id"), "Zoë", EMAIL).await;
        passed_on(&app, for_job(&job)).await;
        let people = office.candidates().await;
        assert_eq!(people.len(), 1);
        let jobs: Vec<&Value> = people[0]["applications"].as_array().expect("a list").iter().map(|it| &it["job_id"]).collect();
        assert_eq!(jobs.len(), 2);
        assert!(jobs.contains(&&job["id"]) && jobs.contains(&&other["id"]));
        app.stop().await;
    }

    async fn of_two_with_one_address_the_applicant_is_meant_and_it_is_told(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = ready(&app, json!({})).await;
        let other = office.job("Designer", "<p>Come</p>", &["Onsite"]).await;
        let job = office.job("Engineer", "<p>Come</p>", &["Onsite"]).await;
        let meant = office.applicant(job["id"].as_u64().expect("an id"), "Zoë", EMAIL).await;
        office.applicant(other["id"].as_u64().expect("an id"), "Zoe", EMAIL).await;
        let done = passed_on(&app, for_job(&job)).await;
        assert_eq!(done["greenhouse_candidate_id"], meant["person_id"].to_string());
        assert!(done["detail"].as_str().is_some_and(|told| told.contains("2 candidates")), "{done}");
        assert_eq!(office.candidates().await.len(), 2);
        app.stop().await;
    }

    async fn it_waits_for_a_connection_and_an_author_and_goes_on_by_itself(database: Database) {
        let app = TestApp::start(database).await;
        let office = office(&app, json!({})).await;
        office.user("Rosa Ortega", AUTHOR).await;
        let gone = office.user("Gil Gone", "gil@customer.example").await;
        let filed = file(&app, interview(EMAIL)).await;
        says(&app, &filed, true).await;
        let waits = becomes(&app, &filed, "blocked").await;
        assert!(waits["detail"].to_string().contains("not connected"), "{waits}");
        office.connect().await;
        let waits = crate::harness::eventually("an author is missing", async || {
            let shown = show(&app, &filed).await;
            shown["detail"].to_string().contains("created by").then_some(shown)
        }).await;
        assert_eq!(waits["state"], "blocked");
        choose(&app, AUTHOR).await;
        becomes(&app, &filed, "in_greenhouse").await;
        choose(&app, "gil@customer.example").await;
        app.control("PATCH", &format!("greenhouse/harvest/users/{gone}"), Some(json!({ "deactivated": true }))).await;
        let second = file(&app, interview("ben@candidate.example")).await;
        says(&app, &second, true).await;
        let waits = becomes(&app, &second, "blocked").await;
        assert!(waits["detail"].to_string().contains("deactivated"), "{waits}");
        choose(&app, AUTHOR).await;
        becomes(&app, &second, "in_greenhouse").await;
        assert_eq!(office.candidates().await.len(), 2);
        app.stop().await;
    }

    async fn a_no_comes_too_late_once_the_first_step_is_taken(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = ready(&app, json!({})).await;
        let broken = json!({ "next": { "play": { "kind": "status", "status": 500 }, "calls": ["create_note"] } });
        office.control("PUT", "faults", Some(broken)).await;
        let filed = file(&app, interview(EMAIL)).await;
        let link = filed["consent_url"].as_str().expect("a link").to_owned();
        press(&app, &link, "yes").await;
        crate::harness::eventually("the person is there", async || {
            show(&app, &filed).await["greenhouse_candidate_id"].is_string().then_some(())
        }).await;
        let (status, refused) = says(&app, &filed, false).await;
        assert_eq!((status, &refused["code"]), (409, &json!("already_passed_on")), "{refused}");
        assert_eq!(press(&app, &link, "no").await.0, 303);
        let (_, told) = page(&app, &link).await;
        assert!(told.contains("Acme has your details"), "{told}");
        app.stop().await;
    }

    async fn a_job_that_is_gone_blocks_and_a_try_later_goes_on(database: Database) {
        let app = TestApp::start(database).await;
        let (office, _) = ready(&app, json!({})).await;
        let mut unknown = interview(EMAIL);
        unknown["greenhouse_job_id"] = json!("999999");
        let filed = file(&app, unknown).await;
        says(&app, &filed, true).await;
        let waits = becomes(&app, &filed, "blocked").await;
        assert!(waits["detail"].to_string().contains("job"), "{waits}");
        assert!(office.candidates().await.is_empty());
        app.stop().await;
    }
}
