//! Feedback.

use super::request::Request;
use super::{Client, Listing};
use crate::{Error, Feedback, FeedbackId, OpportunityId};

impl Client {
    /// The feedback on an opportunity. Scope `feedback:read:admin`.
    pub fn feedback(&self, opportunity: &OpportunityId) -> Listing<Feedback> {
        let request = Request::get(&["opportunities", opportunity.as_str(), "feedback"]);
        self.listing(request, |feedback| feedback.id.as_str())
    }

    /// One feedback form.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn feedback_form(
        &self,
        opportunity: &OpportunityId,
        form: &FeedbackId,
    ) -> Result<Feedback, Error> {
        let path = [
            "opportunities",
            opportunity.as_str(),
            "feedback",
            form.as_str(),
        ];
        self.read(Request::get(&path)).await
    }
}
