//! How the document describes refusals.
#![allow(dead_code, reason = "these types only describe")]

use utoipa::IntoResponses;

use crate::problem::ProblemBody;

/// What every route may answer.
#[derive(IntoResponses)]
pub(crate) enum Refused {
    /// Not JSON, or a header that cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(#[to_schema] ProblemBody),
    /// No key, a dead one, or one of another kind.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] ProblemBody),
    /// A key that may not.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] ProblemBody),
    /// A body of more than 256 KiB.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] ProblemBody),
    /// A body or parameter at fault; `errors` names each member.
    #[response(status = 422, content_type = "application/problem+json")]
    Unprocessable(#[to_schema] ProblemBody),
    /// This key has used up its calls; `Retry-After` says for how long.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(#[to_schema] ProblemBody),
    /// The database has too much to do; `Retry-After` says for how long.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] ProblemBody),
}

/// Where an id is named.
#[derive(IntoResponses)]
pub(crate) enum Unknown {
    /// Unknown, or another organization's.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] ProblemBody),
}

/// Where a state may forbid it.
#[derive(IntoResponses)]
pub(crate) enum Conflicting {
    /// A state that forbids it; `code` says which.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] ProblemBody),
}
