//! The pipeline of the sandbox's Lever under a recruiter's hands.

use serde_json::json;

use crate::harness::{Browser, LeverAccount, TestApp, eventually, text};

test_support::each_database! {
    async fn a_card_is_dragged_into_another_stage_and_moved_back_by_its_button(database: Database) {
        let app = TestApp::start(database).await;
        let account = LeverAccount::create(&app, "Acme").await;
        let kim = json!({ "name": "Kim Nguyễn", "emails": ["kim@candidate.example"], "stage_id": "applicant-new" });
        let kim = text(&account.control("POST", "opportunities", Some(kim)).await["id"]);
        let stage = async || text(&app.control("GET", &format!("lever/opportunities/{kim}"), None).await["stage_id"]);
        let assessment = account.stage("Assessment").await;

        let rosa = Browser::open().await;
        rosa.visit(&format!("{}lever/accounts/{}", app.sandbox.url(), account.id)).await;
        rosa.drag("Kim Nguyễn", "Assessment").await;
        eventually("Lever has the card in its new stage", async || (stage().await == assessment).then_some(())).await;
        rosa.sees("Assessment 1 Kim Nguyễn").await;
        rosa.sees("New applicant 0").await;
        rosa.choose_named("Move Kim Nguyễn to", "New applicant").await;
        rosa.press("Move").await;
        rosa.sees("New applicant 1 Kim Nguyễn").await;
        assert_eq!(stage().await, "applicant-new");
        rosa.close().await;
        app.stop().await;
    }
}
