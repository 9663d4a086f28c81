//! What people see and do, in a real browser.

mod board;
mod external;
mod harvest;
mod interrupted;
mod interviews;
mod late_score;
mod lever;
mod links;
mod mails;
mod narrow;
mod narrow_lever;
mod questions;
mod requests;
mod round_trip;
mod time_limit;
mod written;

use domain::Role;

use crate::harness::{Browser, TestApp, ask, text};

/// The owner of the organization, who has just chosen a password.
async fn owner(app: &TestApp) -> Browser {
    let link = app
        .setup_link("olga.owner@customer.example", Role::Owner)
        .await;
    let owner = Browser::open().await;
    owner.visit(&link).await;
    choose_password(&owner).await;
    owner.sees("Candidates").await;
    owner
}

/// What whoever has followed a setup link does.
async fn choose_password(person: &Browser) {
    let password = "four words in a row";
    person.write("Password", password).await;
    person.write("The same once more", password).await;
    person.press("Keep this password").await;
}

/// The link in the candidate's mail.
async fn mailed_link(app: &TestApp, email: &str) -> String {
    app.mail_to(email)
        .await
        .link()
        .expect("an invitation has a link")
        .to_owned()
}

/// A completed invite with 90 points, and the link to it that Greenhouse was given.
async fn shared_result(app: &TestApp, test: &str) -> (String, String) {
    let url = "https://app.greenhouse.io/take_home_tests/90";
    let invite = app.send(ask(test, "shared@candidate.example", url)).await;
    app.complete(&invite, 90).await;
    let link = text(&app.test_status(&invite).await["partner_profile_url"]);
    (invite, link)
}
