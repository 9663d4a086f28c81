//! What people have to grade: taken on a telephone without scripts, graded by the owner.

use super::questions::all_kinds;
use super::{mailed_link, owner};
use crate::harness::{Browser, Recruiter, TestApp, eventually};

test_support::each_database! {
    async fn free_text_is_taken_without_scripts_and_graded_by_the_owner(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(all_kinds("An ordinary day")).await;
        let recruiter = Recruiter::connect(&app, &test).await;
        let sent = recruiter.send("kim@candidate.example").await;

        let kim = Browser::without_scripts().await;
        kim.visit(&mailed_link(&app, "kim@candidate.example").await).await;
        take_it(&kim).await;
        kim.close().await;
        assert_eq!(recruiter.test(&sent).await["partner_status"], serde_json::Value::Null);

        let owner = owner(&app).await;
        grade_it(&owner).await;
        owner.close().await;

        let seen = eventually("Greenhouse shows it as complete", async || {
            let test = recruiter.test(&sent).await;
            (test["state"] == "to_be_graded").then_some(test)
        })
        .await;
        assert_eq!((&seen["score"], &seen["complaints"]), (&75.into(), &serde_json::json!([])));
        app.stop().await;
    }
}

pub(super) async fn take_it(kim: &Browser) {
    kim.sees("An ordinary day").await;
    kim.picture("phone-welcome").await;
    kim.press("Start").await;
    kim.sees("Question 1 of 5").await;
    kim.pick("Apple").await;
    kim.pick("Danube").await;
    kim.pick("Vistula").await;
    kim.write(
        "How do you review a change?",
        "I read the tests first.\nThen <the> rest.",
    )
    .await;
    kim.press("Save").await;
    kim.sees("Your answers are saved").await;
    kim.picture("phone-saved").await;
    review_what_is_open(kim).await;
    kim.write("Write a loop.", "for i in 0..3 {\n    step(i);\n}")
        .await;
    kim.press("Submit").await;
    kim.sees("1 question is unanswered").await;
    kim.press("Submit anyway").await;
    kim.sees("Thank you").await;
    kim.picture("phone-thanks").await;
}

/// What Submit says before it is too late, and that what was written is still there afterwards.
async fn review_what_is_open(kim: &Browser) {
    kim.press("Submit").await;
    kim.sees("2 questions are unanswered").await;
    kim.sees("Question 3: Your favourite shell?").await;
    kim.picture("phone-review").await;
    kim.press("Back to the questions").await;
    kim.sees("Question 5 of 5").await;
    let kept = kim
        .run("return document.querySelector('textarea').value")
        .await;
    assert_eq!(kept, "I read the tests first.\nThen <the> rest.");
    let picked = kim
        .run("return document.querySelectorAll('input:checked').length")
        .await;
    assert_eq!(picked, 3);
}

pub(super) async fn grade_it(owner: &Browser) {
    owner.sees("Submitted").await;
    owner.picture("candidates").await;
    owner.press("Kim").await;
    owner.sees("I read the tests first. Then <the> rest.").await;
    owner.picture("invite-to-grade").await;
    owner.write("Points of 1", "0").await;
    owner.write("Points of 3", "2").await;
    owner.write("Points of 2", "1,5").await;
    owner
        .write_into("Comment optional", 1, "Would read the change first, too.")
        .await;
    owner.press("Grade").await;
    owner.sees("Completed").await;
    owner.sees("75 of 100").await;
    owner.sees("Would read the change first, too.").await;
    owner.picture("invite-graded").await;
}
