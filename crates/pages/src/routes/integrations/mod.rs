//! Settings › Integrations, and what its buttons do. Everybody of an organization sees it; owners and admins change it.

mod activity;
mod card;
mod harvest_settings;
mod log_in;
mod settings;
mod stages;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, ConnectionView};
use app::{AnyConnection, App, Error, Result};
use domain::{ConnectionKind, OrganizationId};
use serde::Deserialize;

use super::person::{Person, form_of_administrator};
use super::site::{Site, go_to};
use crate::confirm::ConfirmPage;
use crate::dashboard::{IntegrationsPage, Section};
use crate::html;
use card::{Cards, disconnect_question, rank};

/// Where all of it lives.
const HERE: &str = "/settings/integrations";

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/settings/integrations", web::get().to(list))
        .service(web::resource("/settings/integrations/{kind}/disconnect").post(disconnect))
        .service(web::resource("/settings/integrations/{kind}/request").post(request))
        .service(
            web::resource("/settings/integrations/{kind}/confirm-account").post(confirm_account),
        )
        .configure(log_in::routes)
        .configure(harvest_settings::routes)
        .configure(stages::routes)
        .configure(settings::routes)
        .configure(activity::routes);
}

/// How the way to an ATS and back ended.
#[derive(Debug, Default, Deserialize)]
struct Told {
    #[serde(default)]
    told: String,
    /// The kind of connection it was about.
    #[serde(default)]
    of: String,
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    told: Query<Told>,
) -> HttpResponse {
    let outcome = page(&site, &person, &told).await;
    site.answer(&request, Some(&person), outcome)
}

async fn page(site: &Site, person: &Person, told: &Told) -> Result<HttpResponse> {
    let organization = person.organization();
    let mut views = connections::list(&site.app, organization).await?;
    views.sort_by_key(rank);
    let (stages, last) = site
        .app
        .read(move |_, conn| {
            let stages = connections::trigger_stages(conn, organization)?;
            let last = activity::newest(conn, organization)?;
            Ok((stages, last))
        })
        .await?;
    let cards = Cards {
        may_change: person.role().administers(),
        csrf: &person.signed_in.csrf,
        stages: &stages,
        last: last.as_ref(),
        reconcile: site.app.config().lever.reconcile,
        now: site.app.now(),
    };
    let mut frame = person.frame(site, Section::Integrations);
    frame.toast = log_in::told(&told.told, &told.of).map(str::to_owned);
    let page = IntegrationsPage {
        frame,
        cards: views.iter().map(|view| cards.card(view)).collect(),
    };
    Ok(html::answer(StatusCode::OK, &page))
}

/// The page where a change can be seen.
fn back(kind: ConnectionKind) -> HttpResponse {
    go_to(&format!("{HERE}#{}", kind.as_str()))
}

fn kind_of(text: &str) -> Result<ConnectionKind> {
    ConnectionKind::parse(text).ok_or(Error::NotFound("connection"))
}

async fn disconnect(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    kind: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let outcome = match kind_of(&kind) {
        Ok(kind) if form.is_confirmed() => {
            let app = site.acting(&request, Some(&person));
            let done = connections::disconnect(&app, person.organization(), kind).await;
            done.map(|()| back(kind))
        }
        Ok(kind) => Ok(ask(&site, &person, kind)),
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

fn ask(site: &Site, person: &Person, kind: ConnectionKind) -> HttpResponse {
    let frame = person.frame(site, Section::Integrations);
    let action = format!("{HERE}/{}/disconnect", kind.as_str());
    let page = ConfirmPage::integration(frame, disconnect_question(kind), action);
    html::answer(StatusCode::OK, &page)
}

/// What one button does to one connection.
type Change = fn(&App, &mut AnyConnection, OrganizationId, ConnectionKind) -> Result<()>;

async fn request(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    kind: Path<String>,
    body: Bytes,
) -> HttpResponse {
    change(&site, &request, &person, &kind, &body, connections::request).await
}

async fn confirm_account(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    kind: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let confirm = connections::confirm_account;
    change(&site, &request, &person, &kind, &body, confirm).await
}

async fn change(
    site: &Site,
    request: &HttpRequest,
    person: &Person,
    kind: &str,
    body: &Bytes,
    change: Change,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(site, request, person, body) {
        return *answer;
    }
    let organization = person.organization();
    let outcome = match kind_of(kind) {
        Ok(kind) => site
            .acting(request, Some(person))
            .write(move |app, conn| change(app, conn, organization, kind))
            .await
            .map(|()| back(kind)),
        Err(error) => Err(error),
    };
    site.answer(request, Some(person), outcome)
}

/// An organization's connection of one kind.
pub(in crate::routes) async fn view_of(
    site: &Site,
    person: &Person,
    kind: ConnectionKind,
) -> Result<ConnectionView> {
    let views = connections::list(&site.app, person.organization()).await?;
    let found = views.into_iter().find(|view| view.kind == kind);
    found.ok_or(Error::NotFound("connection"))
}
