//! How answers look.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::PartnerError;

const CHALLENGE: &str = r#"Basic realm="Assessment Partner API", charset="UTF-8""#;

/// 200 with a JSON body that no cache keeps.
pub(super) fn ok(body: &impl Serialize) -> HttpResponse {
    start(StatusCode::OK).json(body)
}

impl actix_web::ResponseError for PartnerError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = start(self.status_code());
        match self {
            Self::Unauthorized => {
                answer.insert_header((WWW_AUTHENTICATE, CHALLENGE));
            }
            Self::MethodNotAllowed { allow } => {
                answer.insert_header((ALLOW, *allow));
            }
            _ => {}
        }
        if let Some(wait) = self.retry_after() {
            answer.insert_header((RETRY_AFTER, whole_seconds(wait)));
        }
        answer.json(self.body())
    }
}

fn start(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer
}

/// Rounded up, at least one: a wait of nothing would be asked for at once.
fn whole_seconds(wait: Duration) -> u64 {
    let started = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(started).max(1)
}
