//! What Greenhouse's webhooks tell of, and what a look finds that they missed: moves invite, and whoever is gone there is erased.

use serde_json::{Value, json};

use crate::harness::{HarvestOffice, TestApp, Visitor, eventually, text};

const ESSAY: &str = "Essay";

/// An employer that is connected, with a job whose stage "Assessment" invites to an essay.
struct Desk<'a> {
    app: &'a TestApp,
    office: HarvestOffice<'a>,
    job: Value,
    assessment: String,
    mapping: Value,
}

impl<'a> Desk<'a> {
    async fn open(app: &'a TestApp) -> Self {
        let office = HarvestOffice::create(app, "Acme Hiring").await;
        office.connect().await;
        let job = office
            .job(
                "Backend Engineer",
                "<p>Build.</p>",
                &["Assessment", "Offer"],
            )
            .await;
        let essay = json!({ "title": ESSAY, "kind": "questionnaire", "questions": [{ "kind": "long_text", "prompt": "Why?", "points": 10 }] });
        let assessment = app.publish(essay).await;
        let chosen = json!({ "stage_id": stage(&job, "Assessment"), "assessment_id": assessment });
        let (status, mapping) = app
            .v1("POST", "greenhouse/stage-mappings", Some(chosen))
            .await;
        assert_eq!(status, 201, "{mapping}");
        Self {
            app,
            office,
            job,
            assessment,
            mapping,
        }
    }

    /// Makes the web hooks that a person makes in Greenhouse.
    async fn with_webhooks(self) -> Self {
        let (status, made) = self.app.v1("POST", "greenhouse/webhook-secret", None).await;
        assert_eq!(status, 200, "{made}");
        for event in [
            "candidate_stage_change",
            "delete_candidate",
            "candidate_anonymized",
            "merge_candidate",
            "delete_application",
        ] {
            let hook = json!({ "url": made["url"], "secret_key": made["secret"], "event": event });
            let hook = self.office.control("POST", "webhooks", Some(hook)).await;
            assert_eq!(hook["disabled"], false, "its ping is answered 200: {hook}");
        }
        self
    }

    /// Somebody who applies, in the first stage.
    async fn applicant(&self, name: &str, email: &str) -> Value {
        let job = self.job["id"].as_u64().expect("an id");
        self.office.applicant(job, name, email).await
    }

    /// Half a minute later, since Greenhouse's clock is told in whole seconds, a recruiter moves somebody.
    async fn move_to(&self, applicant: &Value, name: &str) {
        self.office.greenhouses_clock(2).await;
        let path = format!(
            "greenhouse/applications/{}/move",
            applicant["application_id"]
        );
        let to = json!({ "stage_id": stage(&self.job, name).parse::<u64>().expect("a number") });
        self.app.control("POST", &path, Some(to)).await;
    }

    async fn invites(&self) -> Vec<Value> {
        let (_, all) = self.app.v1("GET", "invites", None).await;
        all["data"].as_array().expect("a list").clone()
    }

    async fn invited(&self, many: usize) -> Vec<Value> {
        let what = format!("{many} are invited");
        eventually(&what, async || {
            let all = self.invites().await;
            (all.len() == many).then_some(all)
        })
        .await
    }

    /// Waits for an entry that says so.
    async fn told(&self, decision: &str, reason: Option<&str>) -> Value {
        let what = format!("{decision} {reason:?} is told");
        eventually(&what, async || {
            let (_, all) = self
                .app
                .v1("GET", "connections/greenhouse_harvest/activity", None)
                .await;
            let reason = json!(reason);
            let mut all = all["data"].as_array().expect("a list").clone().into_iter();
            all.find(|one| one["decision"] == decision && one["reason"] == reason)
        })
        .await
    }

    async fn sweep(&self) {
        let kind = domain::ConnectionKind::GreenhouseHarvest;
        let swept = app::intake::sweep_all(&self.app.app, kind).await;
        assert_eq!(swept.expect("the database answers"), 1);
        self.app.idle().await;
    }
}

fn stage(job: &Value, name: &str) -> String {
    let mut stages = job["stages"].as_array().expect("stages").iter();
    let stage = stages.find(|stage| stage["name"] == name);
    stage.unwrap_or_else(|| panic!("no stage {name} in {job}"))["id"].to_string()
}

