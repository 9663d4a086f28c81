//! Trigger stages: chosen from Lever's own, and removed.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections;
use app::{App, Error, Result};
use domain::{ConnectionKind, OrganizationId, TriggerStageId};

use super::{HERE, back};
use crate::confirm::ConfirmPage;
use crate::dashboard::{AddTriggerStagePage, Section, StageChoice, StageView};
use crate::html;
use crate::routes::person::{Person, form_of_administrator};
use crate::routes::site::{Site, sentence};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/settings/integrations/lever/trigger-stages/add").get(choose))
        .service(web::resource("/settings/integrations/lever/trigger-stages").post(add))
        .service(
            web::resource("/settings/integrations/lever/trigger-stages/{id}/remove").post(remove),
        );
}

/// A page; with scripts it is shown as a dialog on the page of integrations.
async fn choose(site: Data<Site>, request: HttpRequest, person: Person) -> HttpResponse {
    if !person.role().administers() {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let outcome = choices(&site, &person, None).await;
    let outcome = outcome.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, Some(&person), outcome)
}

async fn choices(
    site: &Site,
    person: &Person,
    error: Option<String>,
) -> Result<AddTriggerStagePage> {
    let found = connections::stages(&site.app, person.organization()).await?;
    let choice = |stage: connections::StageChoice| StageChoice {
        id: stage.id,
        name: stage.name,
        chosen: stage.is_trigger,
    };
    Ok(AddTriggerStagePage {
        frame: person.frame(site, Section::Integrations),
        stages: found.into_iter().map(choice).collect(),
        error,
    })
}

async fn add(site: Data<Site>, request: HttpRequest, person: Person, body: Bytes) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let app = site.acting(&request, Some(&person));
    let stage = form.get("stage_id").to_owned();
    let outcome = if stage.is_empty() {
        Err(Error::fault("stage_id", "is missing: choose a stage"))
    } else {
        add_here(&app, person.organization(), &stage).await
    };
    let outcome = match outcome {
        Ok(()) => Ok(back(ConnectionKind::Lever)),
        Err(Error::Unprocessable(faults)) => {
            let why = faults.first().map(|fault| sentence(&fault.problem));
            let again = choices(&site, &person, why).await;
            again.map(|page| html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

/// Whoever is moved there from now on, by Lever's clock, is invited.
async fn add_here(app: &App, organization: OrganizationId, stage: &str) -> Result<()> {
    let found = connections::find_stage(app, organization, stage).await?;
    app.write(move |app, conn| {
        connections::add_trigger_stage(app, conn, organization, &found).map(|_| ())
    })
    .await
}

async fn remove(
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
    let organization = person.organization();
    let outcome = match id.parse::<TriggerStageId>() {
        Err(_) => Err(Error::NotFound("trigger stage")),
        Ok(stage) if form.is_confirmed() => site
            .acting(&request, Some(&person))
            .write(move |app, conn| {
                connections::remove_trigger_stage(app, conn, organization, stage)
            })
            .await
            .map(|_| back(ConnectionKind::Lever)),
        Ok(stage) => ask(&site, &person, stage).await,
    };
    site.answer(&request, Some(&person), outcome)
}

/// For browsers without scripts; with them, a dialog asks.
async fn ask(site: &Site, person: &Person, id: TriggerStageId) -> Result<HttpResponse> {
    let organization = person.organization();
    let stages = site
        .app
        .read(move |_, conn| connections::trigger_stages(conn, organization))
        .await?;
    let stage = stages
        .into_iter()
        .find(|stage| stage.id == id)
        .ok_or(Error::NotFound("trigger stage"))?;
    let stage = StageView {
        id: id.to_string(),
        name: stage.name,
        missing: stage.missing,
        since: None,
    };
    let frame = person.frame(site, Section::Integrations);
    let action = format!("{HERE}/lever/trigger-stages/{id}/remove");
    let page = ConfirmPage::integration(frame, stage.removal(), action);
    Ok(html::answer(StatusCode::OK, &page))
}
