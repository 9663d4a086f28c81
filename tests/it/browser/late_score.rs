//! A score that changes after the stage took it: a recruiter sends the test, the owner grades twice, and what the stage no longer
//! takes is a note in the candidate's feed.

use super::questions::all_kinds;
use super::written::{grade_it, take_it};
use super::{mailed_link, owner};
use crate::harness::{Browser, HarvestOffice, Recruiter, TestApp};

const KIM: &str = "kim@candidate.example";

test_support::each_database! {
    async fn a_score_that_the_stage_no_longer_takes_is_a_note_in_the_feed(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(all_kinds("An ordinary day")).await;
        let stage = Recruiter::connect(&app, &test).await;
        let office = HarvestOffice::of(&app, stage.organization).await;
        office.connect().await;
        let application = stage.candidate(KIM).await;

        let recruiter = Browser::open().await;
        recruiter.visit(&format!("{}candidates/{application}", app.sandbox.url())).await;
        recruiter.press("Send Test").await;
        recruiter.sees("Test sent").await;
        let kim = Browser::without_scripts().await;
        kim.visit(&mailed_link(&app, KIM).await).await;
        take_it(&kim).await;
        kim.close().await;

        let owner = owner(&app).await;
        grade_it(&owner).await;
        recruiter.sees("Complete, 75").await;
        let taken = recruiter.text().await;
        grade_again(&owner).await;

        // The stage keeps what it took, the feed tells what came after.
        assert_eq!(recruiter.text().await, taken);
        recruiter.press("Kim").await;
        recruiter.press("Profile and feed").await;
        recruiter.sees("Result: 80 of 100").await;
        recruiter.sees("An ordinary day").await;
        recruiter.sees(" r2").await;
        recruiter.illustrate("greenhouse-8-note", "#feed").await;
        assert_eq!(recruiter.text().await.matches("Result:").count(), 1);
        look_at_a_phone(&owner).await;
        owner.close().await;
        recruiter.close().await;
        app.stop().await;
    }
}

/// The last answer was worth more after all.
async fn grade_again(owner: &Browser) {
    owner
        .press("Change the grades: this makes a new revision of the result")
        .await;
    owner.write("Points of 2", "2").await;
    owner.press("Grade").await;
    owner.sees("80 of 100").await;
    owner.sees("Note in Greenhouse: Seen").await;
    owner.picture("invite-with-a-note-1280").await;
}

async fn look_at_a_phone(owner: &Browser) {
    owner.resize(390, 844).await;
    owner.is_fit("an invite with a note").await;
    owner.picture("invite-with-a-note-390").await;
}
