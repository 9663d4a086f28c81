//! **Log In to Lever** and **Connect to Greenhouse**, and how that ended.

use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, MadeBy};
use domain::ConnectionKind;

use super::kind_of;
use crate::routes::connect::{going, session_hash};
use crate::routes::person::{Person, form_of_administrator};
use crate::routes::site::Site;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/settings/integrations/{kind}/log-in").post(log_in));
}

/// What just became of the way to an ATS and back.
pub(super) fn told(how: &str, kind: &str) -> Option<&'static str> {
    let is_lever = ConnectionKind::parse(kind) == Some(ConnectionKind::Lever);
    match (how, is_lever) {
        ("connected", true) => Some("Lever is connected."),
        ("connected", false) => Some("Greenhouse is connected."),
        ("held", true) => Some("Lever answered for another account. Look at the card below."),
        ("held", false) => {
            Some("Greenhouse answered for another organization. Look at the card below.")
        }
        _ => None,
    }
}

/// Answers with a page on the way to the ATS: browsers drop a redirect to another site that answers a form.
async fn log_in(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    kind: Path<String>,
    body: Bytes,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(&site, &request, &person, &body) {
        return *answer;
    }
    let outcome = match kind_of(&kind) {
        Ok(kind) => way(&site, &request, &person, kind).await,
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn way(
    site: &Site,
    request: &HttpRequest,
    person: &Person,
    kind: ConnectionKind,
) -> app::Result<HttpResponse> {
    let organization = person.organization();
    let made_by = MadeBy::Session(session_hash(site, request).unwrap_or_default());
    let url = site
        .acting(request, Some(person))
        .write(move |app, conn| connections::authorize(app, conn, organization, kind, &made_by))
        .await?;
    going(site, kind, url.as_str())
}
