//! **Log In to Lever**, and how that ended.

use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, MadeBy};
use domain::ConnectionKind;

use crate::routes::connect::{going, session_hash};
use crate::routes::person::{Person, form_of_administrator};
use crate::routes::site::Site;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/settings/integrations/lever/log-in").post(log_in));
}

/// What just became of the way to Lever and back.
pub(super) fn told(how: &str) -> Option<&'static str> {
    match how {
        "connected" => Some("Lever is connected."),
        "held" => Some("Lever answered for another account. Look at the card below."),
        _ => None,
    }
}

/// Answers with a page on the way to Lever: browsers drop a redirect to another site that answers a form.
async fn log_in(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    body: Bytes,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(&site, &request, &person, &body) {
        return *answer;
    }
    let (organization, kind) = (person.organization(), ConnectionKind::Lever);
    let made_by = MadeBy::Session(session_hash(&site, &request).unwrap_or_default());
    let url = site
        .acting(&request, Some(&person))
        .write(move |app, conn| connections::authorize(app, conn, organization, kind, &made_by))
        .await;
    let outcome = url.and_then(|url| going(&site, kind, url.as_str()));
    site.answer(&request, Some(&person), outcome)
}
