//! Every page on a narrow telephone: nothing scrolls sideways, and all that can be operated has a name.

use domain::Role;
use serde_json::json;

use super::questions::{all_kinds, sums};
use super::{owner, shared_result};
use crate::harness::{Browser, Recruiter, TestApp, text};

/// As long as titles and names of real people get, with a word that does not break by itself.
pub(super) const LONG: &str =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

test_support::each_database! {
    async fn candidates_pages_fit_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(all_kinds(LONG)).await;
        let invite = app.invite(&test, "kim@candidate.example").await;
        let (id, link) = (text(&invite["id"]), text(&invite["candidate_url"]));
        let kim = Browser::without_scripts().await;
        kim.resize(320, 640).await;
        kim.visit(&link).await;
        kim.is_fit("the first page").await;
        kim.press("Start").await;
        kim.sees("Question 1 of 5").await;
        kim.is_fit("the questions").await;
        kim.write("Your favourite shell?", &LONG.repeat(3)).await;
        kim.write("Write a loop.", &LONG.repeat(3)).await;
        kim.press("Submit").await;
        kim.is_fit("the review").await;
        kim.press("Submit anyway").await;
        kim.sees("Thank you").await;
        kim.is_fit("the thanks").await;
        app.command(&id, "reset", None).await;
        kim.visit(&link).await;
        kim.is_fit("a link that is over").await;
        kim.visit(&format!("{}/take/nobody-knows-this", app.url)).await;
        kim.is_fit("an unknown link").await;
        kim.close().await;
        app.stop().await;
    }

    async fn the_organizations_pages_fit_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        let (graded, written) = (app.publish(sums(LONG)).await, app.publish(all_kinds("An ordinary day")).await);
        let candidate = json!({ "first_name": LONG, "last_name": "Nguyễn", "email": format!("{}@candidate.example", "kim".repeat(20)) });
        let done = app.invite_with(json!({ "assessment_id": graded, "candidate": candidate })).await;
        let done = text(&done["id"]);
        app.complete(&done, 90).await;
        let open = text(&app.invite(&written, "kim@candidate.example").await["id"]);
        app.command(&open, "start", None).await;
        app.command(&open, "submit", None).await;
        let (_, shared) = shared_result(&app, &graded).await;

        let owner = owner(&app).await;
        for (width, height) in [(1280, 900), (320, 640)] {
            owner.resize(width, height).await;
            look_around(&owner, &app, &open, &done).await;
        }
        owner.close().await;

        let stranger = Browser::without_scripts().await;
        stranger.resize(320, 640).await;
        let setup = app.setup_link("ada.admin@customer.example", Role::Admin).await;
        for page in [&shared, &format!("{}/sign-in", app.url), &setup] {
            stranger.visit(page).await;
            stranger.is_fit(page).await;
        }
        stranger.close().await;
        app.stop().await;
    }

    async fn the_sandboxs_pages_fit_a_narrow_telephone(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(sums("Five sums")).await;
        let recruiter = Recruiter::connect(&app, &test).await;
        recruiter.send("kim@candidate.example").await;
        let rosa = Browser::open().await;
        rosa.resize(320, 640).await;
        rosa.visit(app.sandbox.url().as_str()).await;
        rosa.is_fit("the sandbox's first page").await;
        for link in ["/organizations/", "/jobs/", "/stages/", "/candidates/", "/calls", "/faults"] {
            if link == "/organizations/" || link == "/jobs/" || link == "/calls" {
                rosa.visit(app.sandbox.url().as_str()).await;
            }
            rosa.follow(link).await;
            rosa.is_fit(link).await;
            rosa.picture(&format!("narrow-sandbox{}", link.replace('/', "-"))).await;
            if link == "/stages/" {
                rosa.press("Cancel").await;
            }
        }
        rosa.close().await;
        app.stop().await;
    }
}

/// Every page of the dashboard in this window.
async fn look_around(owner: &Browser, app: &TestApp, open: &str, done: &str) {
    for (page, words) in [
        ("/candidates", "An ordinary day"),
        ("/candidates?q=nobody", "Clear"),
        ("/assessments", "An ordinary day"),
        ("/settings/api-keys", "gh_"),
        (&format!("/invites/{open}"), "Grade"),
        (&format!("/invites/{done}"), "90 of 100"),
        (&format!("/results/{done}"), "Withdraw shared links"),
        ("/nowhere", "404"),
    ] {
        owner.visit(&format!("{}{page}", app.url)).await;
        owner.sees(words).await;
        owner.is_fit(page).await;
    }
}
