//! The four endpoints, ready to be mounted in an actix-web application (feature `actix`).
//!
//! | path | call | refused beside 401, 405 and the partner's own errors |
//! |---|---|---|
//! | `GET list_tests` | [`AssessmentPartner::list_tests`] | |
//! | `POST send_test` | [`AssessmentPartner::send_test`] | 400 not JSON, 413 over 256 KiB, 415 clearly another format, 422 lacks a member |
//! | `GET test_status?partner_interview_id=` | [`AssessmentPartner::test_status`] | 400 without the parameter, 404 for what can be no id |
//! | `POST response_errors`, `response_error` | [`AssessmentPartner::response_error`] | 413 over 1 MiB |
//!
//! Each error body is `{"error": "<code>", "message": "<what to do>"}`; nothing of the request is repeated in it, nothing
//! is logged. The key is judged before the body is read. Only the `Authorization` header counts: a key in the query does
//! not. Unknown query parameters are ignored; of a repeated one the first is taken.

mod answer;
mod body;
mod handlers;

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Resource};

use crate::{AssessmentPartner, PartnerError};

/// The most bytes of a `send_test` body; a usual one has about a thousand.
pub const SEND_TEST_LIMIT: usize = 256 * 1024;

/// The most bytes of a report to `response_errors`.
pub const RESPONSE_ERROR_LIMIT: usize = 1024 * 1024;

/// The endpoints for one partner, for `configure` of an app or a scope: the place is yours.
///
/// ```
/// use std::sync::Arc;
/// use actix_web::{App, web};
/// use greenhouse_assessment::{AssessmentPartner, actix::configure};
///
/// fn app<P: AssessmentPartner>(partner: Arc<P>) {
///     let app = App::new().service(web::scope("/api/greenhouse").configure(configure(partner)));
/// #   drop(app);
/// }
/// ```
pub fn configure<P: AssessmentPartner>(partner: Arc<P>) -> impl FnOnce(&mut ServiceConfig) + Clone {
    move |config| {
        config
            .app_data(Data::from(partner))
            .service(get("/list_tests").route(web::get().to(handlers::list_tests::<P>)))
            .service(post("/send_test").route(web::post().to(handlers::send_test::<P>)))
            .service(get("/test_status").route(web::get().to(handlers::test_status::<P>)));
        // Greenhouse's own documents name this one in both ways.
        for path in ["/response_errors", "/response_error"] {
            let report = web::post().to(handlers::response_error::<P>);
            config.service(post(path).route(report));
        }
    }
}

fn get(path: &str) -> Resource {
    only(path, "GET")
}

fn post(path: &str) -> Resource {
    only(path, "POST")
}

/// A resource that answers every method it has no route for.
fn only(path: &str, allow: &'static str) -> Resource {
    let refuse = move || async move {
        Err::<HttpResponse, PartnerError>(PartnerError::MethodNotAllowed { allow })
    };
    web::resource(path).default_service(web::to(refuse))
}
