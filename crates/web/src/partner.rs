//! `/api/greenhouse`: Baton as an assessment partner.

use std::time::Duration;

use ::greenhouse_assessment::{
    AssessmentPartner, InterviewId, Key, PartnerError, ResponseError, SendTest, Test, TestStatus,
};
use app::access::{GreenhouseCaller, GreenhouseKey};
use app::greenhouse::{self, Answered, Report};
use app::{App, Error, access};
use domain::{InviteId, InviteView};

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
    /// Whose key it is, the work itself finds out.
    type Caller = GreenhouseKey;

    async fn authenticate(&self, key: &Key) -> Result<GreenhouseKey, PartnerError> {
        access::greenhouse(key.expose()).map_err(refusal)
    }

    async fn confirm(&self, key: &GreenhouseKey) -> Result<(), PartnerError> {
        self.caller(key).await.map(drop)
    }

    async fn list_tests(&self, key: &GreenhouseKey) -> Result<Vec<Test>, PartnerError> {
        let answered = greenhouse::list_tests(&self.app, key.clone()).await;
        let titles = self.counted(key, answered).await?;
        Ok(titles
            .iter()
            .map(|(id, title)| Test::new(id.to_string(), title))
            .collect())
    }

    /// Not counted: whether Greenhouse repeats a refused one is unknown, so a refusal may be a candidate never invited.
    async fn send_test(
        &self,
        key: &GreenhouseKey,
        sent: SendTest,
    ) -> Result<InterviewId, PartnerError> {
        let ask = match ats::greenhouse::partner::ask(sent, &self.app.config().greenhouse) {
            Ok(ask) => ask,
            Err(fault) => {
                self.confirm(key).await?;
                return Err(PartnerError::unprocessable(fault.field, fault.problem));
            }
        };
        let answered = greenhouse::send_test(&self.app, key.clone(), ask).await;
        let answered = self.known(key, answered).await?;
        self.note(&answered.caller).await;
        let invite = answered.outcome.map_err(refusal)?;
        InterviewId::new(invite.to_string()).map_err(|_| PartnerError::Internal)
    }

    async fn test_status(
        &self,
        key: &GreenhouseKey,
        id: &InterviewId,
    ) -> Result<TestStatus, PartnerError> {
        let Ok(invite) = id.as_str().parse::<InviteId>() else {
            self.confirm(key).await?;
            return Err(PartnerError::UnknownInterview);
        };
        let answered = greenhouse::test_status(&self.app, key.clone(), invite).await;
        let reading = self.counted(key, answered).await?;
        if reading.is_news {
            self.note_seen(&reading.view).await;
        }
        let result_url = reading.result_url.unwrap_or_default();
        ats::greenhouse::partner::status(&reading.view, &result_url).ok_or(PartnerError::Internal)
    }

    async fn response_error(
        &self,
        key: &GreenhouseKey,
        report: ResponseError,
    ) -> Result<(), PartnerError> {
        let organization = self.caller(key).await?.organization;
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
    /// Who calls with `key`, found out apart from any work.
    async fn caller(&self, key: &GreenhouseKey) -> Result<GreenhouseCaller, PartnerError> {
        let presented = key.clone();
        let caller = self
            .app
            .read(move |app, conn| access::greenhouse_caller(app, conn, &presented))
            .await;
        let caller = self.known(key, caller).await?;
        self.note(&caller).await;
        Ok(caller)
    }

    /// What a call came to, if its key has not called too often.
    async fn counted<T>(
        &self,
        key: &GreenhouseKey,
        answered: Result<Answered<T>, Error>,
    ) -> Result<T, PartnerError> {
        let answered = self.known(key, answered).await?;
        self.note(&answered.caller).await;
        self.limits
            .count(answered.caller.key)
            .map_err(|retry_after| PartnerError::TooManyRequests { retry_after })?;
        answered.outcome.map_err(refusal)
    }

    /// What a call came to, where its key is known. One that has ended is told of to its organization.
    async fn known<T>(
        &self,
        key: &GreenhouseKey,
        outcome: Result<T, Error>,
    ) -> Result<T, PartnerError> {
        if matches!(outcome, Err(Error::Unauthorized)) {
            access::note_dead_call(&self.app, key).await;
        }
        outcome.map_err(refusal)
    }

    /// What follows from the mere fact that Greenhouse called.
    async fn note(&self, caller: &GreenhouseCaller) {
        let (organization, key) = (caller.organization, caller.key);
        access::note_use(&self.app, organization, key, caller.last_used_at).await;
        access::unblock(&self.app, caller).await;
    }

    async fn note_seen(&self, view: &InviteView) {
        let (organization, invite) = (view.invite.organization, view.invite.id);
        let noted = self
            .app
            .write(move |app, conn| greenhouse::note_seen(app, conn, organization, invite))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "that Greenhouse read a result could not be written down");
        }
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
        Error::FarSide { .. } | Error::Storage(_) | Error::Secret(_) | Error::Internal(_) => {
            tracing::error!(%error, "a call of Greenhouse's failed");
            PartnerError::Internal
        }
    }
}
