//! The id in a path.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use app::Error;
use domain::{
    ApiKeyId, AssessmentId, CandidateId, ConnectionKind, InviteId, OrganizationId, ReferralId,
    StageMappingId, TriggerStageId,
};

use crate::problem::Problem;

/// What an id in a path names.
pub(crate) trait Named: FromStr {
    /// As the use cases call it where there is none.
    const NOUN: &'static str;
}

impl Named for OrganizationId {
    const NOUN: &'static str = "organization";
}

impl Named for ApiKeyId {
    const NOUN: &'static str = "API key";
}

impl Named for AssessmentId {
    const NOUN: &'static str = "assessment";
}

impl Named for CandidateId {
    const NOUN: &'static str = "candidate";
}

impl Named for ReferralId {
    const NOUN: &'static str = "interview";
}

impl Named for InviteId {
    const NOUN: &'static str = "invite";
}

impl Named for StageMappingId {
    const NOUN: &'static str = "stage mapping";
}

impl Named for TriggerStageId {
    const NOUN: &'static str = "trigger stage";
}

/// The `{kind}` of a path: which connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind(pub(crate) ConnectionKind);

impl FromRequest for Kind {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        let kind = call
            .match_info()
            .get("kind")
            .and_then(ConnectionKind::parse);
        ready(
            kind.map(Self)
                .ok_or_else(|| Error::NotFound("connection").into()),
        )
    }
}

/// The `{id}` of a path. A text that is no id is answered like an unknown one.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<T: Named + 'static> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = call
            .match_info()
            .get("id")
            .and_then(|text| text.parse().ok());
        ready(id.map(Self).ok_or_else(|| Error::NotFound(T::NOUN).into()))
    }
}
