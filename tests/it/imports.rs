//! Open jobs in Greenhouse are searched, imported as drafts, each once, and brought up to date.

use serde_json::{Value, json};

use crate::harness::{HarvestOffice, TestApp, Visitor};

const CONTENT: &str = "<h2>The role</h2><div>You <b>build</b> things.</div><script>alert(1)</script><img src=x onerror=alert(1)>";

/// The calls that Greenhouse has counted, by the name of what was asked for.
async fn calls(office: &HarvestOffice<'_>) -> Value {
    let counted = office.control("GET", "allowance", None).await;
    counted["apps"]["baton-in-tests-7"]["calls_by_name"].clone()
}

async fn imported(app: &TestApp, job: &Value) -> (u16, Value) {
    let path = format!("greenhouse/jobs/{}/import", job["id"]);
    app.v1("POST", &path, None).await
}

test_support::each_database! {
    async fn a_job_becomes_a_draft_with_its_text_made_harmless(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        let posts = json!([
            { "title": "Inside", "content": "<p>Only for us</p>", "internal": true },
            { "title": "Backend Engineer (m/f/d)", "content": CONTENT },
        ]);
        let job = json!({ "name": "Backend 2026", "requisition_id": "R-77", "notes": "<p>Salary: secret</p>", "posts": posts });
        let job = office.control("POST", "jobs", Some(job)).await;
        let (_, listed) = app.v1("GET", "greenhouse/jobs", None).await;
        assert_eq!(
            listed["data"],
            json!([{ "id": job["id"].to_string(), "name": "Backend 2026", "requisition_id": "R-77", "title": "Backend Engineer (m/f/d)", "imported_assessment_id": null }])
        );
        let (status, draft) = imported(&app, &job).await;
        assert_eq!(status, 201, "{draft}");
        assert_eq!(
            (&draft["title"], &draft["status"], &draft["kind"], &draft["greenhouse_job_id"]),
            (&json!("Backend Engineer (m/f/d)"), &json!("draft"), &json!("questionnaire"), &json!(job["id"].to_string()))
        );
        assert_eq!(draft["description_html"], "<h3>The role</h3><p>You <b>build</b> things.</p>");
        let (status, again) = imported(&app, &job).await;
        assert_eq!((status, &again["id"]), (200, &draft["id"]));
        let (_, listed) = app.v1("GET", "greenhouse/jobs", None).await;
        assert_eq!(listed["data"][0]["imported_assessment_id"], draft["id"]);
        app.stop().await;
    }

    async fn two_who_import_one_job_at_once_get_one_draft(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        let job = office.job("Data Engineer", CONTENT, &[]).await;
        let all = futures_util::future::join_all((0..8).map(|_| imported(&app, &job))).await;
        let made = all.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(made, 1, "{all:?}");
        assert!(all.iter().all(|(status, _)| [200, 201].contains(status)), "{all:?}");
        let (_, listed) = app.v1("GET", "assessments", None).await;
        assert_eq!(listed["data"].as_array().expect("a list").len(), 1);
        app.stop().await;
    }

    async fn a_job_without_a_post_gives_its_name_and_other_jobs_give_nothing(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        let bare = office.control("POST", "jobs", Some(json!({ "name": "Internal only" }))).await;
        let (status, draft) = imported(&app, &bare).await;
        assert_eq!((status, &draft["title"], &draft["description_html"]), (201, &json!("Internal only"), &json!(null)));
        let closed = office.control("POST", "jobs", Some(json!({ "name": "Closed", "status": "closed" }))).await;
        let (status, refused) = imported(&app, &closed).await;
        assert_eq!((status, &refused["code"]), (409, &json!("job_not_open")), "{refused}");
        let template = office.control("POST", "jobs", Some(json!({ "name": "Template", "is_template": true }))).await;
        assert_eq!(imported(&app, &template).await.0, 404);
        assert_eq!(app.v1("POST", "greenhouse/jobs/4711/import", None).await.0, 404);
        assert_eq!(app.v1("POST", "greenhouse/jobs/not-a-number/import", None).await.0, 404);
        let (_, listed) = app.v1("GET", "greenhouse/jobs", None).await;
        assert_eq!(listed["data"].as_array().expect("a list").len(), 1, "{listed}");
        app.stop().await;
    }

    async fn twelve_hundred_jobs_are_searched_and_browsed_in_pages(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        office.control("POST", "jobs/bulk", Some(json!({ "count": 1200 }))).await;
        let mut seen = std::collections::BTreeSet::new();
        let mut path = "greenhouse/jobs?limit=100".to_owned();
        loop {
            let (status, page) = app.v1("GET", &path, None).await;
            assert_eq!(status, 200, "{page}");
            for job in page["data"].as_array().expect("a list") {
                assert_eq!(job["title"], job["name"].as_str().expect("a name").replace("Job", "Position"));
                assert!(seen.insert(job["id"].as_str().expect("an id").to_owned()), "{job}");
            }
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("greenhouse/jobs?limit=100&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 1200);
        let counted = calls(&office).await;
        assert_eq!(counted["list_jobs"], 3, "500 in a call, and once for all pages: {counted}");
        let (_, found) = app.v1("GET", "greenhouse/jobs?q=job%20r-13", None).await;
        assert_eq!(found["data"].as_array().expect("a list").len(), 11, "R-13 and R-130 to R-139: {found}");
        for (q, expected) in [("r-1200", vec!["Job 1200"]), ("JOB 777", vec!["Job 777"]), ("nothing", vec![])] {
            let (_, found) = app.v1("GET", &format!("greenhouse/jobs?q={}", q.replace(' ', "%20")), None).await;
            let names: Vec<&str> = found["data"].as_array().expect("a list").iter().map(|job| job["name"].as_str().expect("a name")).collect();
            assert_eq!(names, expected, "{q}");
        }
        app.stop().await;
    }

    async fn an_admin_imports_on_the_page_and_takes_a_later_description(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.connect().await;
        let job = office.job("Data Engineer", "<p>You build things.</p><p>In Berlin.</p>", &[]).await;
        let visitor = Visitor::sign_in(&app).await;
        let page = visitor.page("/assessments/import?q=data").await;
        assert!(page.contains("Data Engineer") && page.contains(">Import<"), "{page}");
        let button = format!("/assessments/import?job_id={}", job["id"]);
        assert_eq!(visitor.press("/assessments/import?q=data", &button).await, 303);
        let (_, listed) = app.v1("GET", "assessments", None).await;
        let here = format!("/assessments/{}", listed["data"][0]["id"].as_str().expect("an id"));
        let page = visitor.page(&here).await;
        assert!(page.contains("It was imported from there."), "{page}");
        let page = visitor.page("/assessments/import").await;
        assert!(page.contains("Imported") && !page.contains("import?job_id="), "{page}");
        let compare = format!("{here}/description");
        let page = visitor.page(&compare).await;
        assert!(page.contains("says what Greenhouse says now"), "{page}");
        let newer = json!({ "title": "Data Engineer", "content": "<p>You build things.</p><p>In Hamburg.</p>" });
        app.control("POST", &format!("greenhouse/harvest/jobs/{}/posts", job["id"]), Some(newer)).await;
        let page = visitor.page(&compare).await;
        assert!(page.contains("removed: </span>In Berlin.") && page.contains("added: </span>In Hamburg."), "{page}");
        let version = page.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version");
        assert_eq!(visitor.fill(&compare, &compare, &[("version", "of-another-time")]).await, 409);
        assert_eq!(visitor.fill(&compare, &compare, &[("version", version)]).await, 303);
        let (_, listed) = app.v1("GET", "assessments", None).await;
        assert_eq!(listed["data"][0]["description_html"], "<p>You build things.</p><p>In Hamburg.</p>");
        app.stop().await;
    }

    async fn whoever_is_not_connected_is_told_where_to(database: Database) {
        let app = TestApp::start(database).await;
        let visitor = Visitor::sign_in(&app).await;
        let page = visitor.page("/assessments/import").await;
        assert!(page.contains("Greenhouse is not connected; connect to Greenhouse first.") && page.contains("Open Integrations"), "{page}");
        assert_eq!(app.v1("GET", "greenhouse/jobs", None).await.0, 409);
        assert_eq!(app.v1("POST", "greenhouse/jobs/1/import", None).await.0, 409);
        app.stop().await;
    }
}
