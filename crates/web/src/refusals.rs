//! How the document describes refusals.
#![allow(dead_code, reason = "these types only describe")]

use utoipa::IntoResponses;

use crate::problem::ProblemBody;

/// What every route may answer.
#[derive(IntoResponses)]
pub(crate) enum Refused {
    /// No key, a dead one, or one of another kind.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(ProblemBody),
    /// A key that may not.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemBody),
    /// This key has used up its calls; `Retry-After` says for how long.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(ProblemBody),
    /// The database has too much to do; `Retry-After` says for how long.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemBody),
}

/// Where a query is read.
#[derive(IntoResponses)]
pub(crate) enum BadQuery {
    /// A parameter at fault; `errors` names it.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(ProblemBody),
}

/// Where a body is read.
#[derive(IntoResponses)]
pub(crate) enum BadBody {
    /// Not JSON, or a header that cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(ProblemBody),
    /// A body of more than 256 KiB.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemBody),
    /// A body at fault; `errors` names each member.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(ProblemBody),
}

/// Where an id is named.
#[derive(IntoResponses)]
pub(crate) enum Unknown {
    /// Unknown, or another organization's.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemBody),
}

/// Where a state may forbid it.
#[derive(IntoResponses)]
pub(crate) enum Conflicting {
    /// A state that forbids it; `code` says which.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemBody),
}

/// Where an ATS is asked.
#[derive(IntoResponses)]
pub(crate) enum FarSide {
    /// The ATS did not do what was asked of it; `detail` says what. Where it did not answer, it is 503 instead.
    #[response(status = 502, content_type = "application/problem+json")]
    Refused(ProblemBody),
}
