//! The pages of a connection to Lever, Baton's and the sandbox's, on a narrow telephone and on a desk.

use serde_json::json;

use super::narrow::LONG;
use super::questions::sums;
use super::{choose_password, owner};
use crate::harness::{Browser, Employer, OPERATOR, TestApp, eventually, text};

/// A desk, and a narrow telephone.
const WINDOWS: [(u32, u32); 2] = [(1280, 900), (320, 640)];

test_support::each_database! {
    async fn the_pages_of_a_connection_to_lever_fit_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(sums(LONG)).await;
        let owner = owner(&app).await;
        look(&owner, &app.url, "/settings/integrations", "Not connected").await;
        let employer = busy_employer(&app).await;
        for (page, words) in [
            ("/settings/integrations", "Receiving"),
            ("/settings/integrations/lever/activity", "Not invited"),
            ("/settings/integrations/lever/activity?show=invited", "by the tag"),
            ("/settings/integrations/lever/trigger-stages/add", "Stages in Lever"),
            ("/settings/integrations/lever/settings", "Author of notes and tags"),
            (&format!("/assessments/{test}"), "Then move the candidate into"),
        ] {
            look(&owner, &app.url, page, words).await;
        }
        the_dialog_gives_the_focus_back(&owner, &app).await;
        employer.control("POST", &format!("accounts/{}/revoke", employer.account), Some(json!({}))).await;
        app.v1("GET", "lever/stages", None).await;
        look(&owner, &app.url, "/settings/integrations", "Needs attention").await;
        owner.close().await;
        app.stop().await;
    }

    async fn an_operators_and_a_strangers_pages_fit_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        app.v1("PATCH", "organization", Some(json!({ "name": LONG }))).await;
        let kinds = json!({ "integrations": ["greenhouse_assessment"] });
        app.v1_as(OPERATOR, "PATCH", &format!("organizations/{}", app.organization), Some(kinds)).await;
        app.v1("POST", "connections/lever/request", None).await;
        let operator = Browser::open().await;
        operator.visit(&app.operators_setup_link("olu@vendor.example").await).await;
        choose_password(&operator).await;
        look(&operator, &app.url, "/operator/requests", "A program, with the key Test").await;
        operator.press(&format!("Fulfil {LONG}")).await;
        eventually("Lever is switched on", async || (app.connection("lever").await["offered"] == true).then_some(())).await;
        operator.close().await;

        Employer::connect(&app).await;
        let link = app.v1("POST", "connect-links", Some(json!({ "kinds": ["lever"] }))).await.1;
        let stranger = Browser::without_scripts().await;
        stranger.resize(320, 640).await;
        stranger.visit(&text(&link["url"])).await;
        stranger.is_fit("a connect link").await;
        stranger.press("Log In to Lever").await;
        stranger.sees("will be able to").await;
        stranger.is_fit("the page that asks").await;
        stranger.press("Accept").await;
        stranger.sees("turn on the toggle of Candidate Stage Change").await;
        stranger.is_fit("the page that names both ends").await;
        stranger.press("This is wrong, disconnect now").await;
        stranger.sees("Lever is disconnected").await;
        stranger.is_fit("the page after the end").await;
        stranger.close().await;
        app.stop().await;
    }

    async fn the_sandboxs_lever_fits_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(sums(LONG)).await;
        let employer = busy_employer(&app).await;
        let rosa = Browser::open().await;
        let sandbox = app.sandbox.url().as_str().trim_end_matches('/').to_owned();
        let account = format!("/lever/accounts/{}", employer.account);
        let opportunity = text(&employer.account_control("GET", "opportunities", None).await["opportunities"][0]["id"]);
        look(&rosa, &sandbox, "/lever", "Register an app").await;
        for (page, words) in [
            ("", "Add candidate"),
            ("/opportunities/new", "Confidential"),
            ("/postings", "Add a posting"),
            ("/webhooks", "Delivered"),
            ("/apps", "Revoke Access"),
            ("/people", "Add stage"),
            ("/settings", "A delivery is tried again"),
            ("/faults", "Allowance"),
        ] {
            look(&rosa, &sandbox, &format!("{account}{page}"), words).await;
        }
        look(&rosa, &sandbox, &format!("/lever/opportunities/{opportunity}"), "Add a tag").await;
        rosa.visit(&format!("{sandbox}{account}/postings")).await;
        rosa.follow("/lever/postings/").await;
        rosa.sees("Add a tag").await;
        rosa.is_fit("a posting").await;
        rosa.close().await;
        app.stop().await;
    }
}

/// Acme at Lever, where one candidate is invited and another is not.
async fn busy_employer(app: &TestApp) -> Employer {
    let employer = Employer::connect(app).await;
    let long = json!({ "name": LONG, "emails": ["long@candidate.example"], "tags": [LONG] });
    let invited = employer.candidate_with(long).await;
    employer.move_in(&invited).await;
    employer.decided(&invited, "invited").await;
    let other = employer
        .candidate("other@candidate.example", &["Something else"])
        .await;
    employer.move_in(&other).await;
    employer.decided(&other, "nothing").await;
    employer
}

/// One page in each window.
async fn look(browser: &Browser, site: &str, page: &str, words: &str) {
    for (width, height) in WINDOWS {
        browser.resize(width, height).await;
        browser.visit(&format!("{site}{page}")).await;
        browser.sees(words).await;
        browser.is_fit(&format!("{page} at {width}")).await;
        browser.picture(&picture_of(page, width)).await;
    }
}

fn picture_of(page: &str, width: u32) -> String {
    format!("lever{}-{width}", page.replace(['/', '?', '='], "-"))
}

/// Whoever works with the keyboard goes on where they were.
async fn the_dialog_gives_the_focus_back(owner: &Browser, app: &TestApp) {
    owner
        .visit(&format!("{}/settings/integrations", app.url))
        .await;
    owner.press("Add Trigger Stage").await;
    owner.sees("Stages in Lever").await;
    // Not `is_fit`: what lies behind a dialog has no name while it is open.
    let fits = owner
        .run("const page = document.documentElement; return page.scrollWidth <= page.clientWidth")
        .await;
    assert_eq!(fits, true, "the dialog scrolls sideways");
    owner.press("Cancel").await;
    let focused = owner.run("return document.activeElement.textContent").await;
    assert_eq!(focused, "Add Trigger Stage");
}
