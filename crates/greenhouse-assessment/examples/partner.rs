//! A vendor with one test, on 127.0.0.1:8080 (or the port given). Its key is `gh_demo`.
//!
//! `cargo run --example partner --features actix`

use std::sync::Arc;

use actix_web::{App, HttpServer, web};
use greenhouse_assessment::{
    AssessmentPartner, Completion, InterviewId, Key, PartnerError, ProfileUrl, ResponseError,
    Score, SendTest, Test, TestStatus, actix,
};

struct Vendor;

impl AssessmentPartner for Vendor {
    type Caller = ();

    async fn authenticate(&self, key: &Key) -> Result<(), PartnerError> {
        let known = key.matches("gh_demo");
        known.then_some(()).ok_or(PartnerError::Unauthorized)
    }

    async fn list_tests(&self, (): &()) -> Result<Vec<Test>, PartnerError> {
        Ok(vec![Test::new("rust", "Rust basics")])
    }

    async fn send_test(&self, (): &(), ask: SendTest) -> Result<InterviewId, PartnerError> {
        if ask.partner_test_id != "rust" {
            return Err(PartnerError::UnknownTest);
        }
        // A real vendor keeps the ask and mails the candidate here.
        InterviewId::new("inv_1").map_err(|_| PartnerError::Internal)
    }

    async fn test_status(&self, (): &(), id: &InterviewId) -> Result<TestStatus, PartnerError> {
        if id.as_str() != "inv_1" {
            return Err(PartnerError::UnknownInterview);
        }
        let page = ProfileUrl::new("https://vendor.example/results/inv_1")
            .map_err(|_| PartnerError::Internal)?;
        Ok(Completion::new(page).with_score(Score::from(82)).into())
    }

    async fn response_error(&self, (): &(), _: ResponseError) -> Result<(), PartnerError> {
        Ok(())
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let vendor = Arc::new(Vendor);
    HttpServer::new(move || {
        let endpoints = actix::configure(vendor.clone());
        App::new().service(web::scope("/api/greenhouse").configure(endpoints))
    })
    .workers(1)
    .bind(("127.0.0.1", port.unwrap_or(8080)))?
    .run()
    .await
}
