//! Signing in and out, and choosing a password.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::{Error, sign_in};
use domain::Role;
use serde::Deserialize;
use vault::SecretToken;

use super::form::Form;
use super::operator::REQUESTS;
use super::person::{cookie, cookie_name, sign_in_href, signed_in};
use super::site::{Site, go_to, sentence};
use crate::account::{SetupPage, SignInPage, password_errors};
use crate::html;
use crate::parts::{ErrorSummary, FieldError};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(home))
        .service(
            web::resource("/sign-in")
                .get(sign_in_page)
                .post(sign_in_here),
        )
        .route("/sign-out", web::post().to(sign_out))
        .service(web::resource("/setup/{token}").get(setup_page).post(set_up));
}

/// Everybody's first page.
async fn home(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    match signed_in(&site, &request).await {
        Ok(Some(who)) if who.user.role == Role::Operator => go_to(REQUESTS),
        Ok(Some(_)) => go_to("/candidates"),
        Ok(None) => go_to(&sign_in_href(&request)),
        Err(error) => site.refuse(&request, None, &error),
    }
}

#[derive(Debug, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn sign_in_page(site: Data<Site>, query: Query<Next>) -> HttpResponse {
    html::answer(StatusCode::OK, &empty(&site, &query.next))
}

fn empty(site: &Site, next: &str) -> SignInPage {
    SignInPage {
        platform: site.platform(),
        next: ours(next),
        email: String::new(),
        errors: ErrorSummary::default(),
        notice: None,
    }
}

/// Only a path of this site: it starts with one `/`.
fn ours(next: &str) -> String {
    let path =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if path {
        next.to_owned()
    } else {
        "/".to_owned()
    }
}

async fn sign_in_here(site: Data<Site>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form = Form::read(&body);
    let (email, next) = (form.get("email"), form.get("next"));
    if let Err(wait) = site.count_sign_in(email) {
        let mut answer = site.trouble(&request, None, StatusCode::TOO_MANY_REQUESTS, None);
        let seconds = wait.as_secs() + 1;
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        return answer;
    }
    let app = site.acting(&request, None);
    match sign_in::sign_in(&app, email, form.get("password")).await {
        Ok(token) => enter(&site, &token, &ours(next)),
        Err(Error::Unauthorized) => {
            let page = empty(&site, next).refused(email);
            html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => site.refuse(&request, None, &error),
    }
}

fn enter(site: &Site, token: &SecretToken, next: &str) -> HttpResponse {
    let mut answer = go_to(next);
    if answer.add_cookie(&cookie(site, token.expose())).is_err() {
        return HttpResponse::InternalServerError().finish();
    }
    answer
}

async fn sign_out(site: Data<Site>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form = Form::read(&body);
    let known = signed_in(&site, &request).await;
    let genuine =
        matches!(&known, Ok(Some(who)) if vault::same_secret(&who.csrf, form.get("csrf")));
    if let (true, Some(cookie)) = (genuine, request.cookie(cookie_name(&site)))
        && let Err(error) = sign_in::sign_out(&site.app, cookie.value()).await
    {
        return site.refuse(&request, None, &error);
    }
    let mut answer = go_to("/sign-in");
    if genuine {
        // A removal has a fixed form that fits into a header.
        let _ = answer.add_cookie(&cookie(&site, ""));
    }
    answer
}

async fn setup_page(site: Data<Site>, request: HttpRequest, token: Path<String>) -> HttpResponse {
    let page = setup(&site, &token, Vec::new()).await;
    let outcome = page.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, None, outcome)
}

async fn setup(site: &Site, token: &str, errors: Vec<FieldError>) -> Result<SetupPage, Error> {
    let link = token.to_owned();
    let (user, organization) = site
        .app
        .read(move |app, conn| {
            let user = sign_in::of_setup_link(app, conn, &link)?;
            let organization = match user.organization {
                Some(id) => Some(app::organizations::find(conn, id)?.organization.name),
                None => None,
            };
            Ok((user, organization))
        })
        .await?;
    Ok(SetupPage {
        platform: site.platform(),
        action: format!("/setup/{token}"),
        email: user.email,
        organization,
        errors: ErrorSummary { errors },
    })
}

async fn set_up(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = Form::read(&body);
    let password = form.get("password");
    let errors = password_errors(password, form.get("repeated"));
    if !errors.is_empty() {
        return setup_again(&site, &request, &token, errors).await;
    }
    let app = site.acting(&request, None);
    match sign_in::choose_password(&app, &token, password).await {
        Ok(session) => enter(&site, &session, "/"),
        Err(Error::Unprocessable(faults)) => {
            let errors = faults
                .iter()
                .map(|fault| {
                    let message = sentence(&format!("{} {}", fault.field, fault.problem));
                    FieldError::new(&fault.field, message)
                })
                .collect();
            setup_again(&site, &request, &token, errors).await
        }
        Err(error) => site.refuse(&request, None, &error),
    }
}

async fn setup_again(
    site: &Site,
    request: &HttpRequest,
    token: &str,
    errors: Vec<FieldError>,
) -> HttpResponse {
    let page = setup(site, token, errors).await;
    let outcome = page.map(|page| html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    site.answer(request, None, outcome)
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn sign_in_leads_to_no_other_site() {
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "x",
        ] {
            assert_eq!(ours(foreign), "/");
        }
        assert_eq!(ours("/results/1"), "/results/1");
    }
}
