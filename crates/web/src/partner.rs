//! `/api/greenhouse`: Baton as an assessment partner.

use std::time::Duration;

use ::greenhouse_assessment::{
    AssessmentPartner, InterviewId, Key, PartnerError, ResponseError, SendTest, Test, TestStatus,
};
use app::access::GreenhouseCaller;
use app::greenhouse::{self, Report};
use app::{App, Error, access};
use domain::InviteId;

use crate::limits::KeyLimits;

/// How long Greenhouse should wait when we cannot answer.
const LATER: Duration = Duration::from_secs(2);

/// What Greenhouse's calls mean here.
#[derive(Debug)]
pub(crate) struct Partner {
    app: App,
    limits: KeyLimits,
}

impl Partner {
    /// A partner over `app`; every call but `send_test` counts against `limits`.
    pub(crate) fn new(app: App, limits: KeyLimits) -> Self {
        Self { app, limits }
    }
}

impl AssessmentPartner for Partner {
    type Caller = GreenhouseCaller;

    async fn authenticate(&self, key: &Key) -> Result<GreenhouseCaller, PartnerError> {
        let text = key.expose().to_owned();
        let caller = self
            .app
            .read(move |app, conn| access::greenhouse(app, conn, &text))
            .await
            .map_err(refusal)?;
        access::note_use(
            &self.app,
            caller.organization,
            caller.key,
            caller.last_used_at,
        )
        .await;
        access::unblock(&self.app, &caller).await;
        Ok(caller)
    }

    async fn list_tests(&self, caller: &GreenhouseCaller) -> Result<Vec<Test>, PartnerError> {
        self.count(caller)?;
        let organization = caller.organization;
        let tests = self
            .app
            .read(move |_, conn| greenhouse::list_tests(conn, organization))
            .await
            .map_err(refusal)?;
        Ok(tests
            .into_iter()
            .map(|(id, title)| Test::new(id.to_string(), &title))
            .collect())
    }

    /// Not counted: whether Greenhouse repeats a refused one is unknown, so a refusal may be a candidate never invited.
    async fn send_test(
        &self,
        caller: &GreenhouseCaller,
        sent: SendTest,
    ) -> Result<InterviewId, PartnerError> {
        let ask = ats::greenhouse::partner::ask(sent, &self.app.config().greenhouse)
            .map_err(|fault| PartnerError::unprocessable(fault.field, fault.problem))?;
        let invite = greenhouse::send_test(&self.app, caller.clone(), ask)
            .await
            .map_err(refusal)?;
        InterviewId::new(invite.to_string()).map_err(|_| PartnerError::Internal)
    }

    async fn test_status(
        &self,
        caller: &GreenhouseCaller,
        id: &InterviewId,
    ) -> Result<TestStatus, PartnerError> {
        self.count(caller)?;
        let organization = caller.organization;
        let invite: InviteId = id
            .as_str()
            .parse()
            .map_err(|_| PartnerError::UnknownInterview)?;
        let reading = self
            .app
            .read(move |app, conn| greenhouse::test_status(app, conn, organization, invite))
            .await
            .map_err(refusal)?;
        if reading.is_news {
            let noted = self
                .app
                .write(move |app, conn| greenhouse::note_seen(app, conn, organization, invite))
                .await;
            if let Err(error) = noted {
                tracing::warn!(%error, "that Greenhouse read a result could not be written down");
            }
        }
        let result_url = reading.result_url.unwrap_or_default();
        ats::greenhouse::partner::status(&reading.view, &result_url).ok_or(PartnerError::Internal)
    }

    async fn response_error(
        &self,
        caller: &GreenhouseCaller,
        report: ResponseError,
    ) -> Result<(), PartnerError> {
        let organization = caller.organization;
        let report = Report {
            api_call: report.api_call,
            errors: report.errors,
            interview_id: report.partner_interview_id,
        };
        self.app
            .write(move |app, conn| {
                greenhouse::keep_response_error(app, conn, organization, &report)
            })
            .await
            .map_err(refusal)
    }
}

impl Partner {
    fn count(&self, caller: &GreenhouseCaller) -> Result<(), PartnerError> {
        self.limits
            .count(caller.key)
            .map_err(|retry_after| PartnerError::TooManyRequests { retry_after })
    }
}

/// What Greenhouse hears of a refusal.
fn refusal(error: Error) -> PartnerError {
    match error {
        Error::Unauthorized | Error::Forbidden(_) => PartnerError::Unauthorized,
        Error::NotFound("test") => PartnerError::UnknownTest,
        Error::NotFound(_) | Error::Gone(_) => PartnerError::UnknownInterview,
        Error::Conflict { message, .. } => PartnerError::conflict(message),
        Error::Unprocessable(_) => PartnerError::BadRequest {
            message: error.to_string().into(),
        },
        Error::Storage(cause) if cause.is_passing() => {
            PartnerError::Unavailable { retry_after: LATER }
        }
        Error::Storage(_) | Error::Secret(_) | Error::Internal(_) => {
            tracing::error!(%error, "a call of Greenhouse's failed");
            PartnerError::Internal
        }
    }
}
