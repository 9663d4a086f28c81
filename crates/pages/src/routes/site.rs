//! What every handler has at hand, and what it answers when something is in the way.

use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, REFERER, RETRY_AFTER};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use app::audit::{Actor, By};
use app::{App, Error};
use domain::UserId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use ipnet::IpNet;
use telemetry::RequestId;
use url::Url;

use super::person::Person;
use crate::errors::{ErrorPage, FramedErrorPage, Trouble};
use crate::html;

/// How often one address may be signed in to in a minute: a person mistypes, a program guesses.
const SIGN_INS: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");

/// Shared by all handlers of the process.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) app: App,
    trusted_proxies: Vec<IpNet>,
    sign_ins: DefaultKeyedRateLimiter<String>,
}

impl Site {
    pub(crate) fn new(app: App, trusted_proxies: Vec<IpNet>) -> Self {
        Self {
            app,
            trusted_proxies,
            sign_ins: DefaultKeyedRateLimiter::keyed(Quota::per_minute(SIGN_INS)),
        }
    }

    /// The use cases' context, acting for whoever sits at the browser.
    pub(crate) fn acting(&self, request: &HttpRequest, person: Option<&Person>) -> App {
        self.acting_for(request, person.map(|person| person.signed_in.user.id))
    }

    /// The same for whoever has this account, also where it is an operator's.
    pub(crate) fn acting_for(&self, request: &HttpRequest, user: Option<UserId>) -> App {
        self.app.acting(By {
            actor: user.map_or(Actor::Visitor, Actor::User),
            address: telemetry::client_address(request, &self.trusted_proxies),
            request: Some(request_id(request)),
        })
    }

    /// The vendor's name.
    pub(crate) fn platform(&self) -> String {
        self.app.config().platform_name.clone()
    }

    /// Counts one try to sign in as `email`; how long to wait where there were too many.
    pub(crate) fn count_sign_in(&self, email: &str) -> Result<(), Duration> {
        self.sign_ins.retain_recent();
        self.sign_ins
            .check_key(&email.trim().to_lowercase())
            .map_err(|full| full.wait_time_from(DefaultClock::default().now()))
    }

    /// `outcome` as an answer: the page, or what was in the way, inside the dashboard where `person` is known.
    pub(crate) fn answer(
        &self,
        request: &HttpRequest,
        person: Option<&Person>,
        outcome: Result<HttpResponse, Error>,
    ) -> HttpResponse {
        outcome.unwrap_or_else(|error| self.refuse(request, person, &error))
    }

    /// What was in the way of a request, as a page.
    pub(crate) fn refuse(
        &self,
        request: &HttpRequest,
        person: Option<&Person>,
        error: &Error,
    ) -> HttpResponse {
        let status = status_of(error);
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(%error, "a page could not be shown");
        }
        let detail = match error {
            Error::Conflict { message, .. } | Error::FarSide { message, .. } => {
                Some(sentence(message))
            }
            Error::Unprocessable(_) => Some(sentence(&error.to_string())),
            _ => None,
        };
        self.trouble(request, person, status, detail.as_deref())
    }

    /// An error page for `status`; `detail` is the cause in words where it is known.
    pub(crate) fn trouble(
        &self,
        request: &HttpRequest,
        person: Option<&Person>,
        status: StatusCode,
        detail: Option<&str>,
    ) -> HttpResponse {
        let again = here(request, &self.app.config().public_url);
        let trouble = Trouble::new(status, detail, &again, &request_id(request));
        let mut answer = match person {
            Some(person) => html::answer(
                status,
                &FramedErrorPage {
                    frame: person.frame(self, crate::dashboard::Section::Elsewhere),
                    trouble,
                },
            ),
            None => html::answer(
                status,
                &ErrorPage {
                    platform: self.platform(),
                    trouble,
                },
            ),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let wait = actix_web::http::header::HeaderValue::from_static("2");
            answer.headers_mut().insert(RETRY_AFTER, wait);
        }
        answer
    }
}

/// The status that a refusal has on a page.
pub(crate) fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Unauthorized => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Gone(_) => StatusCode::GONE,
        Error::Conflict { .. } => StatusCode::CONFLICT,
        Error::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::FarSide { passing: true, .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::FarSide { .. } => StatusCode::BAD_GATEWAY,
        Error::Storage(cause) if cause.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
        Error::Storage(_) | Error::Secret(_) | Error::Internal(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// Whatever no route takes.
pub(crate) async fn nothing_here(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    site.trouble(&request, None, StatusCode::NOT_FOUND, None)
}

/// Sends the browser on to a page of ours.
pub(crate) fn go_to(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .finish()
}

/// The path to try again: of a form, the page of ours that it stands on, where the browser tells.
fn here(request: &HttpRequest, ours: &Url) -> String {
    let told = request.headers().get(REFERER);
    let page = told.and_then(|page| Url::parse(page.to_str().ok()?).ok());
    page.filter(|page| !request.method().is_safe() && page.origin() == ours.origin())
        .map_or_else(|| request.path().to_owned(), |page| page.path().to_owned())
}

/// The number by which the log knows the request.
pub(crate) fn request_id(request: &HttpRequest) -> String {
    RequestId::of(request).to_string()
}

/// With a capital at its beginning and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let text = format!("{}{}", first.unwrap_or_default(), letters.as_str());
    if text.ends_with('.') {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn whoever_sent_a_form_tries_again_from_the_page_it_stands_on() {
        let ours = Url::parse("https://baton.example").expect("an address");
        let sent_from = |page: &'static str| {
            let form = TestRequest::post().uri("/settings/integrations/lever/log-in");
            here(
                &form.insert_header((REFERER, page)).to_http_request(),
                &ours,
            )
        };
        assert_eq!(
            sent_from("https://baton.example/settings/integrations?told=held"),
            "/settings/integrations"
        );
        for foreign in ["https://other.example/candidates", "not an address"] {
            assert_eq!(sent_from(foreign), "/settings/integrations/lever/log-in");
        }
    }
}
