//! Faults of an organization's Harvest.

use actix_web::http::StatusCode;
use serde_json::json;

use super::api::endpoints::ENDPOINTS;
use crate::answer::{Answer, Body};
use crate::faults::Calls;

/// The authorization server's calls.
pub(crate) const AUTHORIZATION_CALLS: [&str; 2] = ["token", "introspect"];

/// The calls that a fault can be for.
pub(crate) const CALLS: Calls = Calls {
    is_call: |name| {
        AUTHORIZATION_CALLS.contains(&name) || ENDPOINTS.iter().any(|known| known.call == name)
    },
    unusual: &AUTHORIZATION_CALLS,
    about_opportunities: false,
};

/// What Greenhouse answers under a status: a 429 in plain text, a failure of the server with no body.
pub(crate) fn of_status(status: u16) -> Answer {
    let word = StatusCode::from_u16(status).ok();
    let word = word.and_then(|status| status.canonical_reason());
    match status {
        429 => Answer {
            status,
            body: Body::Bytes {
                content_type: "text/plain".to_owned(),
                bytes: b"Retry later\n".to_vec(),
            },
            ..Answer::default()
        },
        500.. => Answer {
            status,
            ..Answer::default()
        },
        _ => Answer::json(status, json!({"message": word.unwrap_or("Refused")})),
    }
}
