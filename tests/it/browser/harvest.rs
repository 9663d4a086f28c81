//! Harvest by hand: a Site Admin connects, searches a job, imports it, and chooses a stage that invites. The pictures are those of
//! `docs/greenhouse.md`.

use serde_json::json;

use super::owner;
use super::questions::sums;
use crate::harness::{Browser, HarvestOffice, TestApp, text};

/// The button of the dialog that is open.
const CONFIRM: &str = "document.querySelector('dialog[open] [data-confirm-yes]').click()";
const CONTENT: &str = "<h2>The role</h2><p>You keep what people rely on <b>up</b>.</p>";

test_support::each_database! {
    async fn a_site_admin_connects_greenhouse_and_imports_a_job_that_is_then_marked(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(sums("Five sums")).await;
        let office = HarvestOffice::create(&app, "Acme Hiring").await;
        office.job("Site reliability engineer", CONTENT, &["Assessment", "Offer"]).await;
        office.job("Data analyst", CONTENT, &[]).await;
        let admin = owner(&app).await;
        connect(&admin, &app).await;
        import(&admin, &app).await;
        choose_a_stage(&admin).await;
        name_the_author(&admin, &office).await;
        look_at_a_phone(&admin, &app).await;
        end_it(&admin, &app).await;
        admin.close().await;
        app.stop().await;
    }
}

/// From a card that says what is needed to a green badge.
async fn connect(admin: &Browser, app: &TestApp) {
    admin
        .visit(&format!("{}/settings/integrations", app.url))
        .await;
    admin.sees("You need to be a Site Admin").await;
    admin
        .illustrate("greenhouse-1-connect", "#greenhouse_harvest")
        .await;
    admin.press("Connect to Greenhouse").await;
    admin.sees("Authorize using a service account").await;
    admin.illustrate("greenhouse-2-authorize", "main").await;
    admin.press("Authorize using a service account").await;
    admin.sees("Greenhouse is connected.").await;
    admin.sees("Acme Hiring").await;
    admin.sees("Renewed by itself").await;
    admin
        .illustrate("greenhouse-3-connected", "#greenhouse_harvest")
        .await;
}

/// A job is searched for and imported; then it says so.
async fn import(admin: &Browser, app: &TestApp) {
    admin.visit(&format!("{}/assessments", app.url)).await;
    admin.press("Import from Greenhouse").await;
    admin.sees("Data analyst").await;
    admin
        .write("Job name or requisition id", "reliability")
        .await;
    admin.press("Search").await;
    admin.sees("Site reliability engineer").await;
    admin.illustrate("greenhouse-4-import", "main").await;
    admin.press("Import Site reliability engineer").await;
    admin.sees("It was imported from there.").await;
    admin
        .visit(&format!("{}/assessments/import", app.url))
        .await;
    admin.sees("Imported").await;
    admin.illustrate("greenhouse-5-imported", "main").await;
    admin
        .press("Open what Site reliability engineer was imported as")
        .await;
    admin
        .sees("Compare the description with Greenhouse's")
        .await;
}

async fn choose_a_stage(admin: &Browser) {
    admin.press("Choose stages that invite").await;
    admin.sees("Stages of the job").await;
    admin.pick("Assessment").await;
    admin.press("Add").await;
    admin.sees("Assessment of Site reliability engineer").await;
    admin.illustrate("greenhouse-6-stage", "main").await;
}

async fn name_the_author(admin: &Browser, office: &HarvestOffice<'_>) {
    office.user("Ada Author", "ada@acme.example").await;
    let page = "/settings/integrations/greenhouse_harvest/settings";
    admin.visit(&format!("{}{page}", office.app.url)).await;
    admin.illustrate("greenhouse-7-created-by", "main").await;
    admin.write("Created by", "nobody@acme.example").await;
    admin.press("Save").await;
    admin.sees("is the address of nobody in Greenhouse").await;
    admin.write("Created by", "ada@acme.example").await;
    admin.press("Save").await;
    admin.sees("Connected").await;
    let connection = office.app.connection("greenhouse_harvest").await;
    assert_eq!(
        connection["settings"],
        json!({ "created_by_email": "ada@acme.example" })
    );
}

/// Every page of it on a telephone.
async fn look_at_a_phone(admin: &Browser, app: &TestApp) {
    let (_, all) = app.v1("GET", "assessments?limit=1", None).await;
    let here = format!("/assessments/{}", text(&all["data"][0]["id"]));
    admin.resize(320, 640).await;
    for page in [
        "/assessments/import",
        &here,
        &format!("{here}/stages"),
        &format!("{here}/description"),
        "/settings/integrations/greenhouse_harvest/settings",
        "/settings/integrations/greenhouse_harvest/activity",
        "/settings/integrations",
    ] {
        admin.visit(&format!("{}{page}", app.url)).await;
        admin.is_fit(page).await;
        admin
            .picture(&format!("harvest-phone-{}", page.len()))
            .await;
    }
    admin.resize(1280, 900).await;
}

/// What was imported and chosen stays.
async fn end_it(admin: &Browser, app: &TestApp) {
    let heading = "Greenhouse jobs and notes";
    admin.press_under(heading, "Disconnect").await;
    admin.sees("Disconnect Greenhouse jobs and notes?").await;
    admin.run(CONFIRM).await;
    admin.sees("Disconnected").await;
    let (_, stages) = app.v1("GET", "greenhouse/stage-mappings", None).await;
    assert_eq!(stages["data"].as_array().expect("a list").len(), 1);
}
