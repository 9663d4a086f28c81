//! What a vendor implements.

use std::future::Future;

use crate::{InterviewId, Key, PartnerError, ResponseError, SendTest, Test, TestStatus};

/// An assessment vendor, as Greenhouse sees it.
///
/// Each call brings its key: [`authenticate`](Self::authenticate) turns it into a [`Caller`](Self::Caller) (which
/// organization, which key), before the body is read; the other functions get that caller. So there is one look-up for
/// the key and one for the work, and no call can be answered for nobody.
///
/// A busy vendor may want the key looked up together with the work: then `authenticate` only reads it, each function answers
/// [`PartnerError::Unauthorized`] by itself, and [`confirm`](Self::confirm) does the look-up where there is no work.
///
/// Write the functions as `async fn`. The feature `actix` serves an implementation; see the crate's page for a whole one.
pub trait AssessmentPartner: Send + Sync + 'static {
    /// Who calls. It decides whose data is answered, so it should hold at least the organization.
    type Caller: Send + Sync;

    /// Whose key is it? Look it up by a hash; revoked and expired keys are [`PartnerError::Unauthorized`].
    ///
    /// # Errors
    ///
    /// [`PartnerError::Unauthorized`], [`PartnerError::TooManyRequests`], or trouble of the partner's own.
    fn authenticate(
        &self,
        key: &Key,
    ) -> impl Future<Output = Result<Self::Caller, PartnerError>> + Send;

    /// Is this caller known? Asked before a call at fault (a body that lacks a member, an id that can be none) is told so, and
    /// before a large body is read, so that a stranger hears of nothing but the 401. Only to be written where `authenticate`
    /// leaves that open.
    ///
    /// # Errors
    ///
    /// As [`authenticate`](Self::authenticate).
    fn confirm(
        &self,
        _caller: &Self::Caller,
    ) -> impl Future<Output = Result<(), PartnerError>> + Send {
        std::future::ready(Ok(()))
    }

    /// The tests that this caller may send now, in a stable order. None is an empty list, not an error. A person waits.
    ///
    /// # Errors
    ///
    /// Trouble of the partner's own.
    fn list_tests(
        &self,
        caller: &Self::Caller,
    ) -> impl Future<Output = Result<Vec<Test>, PartnerError>> + Send;

    /// Invites one candidate to one test. The same `url` again with the same test and e-mail has to give the same id and
    /// no second mail: recruiters click twice. Mail is sent later, not here.
    ///
    /// # Errors
    ///
    /// [`PartnerError::UnknownTest`], [`PartnerError::Unprocessable`] for a `url` that is not to be called,
    /// [`PartnerError::Conflict`], or trouble of the partner's own.
    fn send_test(
        &self,
        caller: &Self::Caller,
        ask: SendTest,
    ) -> impl Future<Output = Result<InterviewId, PartnerError>> + Send;

    /// Where this sending stands. Reading changes nothing, and once complete it stays complete.
    ///
    /// # Errors
    ///
    /// [`PartnerError::UnknownInterview`] for unknown and foreign ids alike, or trouble of the partner's own.
    fn test_status(
        &self,
        caller: &Self::Caller,
        id: &InterviewId,
    ) -> impl Future<Output = Result<TestStatus, PartnerError>> + Send;

    /// Takes note that Greenhouse could not read an answer of ours. Never call Greenhouse from here.
    ///
    /// # Errors
    ///
    /// Trouble of the partner's own; what stands in the report is no reason to fail.
    fn response_error(
        &self,
        caller: &Self::Caller,
        report: ResponseError,
    ) -> impl Future<Output = Result<(), PartnerError>> + Send;
}
