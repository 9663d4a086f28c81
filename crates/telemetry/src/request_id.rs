//! Every request has an id: on its answer, on its log lines, in the body of a problem.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest};

/// The header that carries it, in and out.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of one request: the caller's `X-Request-Id` where that is of `[A-Za-z0-9._-]{1,64}`, else one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a request; `-` outside [`log_requests`](crate::log_requests).
    pub fn of(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_else(|| Self("-".into()))
    }

    /// The id of the request that is being answered, where there is no request at hand: in
    /// [`ResponseError::error_response`](actix_web::ResponseError::error_response). None outside [`answer_request_id`].
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    pub(crate) fn choose(request: &ServiceRequest, ours: impl std::fmt::Display) -> Self {
        let theirs = request.headers().get(HEADER);
        let theirs = theirs.and_then(|value| value.to_str().ok());
        match theirs.filter(|text| is_plain(text)) {
            Some(text) => Self(text.into()),
            None => Self(ours.to_string().into()),
        }
    }
}

fn is_plain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequest for RequestId {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// A middleware: writes the request's id on its answer, and keeps it for [`RequestId::current`] meanwhile. It belongs inside
/// [`log_requests`](crate::log_requests), which chooses the id, and outside everything that answers.
///
/// # Errors
/// Those of the inner services.
pub async fn answer_request_id<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = RequestId::of(request.request());
    let call = async {
        let mut response = next.call(request).await?;
        name_request(response.headers_mut());
        Ok(response)
    };
    CURRENT.scope(id, call).await
}

/// Writes the id of the request that is being answered on its answer: for an answer that [`answer_request_id`] does not see,
/// since it leaves as an error. Nothing outside of that.
pub fn name_request(headers: &mut HeaderMap) {
    let value = RequestId::current().and_then(|id| HeaderValue::from_str(id.as_str()).ok());
    if let Some(value) = value {
        headers.insert(HEADER, value);
    }
}
