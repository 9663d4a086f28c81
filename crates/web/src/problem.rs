//! What a caller hears of a refusal: RFC 9457, `application/problem+json`. The one place that maps errors to statuses.

use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use app::{Error, Fault};
use serde::Serialize;
use telemetry::RequestId;
use utoipa::ToSchema;

/// How long to wait where the database has too much to do.
const LATER: Duration = Duration::from_secs(1);
/// How long to wait where an ATS did not answer.
const FAR_SIDE: Duration = Duration::from_secs(10);

/// A refusal.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Contents>);

#[derive(Debug, Clone)]
struct Contents {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<Fault>,
    id: Option<String>,
    header: Option<(header::HeaderName, String)>,
}

/// A refusal as it is written down.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: `code` tells problems apart.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong and what to do.
    #[schema(example = "title is empty")]
    detail: String,
    /// A stable name for programs.
    #[schema(example = "unprocessable")]
    code: &'static str,
    /// Each member at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<MemberFault>,
    /// With `secret_already_shown`: the id of what the first call made.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Names this call in the logs; also in the header `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// One member at fault.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberFault {
    /// Which.
    #[schema(example = "title")]
    field: String,
    /// What is wrong with it; reads on from its name.
    #[schema(example = "is empty")]
    problem: String,
}

impl Problem {
    /// A refusal with a stable name and the words for people.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self(Box::new(Contents {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            id: None,
            header: None,
        }))
    }

    /// 400: the call cannot be read at all.
    pub(crate) fn unreadable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 422: one member at fault.
    pub(crate) fn fault(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Error::fault(field, problem).into()
    }

    /// 401, the same for every cause.
    pub(crate) fn unauthorized() -> Self {
        let detail = "send a key that is valid here as `Authorization: Bearer …`; this call has none, or one that has \
                      ended or is of another kind";
        let problem = Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
        problem.with(header::WWW_AUTHENTICATE, "Bearer realm=\"Baton\"")
    }

    /// 409: a secret that was shown once and may no longer be repeated.
    pub(crate) fn secret_already_shown(id: Option<String>) -> Self {
        let detail = "the first call with this Idempotency-Key was answered more than 10 minutes ago; the secret it \
                      showed is not shown again. Make or rotate it once more";
        let mut problem = Self::new(StatusCode::CONFLICT, "secret_already_shown", detail);
        problem.0.id = id;
        problem
    }

    /// 429 with the seconds to wait.
    pub(crate) fn too_many(wait: Duration) -> Self {
        let detail =
            "this key has used up its calls for the moment; wait as long as Retry-After says";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
        problem.with(header::RETRY_AFTER, seconds(wait))
    }

    /// 429 for whoever tries out keys.
    pub(crate) fn too_many_guesses(wait: Duration) -> Self {
        let detail = "too many calls from this address came without a valid key; wait as long as Retry-After says";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
        problem.with(header::RETRY_AFTER, seconds(wait))
    }

    /// 503 with the seconds to wait.
    pub(crate) fn unavailable() -> Self {
        let detail = "the database has too much to do or cannot be reached; try again in a moment";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail);
        problem.with(header::RETRY_AFTER, seconds(LATER))
    }

    /// Its stable name.
    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    /// What is wrong and what to do.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// With one more header.
    pub(crate) fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.0.header = Some((name, value.into()));
        self
    }

    /// A refusal of the framework's own making.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "too_large",
                "the body is longer than 256 KiB; send less at once",
            ),
            status if status.is_server_error() => failed(),
            status => Self::new(
                status,
                "unreadable",
                "this call cannot be read; compare it with /docs",
            ),
        }
    }

    /// The answer, naming the request.
    pub(crate) fn answer(&self) -> HttpResponse {
        let Contents { status, header, .. } = &*self.0;
        let body = ProblemBody {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.0.detail.clone(),
            code: self.0.code,
            errors: self.0.errors.iter().map(Into::into).collect(),
            id: self.0.id.clone(),
            request_id: RequestId::current().map(|id| id.to_string()),
        };
        let mut answer = HttpResponseBuilder::new(*status);
        if let Some((name, value)) = header {
            answer.insert_header((name.clone(), value.as_str()));
        }
        answer
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .body(serde_json::to_vec(&body).expect("texts and numbers become JSON"))
    }
}

impl From<&Fault> for MemberFault {
    fn from(fault: &Fault) -> Self {
        Self {
            field: fault.field.clone(),
            problem: fault.problem.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        self.answer()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Unauthorized => Self::unauthorized(),
            Error::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Error::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", detail),
            Error::Gone(_) => Self::new(StatusCode::GONE, "gone", detail),
            Error::Conflict { code, .. } => Self::new(StatusCode::CONFLICT, code, detail),
            Error::Unprocessable(errors) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let mut problem = Self::new(status, "unprocessable", detail);
                problem.0.errors = errors;
                problem
            }
            Error::FarSide { passing: true, .. } => {
                let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "ats_unavailable", detail);
                problem.with(header::RETRY_AFTER, seconds(FAR_SIDE))
            }
            Error::FarSide { .. } => Self::new(StatusCode::BAD_GATEWAY, "ats_refused", detail),
            Error::Storage(cause) if cause.is_passing() => Self::unavailable(),
            Error::Storage(_) | Error::Secret(_) | Error::Internal(_) => {
                tracing::error!(error = detail, "a call failed");
                failed()
            }
        }
    }
}

fn failed() -> Problem {
    let detail = "something failed on our side; it is logged under the request id of this answer";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

/// Whole seconds, rounded up: whoever waits that long is let in.
fn seconds(wait: Duration) -> String {
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    whole.max(1).to_string()
}
