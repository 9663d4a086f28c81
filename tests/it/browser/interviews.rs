//! Sourcing by hand: a recruiter files an interview, the candidate says yes on a telephone, and the person is in Greenhouse with
//! the feedback.

use serde_json::json;

use super::{mailed_link, owner};
use crate::harness::{Browser, HarvestOffice, TestApp, eventually};

const ZOE: &str = "zoe@candidate.example";
const AUTHOR: &str = "rosa@customer.example";

test_support::each_database! {
    async fn an_interview_is_filed_the_candidate_says_yes_and_is_in_greenhouse(database: Database) {
        let app = TestApp::start(database).await;
        let office = HarvestOffice::create(&app, "Acme").await;
        office.user("Rosa Ortega", AUTHOR).await;
        let owner = owner(&app).await;
        owner.visit(&format!("{}/interviews", app.url)).await;
        both_windows(&owner, "interviews-none").await;
        file_by_hand(&owner).await;

        let phone = Browser::without_scripts().await;
        phone.resize(390, 844).await;
        phone.visit(&mailed_link(&app, ZOE).await).await;
        phone.sees("Would you like to go on with Acme?").await;
        phone.is_fit("the candidate's page").await;
        phone.picture("consent-390").await;
        phone.press("Yes").await;
        phone.sees("You said yes").await;
        phone.is_fit("the page after yes").await;
        phone.picture("consent-yes-390").await;

        owner.sees("Greenhouse is not connected").await;
        both_windows(&owner, "interview-blocked").await;
        office.connect().await;
        owner.sees("Nobody is chosen").await;
        let chosen = json!({ "settings": { "created_by_email": AUTHOR } });
        app.v1("PATCH", "connections/greenhouse_harvest", Some(chosen)).await;
        owner.sees("In Greenhouse").await;
        owner.sees("Candidate answered").await;
        both_windows(&owner, "interview-done").await;
        owner.visit(&format!("{}/interviews", app.url)).await;
        owner.sees("In Greenhouse").await;
        both_windows(&owner, "interviews").await;

        phone.reload().await;
        phone.sees("Acme has your details").await;
        phone.picture("consent-passed-on-390").await;
        phone.close().await;
        is_in_greenhouse(&owner, &app, &office).await;
        owner.close().await;
        app.stop().await;
    }
}

async fn file_by_hand(owner: &Browser) {
    owner.press("New interview").await;
    both_windows(owner, "interview-new").await;
    owner.write("First name", "Zoë").await;
    owner.write("Last name", "Nowak").await;
    owner.write("E-mail", ZOE).await;
    owner
        .write(
            "LinkedIn (optional)",
            "https://www.linkedin.com/in/zoe-nowak",
        )
        .await;
    owner.write("Interviewer", "Ines Ito").await;
    owner
        .run("document.getElementById('interviewed_on').value = '2026-09-08'")
        .await;
    owner.choose("Score, line 1", "4").await;
    owner.choose("Score, line 2", "3").await;
    owner
        .write("Freeform feedback (optional)", "Really good overall!")
        .await;
    owner
        .pick("Yes the candidate is asked by mail whether they want that, too")
        .await;
    owner.press("File the interview").await;
    owner.sees("Awaiting candidate").await;
    both_windows(owner, "interview-awaiting").await;
}

async fn both_windows(browser: &Browser, name: &str) {
    for (width, height) in [(1280, 900), (390, 844)] {
        browser.resize(width, height).await;
        browser.is_fit(&format!("{name} at {width}")).await;
        browser.picture(&format!("{name}-{width}")).await;
    }
    browser.resize(1280, 900).await;
}

async fn is_in_greenhouse(recruiter: &Browser, app: &TestApp, office: &HarvestOffice<'_>) {
    let zoe = eventually("the person is there", async || {
        office.candidates().await.into_iter().next()
    })
    .await;
    let page = format!("{}people/{}", app.sandbox.url(), zoe["id"]);
    let status = recruiter.visit(&page).await;
    assert_eq!(status, 200, "{page}");
    recruiter
        .sees("Interviewed on Vendor by Ines Ito on 9/8/26")
        .await;
    recruiter.sees("Rosa Ortega").await;
    recruiter.picture("interview-in-the-sandbox-1280").await;
}