test_support::each_database! {
    async fn a_move_into_the_stage_invites_once_and_the_activity_says_so(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await.with_webhooks().await;
        let kim = desk.applicant("Kim", "kim@candidate.example").await;
        desk.move_to(&kim, "Assessment").await;
        let invites = desk.invited(1).await;
        let invite = &invites[0];
        assert_eq!((&invite["origin"], &invite["assessment"]["title"], &invite["candidate"]["email"]), (&json!("greenhouse"), &json!(ESSAY), &json!("kim@candidate.example")));
        assert_eq!(invite["ats"]["application_id"], kim["application_id"].to_string());
        let entry = desk.told("invited", None).await;
        assert_eq!((&entry["invite_id"], &entry["opportunity_id"]), (&invite["id"], &json!(null)));
        assert_eq!(entry["subject"], format!("application {}", kim["application_id"]));
        let connection = app.connection("greenhouse_harvest").await;
        assert_eq!(connection["webhook"]["state"], "receiving");
        desk.move_to(&kim, "Offer").await;
        desk.told("nothing", Some("not_a_trigger_stage")).await;
        desk.move_to(&kim, "Assessment").await;
        desk.told("nothing", Some("already_invited")).await;
        assert_eq!(desk.invites().await.len(), 1);
        app.stop().await;
    }

    async fn whoever_was_there_before_is_not_mailed(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        let job = office.job("Backend Engineer", "<p>Build.</p>", &["Assessment"]).await;
        let there = office.applicant(job["id"].as_u64().expect("an id"), "Kim", "kim@candidate.example").await;
        let path = format!("greenhouse/applications/{}/move", there["application_id"]);
        app.control("POST", &path, Some(json!({ "stage_id": stage(&job, "Assessment").parse::<u64>().expect("a number") }))).await;
        office.greenhouses_clock(5).await;
        let essay = json!({ "title": ESSAY, "kind": "questionnaire", "questions": [{ "kind": "long_text", "prompt": "Why?", "points": 10 }] });
        let assessment = app.publish(essay).await;
        let chosen = json!({ "stage_id": stage(&job, "Assessment"), "assessment_id": assessment });
        let (_, mapping) = app.v1("POST", "greenhouse/stage-mappings", Some(chosen)).await;
        let desk = Desk { app: &app, office, job, assessment, mapping }.with_webhooks().await;
        desk.sweep().await;
        assert!(desk.invites().await.is_empty());
        desk.move_to(&there, "Application review").await;
        desk.told("nothing", Some("not_a_trigger_stage")).await;
        desk.move_to(&there, "Assessment").await;
        desk.invited(1).await;
        app.stop().await;
    }

    async fn what_no_web_hook_told_is_found_by_a_look(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await;
        let kim = desk.applicant("Kim", "kim@candidate.example").await;
        let lou = desk.applicant("Lou", "lou@candidate.example").await;
        desk.move_to(&kim, "Assessment").await;
        desk.sweep().await;
        let invites = desk.invited(1).await;
        assert_eq!(invites[0]["candidate"]["first_name"], "Kim");
        assert_eq!(desk.told("invited", None).await["source"], "sweep");
        desk.move_to(&lou, "Assessment").await;
        desk.sweep().await;
        desk.sweep().await;
        desk.invited(2).await;
        app.stop().await;
    }

    async fn a_delivery_that_greenhouse_did_not_sign_is_refused_and_a_repeat_is_kept_once(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await.with_webhooks().await;
        let hooks = desk.office.control("GET", "webhooks", None).await;
        let hook = hooks["webhooks"][0]["id"].clone();
        let forge = async |signature: &str| {
            let path = format!("greenhouse/harvest/webhooks/{hook}/forge");
            let order = json!({ "signature": signature, "action": "candidate_stage_change", "payload": { "application": { "id": 1 } } });
            app.control("POST", &path, Some(order)).await
        };
        for signature in ["wrong", "absent"] {
            assert_eq!(forge(signature).await["attempts"][0]["status"], 401);
        }
        let genuine = forge("genuine").await;
        assert_eq!(genuine["attempts"][0]["status"], 200, "{genuine}");
        desk.told("nothing", Some("gone")).await;
        let copies = format!("greenhouse/harvest/deliveries/{}/duplicate", genuine["id"]);
        app.control("POST", &copies, Some(json!({ "copies": 3 }))).await;
        app.idle().await;
        let (_, all) = app.v1("GET", "connections/greenhouse_harvest/activity", None).await;
        let received = all["data"].as_array().expect("a list").iter().filter(|one| one["decision"] == "received").count();
        assert_eq!(received, 1, "{all}");
        app.stop().await;
    }

    async fn whoever_is_deleted_or_anonymized_there_is_erased_here(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await.with_webhooks().await;
        let kim = desk.applicant("Kim", "kim@candidate.example").await;
        let lou = desk.applicant("Lou", "lou@candidate.example").await;
        desk.move_to(&kim, "Assessment").await;
        desk.move_to(&lou, "Assessment").await;
        desk.invited(2).await;
        let path = format!("greenhouse/harvest/candidates/{}", kim["person_id"]);
        app.control("DELETE", &path, None).await;
        let erased = desk.told("erased", None).await;
        assert_eq!(erased["subject"], format!("candidate {}", kim["person_id"]));
        assert!(!desk.invites().await.iter().any(|invite| invite.to_string().contains("kim@")));
        let some = format!("greenhouse/harvest/candidates/{}/anonymize", lou["person_id"]);
        app.control("POST", &some, Some(json!({ "fields": ["phone_numbers"] }))).await;
        desk.told("nothing", Some("still_there")).await;
        assert!(desk.invites().await.iter().any(|invite| invite.to_string().contains("lou@")), "they are still there");
        app.control("POST", &some, Some(json!({}))).await;
        eventually("Lou is erased", async || {
            let all = desk.invites().await;
            all.iter().all(|invite| !invite.to_string().contains("lou@")).then_some(())
        })
        .await;
        assert_eq!(desk.invites().await.len(), 2, "the invites stay as numbers");
        app.stop().await;
    }

    async fn who_became_one_with_another_is_linked_to_the_one_who_stays(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await.with_webhooks().await;
        let kim = desk.applicant("Kim", "kim@candidate.example").await;
        let twin = desk.applicant("Kim", "kim.lee@candidate.example").await;
        desk.move_to(&kim, "Assessment").await;
        let invites = desk.invited(1).await;
        let merge = format!("greenhouse/harvest/candidates/{}/merge", kim["person_id"]);
        app.control("POST", &merge, Some(json!({ "into": twin["person_id"] }))).await;
        desk.told("relinked", None).await;
        let id = text(&invites[0]["id"]);
        let (_, invite) = app.v1("GET", &format!("invites/{id}"), None).await;
        assert_eq!(invite["ats"]["person_id"], twin["person_id"].to_string());
        app.stop().await;
    }

    async fn whoever_was_moved_while_greenhouse_was_disconnected_is_not_mailed(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await;
        let kim = desk.applicant("Kim", "kim@candidate.example").await;
        let lou = desk.applicant("Lou", "lou@candidate.example").await;
        assert_eq!(app.v1("DELETE", "connections/greenhouse_harvest", None).await.0, 204);
        desk.move_to(&kim, "Assessment").await;
        desk.office.greenhouses_clock(5).await;
        desk.office.connect().await;
        desk.move_to(&lou, "Assessment").await;
        desk.sweep().await;
        let invites = desk.invited(1).await;
        assert_eq!(invites[0]["candidate"]["first_name"], "Lou");
        app.stop().await;
    }

    async fn a_look_that_greenhouse_refuses_is_told_until_it_is_allowed(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await;
        let play = json!({ "kind": "status", "status": 403 });
        let faults = json!({ "next": { "play": play, "times": 1, "calls": ["list_applications"] } });
        desk.office.control("PUT", "faults", Some(faults)).await;
        desk.sweep().await;
        let refused = app.connection("greenhouse_harvest").await;
        assert_eq!(refused["state"], "connected", "a 403 is no lost connection");
        assert!(refused["detail"].as_str().expect("why").contains("does not allow us to read applications"), "{refused}");
        desk.sweep().await;
        assert_eq!(app.connection("greenhouse_harvest").await["detail"], json!(null));
        app.stop().await;
    }

    async fn an_admin_chooses_stages_and_makes_a_secret_on_the_pages(database: Database) {
        let app = TestApp::start(database).await;
        let desk = Desk::open(&app).await;
        let visitor = Visitor::sign_in(&app).await;
        let here = format!("/assessments/{}/stages", desk.assessment);
        let page = visitor.page(&here).await;
        assert!(page.contains("<strong>Assessment</strong> of Backend Engineer"), "{page}");
        let job = desk.job["id"].to_string();
        let map = format!("/assessments/{}/job", desk.assessment);
        assert_eq!(visitor.fill(&here, &map, &[("job", &job)]).await, 303);
        assert_eq!(visitor.fill(&here, &here, &[("stage_id", &stage(&desk.job, "Offer"))]).await, 303);
        let page = visitor.page(&here).await;
        assert!(page.contains("<strong>Offer</strong> of Backend Engineer"), "{page}");
        let in_the_plan = async |change| app.control("PATCH", &format!("greenhouse/stages/{}", stage(&desk.job, "Offer")), Some(change)).await;
        in_the_plan(json!({ "name": "Last offer" })).await;
        let page = visitor.page(&here).await;
        assert!(page.contains("<strong>Last offer</strong> of Backend Engineer</span>"), "{page}");
        in_the_plan(json!({ "active": false })).await;
        let page = visitor.page(&here).await;
        assert!(page.contains("<strong>Offer</strong> of Backend Engineer <span class=\"quiet\">is no longer in Greenhouse"), "{page}");
        assert_eq!(visitor.fill(&here, &here, &[("stage_id", "4711")]).await, 422);
        let mapping = text(&desk.mapping["id"]);
        assert_eq!(visitor.press(&here, &format!("{here}/{mapping}/remove")).await, 303);
        let (_, left) = app.v1("GET", "greenhouse/stage-mappings", None).await;
        assert_eq!(left["data"].as_array().expect("a list").len(), 1, "{left}");
        let settings = "/settings/integrations/greenhouse_harvest/settings";
        let make = "/settings/integrations/greenhouse_harvest/webhook-secret";
        assert_eq!(visitor.press(settings, make).await, 200);
        assert!(visitor.page(settings).await.contains("Make new secret"));
        let events = app.database.texts("SELECT coalesce(webhook_token, '') AS text FROM connections");
        assert!(events.iter().any(|token| token.len() > 40), "it is kept, sealed");
        app.stop().await;
    }
}
