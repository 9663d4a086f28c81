//! A vendor that remembers what it was asked, and has a test for each way to fail.

use std::sync::Mutex;
use std::time::Duration;

use greenhouse_assessment::{
    AssessmentPartner, Completion, InterviewId, Key, Metadata, PartnerError, ProfileUrl, Progress,
    ResponseError, Score, SendTest, Test, TestStatus,
};

pub(crate) const KEY: &str = "gh_vendor_test";

#[derive(Default)]
pub(crate) struct Vendor {
    pub(crate) asks: Mutex<Vec<SendTest>>,
    pub(crate) reports: Mutex<Vec<ResponseError>>,
}

impl AssessmentPartner for Vendor {
    type Caller = &'static str;

    async fn authenticate(&self, key: &Key) -> Result<&'static str, PartnerError> {
        match key.expose() {
            KEY => Ok("Analytical Engines"),
            "gh_busy" => Err(PartnerError::TooManyRequests {
                retry_after: Duration::from_secs(7),
            }),
            "gh_down" => Err(PartnerError::Unavailable {
                retry_after: Duration::from_millis(1500),
            }),
            _ => Err(PartnerError::Unauthorized),
        }
    }

    async fn list_tests(&self, caller: &&'static str) -> Result<Vec<Test>, PartnerError> {
        Ok(vec![
            Test::new("rust", "Rust basics"),
            Test::new("of", caller),
        ])
    }

    async fn send_test(
        &self,
        _: &&'static str,
        ask: SendTest,
    ) -> Result<InterviewId, PartnerError> {
        match ask.partner_test_id.as_str() {
            "rust" => {
                self.asks.lock().expect("no panic before").push(ask);
                Ok(InterviewId::new("inv_1").expect("an id"))
            }
            "taken" => Err(PartnerError::conflict(
                "This test is already under way: send a new one.",
            )),
            "elsewhere" => Err(PartnerError::unprocessable(
                "url",
                "this address is on a host that is not allowed here",
            )),
            "broken" => Err(PartnerError::Internal),
            _ => Err(PartnerError::UnknownTest),
        }
    }

    async fn test_status(
        &self,
        _: &&'static str,
        id: &InterviewId,
    ) -> Result<TestStatus, PartnerError> {
        match id.as_str() {
            "inv_1" => Ok(Progress::Sent.into()),
            "inv_done" => {
                let page = ProfileUrl::new("https://vendor.example/results/inv_done");
                Ok(Completion::new(page.expect("an address"))
                    .with_score(Score::new(81.5).expect("finite"))
                    .with_metadata(Metadata::new().with("Recommendation", "Advance"))
                    .into())
            }
            _ => Err(PartnerError::UnknownInterview),
        }
    }

    async fn response_error(
        &self,
        _: &&'static str,
        report: ResponseError,
    ) -> Result<(), PartnerError> {
        self.reports.lock().expect("no panic before").push(report);
        Ok(())
    }
}
