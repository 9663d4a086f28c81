//! **Erase candidate**: a person is forgotten, everywhere.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::{Error, erasure};
use domain::InviteId;

use super::form::Form;
use super::person::{Person, form_of_administrator};
use super::results::fetch;
use super::site::{Site, go_to};
use crate::confirm::ConfirmPage;
use crate::dashboard::Section;
use crate::html;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/invites/{id}/erase", web::post().to(erase));
}

/// Whoever the invite asks, with all of their invites.
async fn erase(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let outcome = erase_here(&site, &request, &person, &id, &form).await;
    site.answer(&request, Some(&person), outcome)
}

async fn erase_here(
    site: &Site,
    request: &HttpRequest,
    person: &Person,
    id: &str,
    form: &Form,
) -> Result<HttpResponse, Error> {
    let invite: InviteId = id.parse().map_err(|_| Error::NotFound("invite"))?;
    let organization = person.organization();
    let (details, _) = fetch(site, organization, invite).await?;
    let record = &details.record;
    if !form.is_confirmed() {
        let frame = person.frame(site, Section::Candidates);
        let name = record.candidate.full_name();
        let page = ConfirmPage::erase(frame, &invite.to_string(), &name);
        return Ok(html::answer(StatusCode::OK, &page));
    }
    let app = site.acting(request, Some(person));
    erasure::erase(&app, organization, record.invite.candidate).await?;
    Ok(go_to(&format!("/invites/{invite}")))
}
