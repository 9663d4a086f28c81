//! **Request Setup**, and **Fulfil**: an employer's owner asks, an operator answers, and the owner's page shows it by itself.

use serde_json::json;

use super::{choose_password, owner};
use crate::harness::{Browser, OPERATOR, TestApp};

test_support::each_database! {
    async fn what_an_owner_requests_is_there_once_an_operator_has_fulfilled_it(database: Database) {
        let app = TestApp::start(database).await;
        let kinds = json!({ "integrations": ["greenhouse_assessment"] });
        let path = format!("organizations/{}", app.organization);
        assert_eq!(app.v1_as(OPERATOR, "PATCH", &path, Some(kinds)).await.0, 200);
        let owner = owner(&app).await;
        owner.visit(&format!("{}/settings/integrations#lever", app.url)).await;
        owner.picture("requests-1-offered").await;
        owner.press_under("Lever", "Request Setup").await;
        owner.sees("Requested").await;

        let operator = Browser::open().await;
        operator.visit(&app.operators_setup_link("olu@vendor.example").await).await;
        choose_password(&operator).await;
        operator.sees("olga.owner@customer.example").await;
        operator.is_fit("the requests").await;
        operator.picture("requests-2-open").await;
        operator.press("Fulfil Acme").await;
        operator.sees("Nobody is waiting for you").await;
        operator.picture("requests-3-none").await;
        operator.visit(&format!("{}/candidates", app.url)).await;
        operator.sees("This is an operator's account").await;
        operator.press("Go to the first page").await;
        operator.sees("Nobody is waiting for you").await;
        operator.close().await;

        owner.sees("Log In to Lever").await;
        owner.close().await;
        app.stop().await;
    }
}
