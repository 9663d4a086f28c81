//! The way back from an ATS, and connect links.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::Error;
use app::connections::{self, Callback, Finished, Outcome};
use domain::ConnectionKind;
use serde::Deserialize;
use vault::token_hash;

use super::form::Form;
use super::person::{cookie_name, person};
use super::site::{Site, go_to, sentence};
use crate::connect::{Between, GoingPage, LinkPage, ToldPage};
use crate::html;
use crate::link::WebHref;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/oauth/lever/callback", web::get().to(back_from_lever))
        .service(web::resource("/oauth/greenhouse/callback").get(back_from_greenhouse))
        .route("/oauth/undo", web::post().to(undo))
        .service(
            web::resource("/connect/{token}")
                .get(link_page)
                .post(follow_link),
        );
}

/// What an ATS sends along.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Brought {
    state: String,
    code: Option<String>,
    error: Option<String>,
}

async fn back_from_lever(
    site: Data<Site>,
    request: HttpRequest,
    brought: Query<Brought>,
) -> HttpResponse {
    back_from(ConnectionKind::Lever, &site, &request, brought.into_inner()).await
}

async fn back_from_greenhouse(
    site: Data<Site>,
    request: HttpRequest,
    brought: Query<Brought>,
) -> HttpResponse {
    let kind = ConnectionKind::GreenhouseHarvest;
    back_from(kind, &site, &request, brought.into_inner()).await
}

async fn back_from(
    kind: ConnectionKind,
    site: &Site,
    request: &HttpRequest,
    brought: Brought,
) -> HttpResponse {
    let callback = Callback {
        state: brought.state,
        code: brought.code,
        error: brought.error,
    };
    let session = session_hash(site, request);
    let known = person(site, request).await.ok().flatten();
    let app = site.acting(request, known.as_ref());
    match connections::finish(&app, kind, &callback, session.as_deref()).await {
        Ok(finished) => told(site, finished),
        Err(Error::NotFound(_)) => {
            let page = ToldPage::over(site.platform(), kind.title(), known.is_some());
            html::answer(StatusCode::BAD_REQUEST, &page)
        }
        Err(error) => site.refuse(request, known.as_ref(), &error),
    }
}

/// SHA-256 of the session's token, to which a way that was opened at the dashboard is bound.
pub(crate) fn session_hash(site: &Site, request: &HttpRequest) -> Option<Vec<u8>> {
    let cookie = request.cookie(cookie_name(site))?;
    Some(token_hash(cookie.value()).to_vec())
}

fn told(site: &Site, finished: Finished) -> HttpResponse {
    let ats = finished.kind.title();
    let between = |account: Option<String>| Between {
        organization: finished.organization_name.clone(),
        ats,
        account: account.unwrap_or_else(|| "an account that was not named".to_owned()),
    };
    let page = match finished.outcome {
        Outcome::Connected { .. } if finished.in_dashboard => {
            return go_to(&integrations("connected", finished.kind));
        }
        Outcome::Held { .. } if finished.in_dashboard => {
            return go_to(&integrations("held", finished.kind));
        }
        Outcome::Connected {
            account,
            undo,
            has_webhook,
        } => {
            let undo = undo.map(|token| token.expose().to_owned());
            ToldPage::connected(site.platform(), between(account), undo, has_webhook)
        }
        Outcome::Held { why, account } => ToldPage::held(site.platform(), between(account), why),
        Outcome::Refused(why) => {
            let why = sentence(&why);
            ToldPage::refused(site.platform(), ats, &why, finished.in_dashboard)
        }
    };
    html::answer(StatusCode::OK, &page)
}

/// The page of integrations, which says how it ended.
fn integrations(how: &str, kind: ConnectionKind) -> String {
    format!("/settings/integrations?told={how}&of={}", kind.as_str())
}

async fn undo(site: Data<Site>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form = Form::read(&body);
    let app = site.acting(&request, None);
    let outcome = connections::undo(&app, form.get("token")).await;
    let page = outcome.map(|(kind, organization)| {
        let page = ToldPage::undone(site.platform(), kind.title(), &organization);
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, None, page)
}

async fn link_page(site: Data<Site>, request: HttpRequest, token: Path<String>) -> HttpResponse {
    let token = token.into_inner();
    let action = format!("/connect/{token}");
    let found = site
        .app
        .read(move |app, conn| connections::open_link(app, conn, &token))
        .await;
    let page = found.map(|link| {
        let page = LinkPage {
            platform: site.platform(),
            organization: link.organization_name,
            action,
            choices: link.kinds.into_iter().map(Into::into).collect(),
        };
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, None, page)
}

async fn follow_link(
    site: Data<Site>,
    request: HttpRequest,
    token: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let (token, form) = (token.into_inner(), Form::read(&body));
    let kind = ConnectionKind::parse(form.get("kind")).unwrap_or(ConnectionKind::Lever);
    let app = site.acting(&request, None);
    let url = app
        .write(move |app, conn| connections::follow_link(app, conn, &token, kind))
        .await;
    site.answer(
        &request,
        None,
        url.and_then(|url| going(&site, kind, url.as_str())),
    )
}

/// The answer to a button that leads to an ATS.
pub(crate) fn going(site: &Site, kind: ConnectionKind, url: &str) -> Result<HttpResponse, Error> {
    let href = WebHref::new(url).ok_or(Error::Internal("an ATS has a web address"))?;
    let page = GoingPage {
        platform: site.platform(),
        ats: kind.title(),
        href,
    };
    Ok(html::answer(StatusCode::OK, &page))
}
