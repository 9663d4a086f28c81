//! The whole way, by hand: a recruiter sends a test, a candidate takes it, the recruiter sees the score.

use super::questions::{SUMS, sums};
use crate::harness::{Browser, TestApp};

test_support::each_database! {
    async fn a_recruiter_sends_a_test_and_sees_its_score_come_back(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(sums("Five sums")).await;
        let recruiter = Browser::open().await;
        connect(&recruiter, &app).await;
        set_up_the_job(&recruiter, &app).await;
        send_to_kim(&recruiter).await;

        let kim = Browser::open().await;
        open_the_mail(&kim, &app).await;
        take_it(&kim).await;
        kim.close().await;

        // Nobody touches the recruiter's page.
        recruiter.sees("Complete, 80").await;
        recruiter.picture("sandbox-complete").await;
        look_at_the_result(&recruiter).await;
        recruiter.close().await;
        app.stop().await;
    }
}

async fn connect(recruiter: &Browser, app: &TestApp) {
    recruiter.visit(app.sandbox.url().as_str()).await;
    recruiter.picture("sandbox-home-empty").await;
    recruiter.press("Connect an assessment partner").await;
    recruiter.write("Organization", "Acme").await;
    recruiter.write("Assessment partner", "Vendor").await;
    let base_url = format!("{}/api/greenhouse", app.url);
    recruiter
        .write("Base URL of the partner's API", &base_url)
        .await;
    recruiter.write("API key", &app.greenhouse_key).await;
    recruiter.press("Connect").await;
    recruiter.press("Test connection").await;
    recruiter.sees("✓ Connected").await;
    recruiter.sees("Five sums").await;
    recruiter.picture("sandbox-connected").await;
}

async fn set_up_the_job(recruiter: &Browser, app: &TestApp) {
    recruiter.visit(app.sandbox.url().as_str()).await;
    recruiter.write("New job", "Engineer").await;
    recruiter.press("Add job").await;
    recruiter.press("+ Add Stage").await;
    recruiter.press("Add").await;
    recruiter.sees("Edit Take Home Test").await;
    recruiter.choose("Test", "Five sums").await;
    recruiter.pick("Priya Raman").await;
    recruiter.picture("sandbox-stage").await;
    recruiter.press("Save").await;
    recruiter.sees("Priya Raman").await;
}

async fn send_to_kim(recruiter: &Browser) {
    recruiter.press("Add candidate").await;
    recruiter.choose("Stage", "Vendor assessment").await;
    recruiter.write("First name", "Kim").await;
    recruiter.write("Last name", "Nguyễn").await;
    recruiter
        .write("E-mail address", "kim@candidate.example")
        .await;
    recruiter.press("Save").await;
    recruiter.sees("Test to be sent").await;
    recruiter.picture("sandbox-job").await;
    recruiter.press("Kim Nguyễn").await;
    recruiter.press("Send Test").await;
    recruiter.sees("Test sent").await;
    recruiter.picture("sandbox-sent").await;
}

async fn open_the_mail(kim: &Browser, app: &TestApp) {
    kim.visit(&app.mail.page_url()).await;
    kim.press("Acme invites you: Five sums").await;
    kim.sees("kim@candidate.example").await;
    kim.picture("mail").await;
    kim.follow("/take/").await;
    kim.sees("Hello Kim, Acme invites you to take").await;
    kim.picture("take-welcome").await;
}

async fn take_it(kim: &Browser) {
    kim.press("Start").await;
    kim.sees("Question 1 of 5").await;
    for (_, right, _) in &SUMS[..4] {
        kim.pick(right).await;
    }
    let (_, _, wrong) = SUMS[4];
    kim.pick(wrong).await;
    kim.sees("Saved ").await;
    kim.picture("take-questions").await;
    kim.press("Submit").await;
    kim.sees("Thank you").await;
    kim.sees("Your answers to Five sums have reached Acme.")
        .await;
    kim.picture("take-thanks").await;
}

/// The recruiter is signed in nowhere: the link itself opens the result.
async fn look_at_the_result(recruiter: &Browser) {
    recruiter.press("View results").await;
    recruiter.sees("Kim Nguyễn").await;
    recruiter.sees("80 of 100").await;
    for (prompt, _, _) in SUMS {
        recruiter.sees(prompt).await;
    }
    recruiter.sees("Fifty-five").await;
    recruiter.sees("Timeline").await;
    assert!(!recruiter.text().await.contains("Sign out"));
    recruiter.picture("result-shared").await;
}
