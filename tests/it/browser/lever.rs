//! The whole way with Lever, by hand: a Super Admin connects it, a recruiter tags and moves a candidate, the candidate takes the
//! assessment, and the recruiter reads the note. The pictures are those of `docs/lever.md`.

use serde_json::{Value, json};

use super::questions::{SUMS, sums};
use super::{mailed_link, owner};
use crate::harness::{Browser, LeverAccount, TestApp, eventually, text};

const KIM: &str = "kim@candidate.example";
const TITLE: &str = "Five sums";

test_support::each_database! {
    async fn a_super_admin_connects_lever_and_a_moved_candidates_result_comes_back(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(sums(TITLE)).await;
        let account = LeverAccount::create(&app, "Acme").await;
        let opportunity = text(&account.control("POST", "opportunities", Some(kim())).await["id"]);
        let there = format!("{}lever/opportunities/{opportunity}", app.sandbox.url());

        let admin = owner(&app).await;
        log_in(&admin, &app).await;
        add_the_trigger_stage(&admin).await;
        switch_the_webhook_on(&admin, &account).await;
        copy_the_title(&admin, &app).await;
        // What is moved in the very second in which the stage was chosen may have been there before.
        app.control("POST", "clock", Some(json!({ "advance_seconds": 2 }))).await;
        tag_and_move(&admin, &account, &there).await;
        // Lever first has both, then the new one alone.
        admin.sees("Tags Five sums - Invited").await;
        admin.illustrate("lever-7-invited", "#person, section:has(#tags)").await;

        take_it(&app, &opportunity).await;
        admin.sees("Five sums - Submitted").await;
        admin.sees("80 of 100").await;
        admin.illustrate("lever-8-note", "section:has(#notes) h2, #notes").await;
        look_at_what_baton_says(&admin, &app).await;
        admin.close().await;
        each_step_is_there_once(&app, &opportunity).await;
        let mails = app.mail.messages();
        assert_eq!(mails.iter().filter(|mail| mail.recipients == [KIM]).count(), 1);
        app.stop().await;
    }
}

fn kim() -> Value {
    json!({ "name": "Kim Nguyễn", "emails": [KIM], "stage_id": "applicant-new" })
}

/// The account's pages in the sandbox.
fn pages(account: &LeverAccount<'_>) -> String {
    format!("{}lever/accounts/{}", account.app.sandbox.url(), account.id)
}

/// What Lever has of an opportunity.
async fn shown(app: &TestApp, opportunity: &str) -> Value {
    app.control("GET", &format!("lever/opportunities/{opportunity}"), None)
        .await
}

/// From a card that says nothing to a green badge.
async fn log_in(admin: &Browser, app: &TestApp) {
    admin
        .visit(&format!("{}/settings/integrations", app.url))
        .await;
    admin.sees("Not connected").await;
    admin.illustrate("lever-1-log-in", "#lever").await;
    admin.press("Log In to Lever").await;
    admin.sees("will be able to").await;
    admin.illustrate("lever-2-accept", ".dialog").await;
    admin.press("Accept").await;
    admin.sees("Lever is connected.").await;
    admin.sees("Connected").await;
    let address = admin.address().await;
    assert!(
        address.starts_with(&format!("{}/settings/integrations", app.url)),
        "{address}"
    );
    // The webhook is made by a worker; the page shows it without a reload.
    admin.sees("Waiting for the first event").await;
    admin.illustrate("lever-3-connected", "#lever").await;
}

async fn add_the_trigger_stage(admin: &Browser) {
    admin.press("Add Trigger Stage").await;
    admin.sees("Stages in Lever").await;
    admin.pick("Assessment").await;
    admin
        .illustrate("lever-4-trigger-stage", "dialog[open]")
        .await;
    admin.press("Add").await;
    admin.sees("Assessment since just now").await;
    admin.press("Add Trigger Stage").await;
    admin.sees("Assessment already a trigger stage").await;
    admin.press("Cancel").await;
}

async fn switch_the_webhook_on(admin: &Browser, account: &LeverAccount<'_>) {
    admin.visit(&pages(account)).await;
    admin.press("Webhooks").await;
    admin
        .sees(&format!("{}/webhooks/lever/", account.app.url))
        .await;
    admin.operate("Candidate Stage Change: switch on").await;
    admin.sees("Candidate Stage Change On").await;
    admin
        .illustrate("lever-5-webhook", "#events article:first-of-type")
        .await;
}

async fn copy_the_title(admin: &Browser, app: &TestApp) {
    admin.visit(&format!("{}/assessments", app.url)).await;
    admin.press(TITLE).await;
    admin.sees("Then move the candidate into Assessment.").await;
    admin
        .illustrate("lever-6-copy-title", ".crumbs, .heading, .cards")
        .await;
    admin.press("Copy title").await;
    admin.sees("Copied").await;
}

/// Pastes what was copied, and drags nothing: the board's own button moves.
async fn tag_and_move(admin: &Browser, account: &LeverAccount<'_>, there: &str) {
    admin.visit(there).await;
    admin.paste("Add a tag").await;
    admin.press("Add tag").await;
    admin.sees(TITLE).await;
    admin.visit(&pages(account)).await;
    admin.choose_named("Move Kim Nguyễn to", "Assessment").await;
    admin.press("Move").await;
    admin.sees("Assessment 1 Kim Nguyễn").await;
    admin.visit(there).await;
}

/// The candidate's part; what Lever shows is looked at in between.
async fn take_it(app: &TestApp, opportunity: &str) {
    let kim = Browser::open().await;
    kim.visit(&mailed_link(app, KIM).await).await;
    kim.sees("Hello Kim, Acme invites you to take").await;
    kim.press("Start").await;
    kim.sees("Question 1 of 5").await;
    eventually("Lever shows that it was started", async || {
        let tags = shown(app, opportunity).await["tags"].to_string();
        tags.contains("Five sums - Started").then_some(())
    })
    .await;
    for (_, right, _) in &SUMS[..4] {
        kim.pick(right).await;
    }
    let (_, _, wrong) = SUMS[4];
    kim.pick(wrong).await;
    kim.sees("Saved ").await;
    kim.press("Submit").await;
    kim.sees("Thank you").await;
    kim.close().await;
}

/// The card, what was decided and the invite say what happened.
async fn look_at_what_baton_says(admin: &Browser, app: &TestApp) {
    admin
        .visit(&format!("{}/settings/integrations", app.url))
        .await;
    admin.sees("Receiving").await;
    admin.press("Activity").await;
    admin.press("Invited").await;
    admin.sees("Invited, by the tag").await;
    admin
        .illustrate("lever-9-activity", ".crumbs, h1, .tabs, table.activity")
        .await;
    admin.press("Kim Nguyễn").await;
    admin.sees("Tag in Lever").await;
    admin.sees("Note in Lever").await;
    admin.sees("Open in Lever").await;
    admin.picture("invite-from-lever").await;
}

/// Nothing was done twice, and nothing of an earlier state is left.
async fn each_step_is_there_once(app: &TestApp, opportunity: &str) {
    let shown = shown(app, opportunity).await;
    let history = shown["history"].as_array().expect("a history");
    for status in ["Invited", "Started", "Submitted"] {
        let tag = format!("{TITLE} - {status}");
        let is_it = |entry: &&Value| entry["what"] == "tag_added" && entry["value"] == tag;
        assert_eq!(history.iter().filter(is_it).count(), 1, "{tag}: {shown}");
    }
    assert_eq!(shown["tags"], json!(["Five sums - Submitted"]), "{shown}");
    assert_eq!(shown["notes"].as_array().map(Vec::len), Some(1), "{shown}");
}
