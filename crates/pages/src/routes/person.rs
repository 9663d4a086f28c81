//! Who sits at the browser.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use app::sign_in::{self, SignedIn};
use domain::{Organization, OrganizationId, Role};

use super::form::Form;
use super::site::{Site, go_to};
use crate::dashboard::{Frame, Section, role_words};

/// What the dashboard's script sends along when it fetches a page again by itself.
const REFRESH: &str = "x-baton-refresh";

/// Somebody of an organization who is signed in. As an extractor it sends everybody else to the sign-in page.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) signed_in: SignedIn,
    pub(crate) organization: Organization,
}

impl Person {
    /// Whose invites this person sees.
    pub(crate) fn organization(&self) -> OrganizationId {
        self.organization.id
    }

    /// What this person may do.
    pub(crate) fn role(&self) -> Role {
        self.signed_in.user.role
    }

    /// Does `form` come from a page of this session?
    pub(crate) fn sent(&self, form: &Form) -> bool {
        vault::same_secret(&self.signed_in.csrf, form.get("csrf"))
    }

    /// What stands around this person's pages.
    pub(crate) fn frame(&self, site: &Site, section: Section) -> Frame {
        Frame {
            platform: site.platform(),
            organization: self.organization.name.clone(),
            person: self.signed_in.user.email.clone(),
            role: role_words(self.role()),
            administers: self.role().administers(),
            operates: false,
            csrf: self.signed_in.csrf.clone(),
            section,
            mail_waits: !site.app.config().mail_configured,
            toast: None,
        }
    }
}

/// An operator who is signed in. As an extractor it sends strangers to the sign-in page, and everybody else away.
#[derive(Debug, Clone)]
pub(crate) struct OperatorPerson {
    pub(crate) signed_in: SignedIn,
}

impl OperatorPerson {
    /// Does `form` come from a page of this session?
    pub(crate) fn sent(&self, form: &Form) -> bool {
        vault::same_secret(&self.signed_in.csrf, form.get("csrf"))
    }

    /// What stands around an operator's pages.
    pub(crate) fn frame(&self, site: &Site) -> Frame {
        Frame {
            platform: site.platform(),
            organization: "All organizations".to_owned(),
            person: self.signed_in.user.email.clone(),
            role: role_words(self.signed_in.user.role),
            administers: false,
            operates: true,
            csrf: self.signed_in.csrf.clone(),
            section: Section::Requests,
            mail_waits: !site.app.config().mail_configured,
            toast: None,
        }
    }
}

/// Reads a form of an owner or an admin.
///
/// # Errors
/// The answer to everybody else, and to forms of another session.
pub(crate) fn form_of_administrator(
    site: &Site,
    request: &HttpRequest,
    person: &Person,
    body: &Bytes,
) -> Result<Form, Box<HttpResponse>> {
    let form = Form::read(body);
    if person.sent(&form) && person.role().administers() {
        return Ok(form);
    }
    let answer = site.trouble(request, Some(person), StatusCode::FORBIDDEN, None);
    Err(Box::new(answer))
}

/// Who is signed in at this browser, if anybody is.
pub(crate) async fn signed_in(
    site: &Site,
    request: &HttpRequest,
) -> Result<Option<SignedIn>, app::Error> {
    match request.cookie(cookie_name(site)) {
        Some(cookie) => {
            let by_hand = !request.headers().contains_key(REFRESH);
            sign_in::current(&site.app, cookie.value(), by_hand).await
        }
        None => Ok(None),
    }
}

/// The person of an organization who is signed in at this browser, if one is.
pub(crate) async fn person(
    site: &Site,
    request: &HttpRequest,
) -> Result<Option<Person>, app::Error> {
    let signed_in = signed_in(site, request).await?;
    Ok(signed_in.and_then(|signed_in| {
        let organization = signed_in.organization.clone()?;
        Some(Person {
            signed_in,
            organization,
        })
    }))
}

impl FromRequest for Person {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let site = site(&request)?;
            let answer = match person(&site, &request).await {
                Ok(Some(person)) => return Ok(person),
                Ok(None) => turn_away(&site, &request).await,
                Err(error) => site.refuse(&request, None, &error),
            };
            Err(InternalError::from_response("not signed in", answer).into())
        })
    }
}

impl FromRequest for OperatorPerson {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let site = site(&request)?;
            let answer = match signed_in(&site, &request).await {
                Ok(Some(signed_in)) if signed_in.user.role == Role::Operator => {
                    return Ok(Self { signed_in });
                }
                Ok(Some(_)) => no_operator(&site, &request).await,
                Ok(None) => go_to(&sign_in_href(&request)),
                Err(error) => site.refuse(&request, None, &error),
            };
            Err(InternalError::from_response("no operator is signed in", answer).into())
        })
    }
}

fn site(request: &HttpRequest) -> Result<Data<Site>, actix_web::Error> {
    let site = request.app_data::<Data<Site>>().cloned();
    site.ok_or_else(|| actix_web::error::ErrorInternalServerError("no site is mounted"))
}

async fn no_operator(site: &Site, request: &HttpRequest) -> HttpResponse {
    let words = "This page is for whoever runs this server. What your organization is connected to stands under Settings › Integrations.";
    let person = person(site, request).await.ok().flatten();
    let forbidden = actix_web::http::StatusCode::FORBIDDEN;
    site.trouble(request, person.as_ref(), forbidden, Some(words))
}

/// An operator belongs to no organization; everybody else is asked to sign in first.
async fn turn_away(site: &Site, request: &HttpRequest) -> HttpResponse {
    if let Ok(Some(_)) = signed_in(site, request).await {
        let words = "This is an operator's account: it belongs to no organization, so there are no candidates to show. \
                     Operators have pages of their own, and work with baton-admin and with the operator's part of /v1.";
        return site.trouble(
            request,
            None,
            actix_web::http::StatusCode::FORBIDDEN,
            Some(words),
        );
    }
    go_to(&sign_in_href(request))
}

/// The sign-in page that leads back here afterwards.
pub(crate) fn sign_in_href(request: &HttpRequest) -> String {
    let here = if request.method() == actix_web::http::Method::GET {
        request.path()
    } else {
        "/"
    };
    let next: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

/// `__Host-` keeps other hosts' cookies out, but needs https; on loopback there is none.
pub(crate) fn cookie_name(site: &Site) -> &'static str {
    if is_https(site) {
        "__Host-baton"
    } else {
        "baton"
    }
}

/// The session's cookie; an empty `token` takes it away.
pub(crate) fn cookie<'a>(site: &Site, token: &'a str) -> Cookie<'a> {
    let mut cookie = Cookie::build(cookie_name(site), token)
        .path("/")
        .http_only(true)
        // Strict would drop it on the way back from an ATS.
        .same_site(SameSite::Lax)
        .secure(is_https(site))
        .finish();
    if token.is_empty() {
        cookie.make_removal();
    }
    cookie
}

fn is_https(site: &Site) -> bool {
    site.app.config().public_url.scheme() == "https"
}
