//! To whom what Baton writes in Greenhouse is attributed.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, HarvestChange, WebhookState};
use app::{Error, Result};
use domain::{ConnectionKind, HarvestSettings};
use secrecy::ExposeSecret;

use super::{back, view_of};
use crate::dashboard::{HarvestSettingsPage, Section, WebhookSecretPage};
use crate::html;
use crate::parts::Copy;
use crate::routes::person::{Person, form_of_administrator};
use crate::routes::site::{Site, sentence};

const KIND: ConnectionKind = ConnectionKind::GreenhouseHarvest;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/settings/integrations/greenhouse_harvest/settings")
                .get(show)
                .post(change),
        )
        .service(
            web::resource("/settings/integrations/greenhouse_harvest/webhook-secret")
                .post(make_secret),
        );
}

async fn show(site: Data<Site>, request: HttpRequest, person: Person) -> HttpResponse {
    if !person.role().administers() {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let outcome = match current(&site, &person).await {
        Ok(settings) => {
            let entered = settings.created_by_email.unwrap_or_default();
            let page = page(&site, &person, entered, None).await;
            page.map(|page| html::answer(StatusCode::OK, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn make_secret(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    body: Bytes,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(&site, &request, &person, &body) {
        return *answer;
    }
    let organization = person.organization();
    let made = site
        .acting(&request, Some(&person))
        .write(move |app, conn| connections::make_webhook_secret(app, conn, organization))
        .await;
    let outcome = match made {
        Ok(made) => {
            let page = WebhookSecretPage {
                frame: person.frame(&site, Section::Integrations),
                url: Copy::new("Endpoint URL", made.url.as_str()),
                secret: Copy::new("Secret key", made.secret.expose_secret()),
            };
            Ok(html::answer(StatusCode::OK, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn current(site: &Site, person: &Person) -> Result<HarvestSettings> {
    let view = view_of(site, person, KIND).await?;
    let settings = serde_json::from_value(view.settings);
    settings.map_err(|_| Error::Internal("the settings of a connection are an object of their own"))
}

async fn page(
    site: &Site,
    person: &Person,
    created_by_email: String,
    error: Option<String>,
) -> Result<HarvestSettingsPage> {
    let webhook = view_of(site, person, KIND).await?.webhook;
    Ok(HarvestSettingsPage {
        frame: person.frame(site, Section::Integrations),
        has_secret: webhook.state != WebhookState::None,
        created_by_email,
        error,
    })
}

async fn change(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let entered = form.get("created_by_email").trim().to_owned();
    let app = site.acting(&request, Some(&person));
    let change = HarvestChange {
        created_by_email: Some((!entered.is_empty()).then(|| entered.clone())),
    };
    let outcome = match connections::change_harvest(&app, person.organization(), change).await {
        Ok(_) => Ok(back(KIND)),
        Err(Error::Unprocessable(faults)) => {
            let why = faults
                .first()
                .map(|fault| format!("This {}.", fault.problem));
            let page = page(&site, &person, entered, why).await;
            page.map(|page| html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error @ (Error::FarSide { .. } | Error::Conflict { .. })) => {
            let page = page(&site, &person, entered, Some(sentence(&error.to_string()))).await;
            page.map(|page| html::answer(StatusCode::CONFLICT, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}
