//! How Baton writes in Lever.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, LeverChange, LeverUser};
use app::{Error, Result};
use domain::{ConnectionKind, LeverSettings};

use super::{back, view_of};
use crate::dashboard::{LeverSettingsPage, Section, UserChoice};
use crate::html;
use crate::routes::form::Form;
use crate::routes::person::{Person, form_of_administrator};
use crate::routes::site::{Site, sentence};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/settings/integrations/lever/settings")
            .get(show)
            .post(change),
    );
}

async fn show(site: Data<Site>, request: HttpRequest, person: Person) -> HttpResponse {
    if !person.role().administers() {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let settings = current(&site, &person).await;
    let outcome = match settings {
        Ok(settings) => {
            let page = page(&site, &person, &settings, None).await;
            Ok(html::answer(StatusCode::OK, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn current(site: &Site, person: &Person) -> Result<LeverSettings> {
    let view = view_of(site, person, ConnectionKind::Lever).await?;
    let settings = serde_json::from_value(view.settings);
    settings.map_err(|_| Error::Internal("the settings of a connection are an object of their own"))
}

async fn page(
    site: &Site,
    person: &Person,
    settings: &LeverSettings,
    error: Option<String>,
) -> LeverSettingsPage {
    let (users, users_missing) =
        match connections::lever_users(&site.app, person.organization()).await {
            Ok(users) => (users, None),
            Err(error) => (Vec::new(), Some(sentence(&error.to_string()))),
        };
    LeverSettingsPage {
        frame: person.frame(site, Section::Integrations),
        users: choices(users, settings.perform_as.as_deref()),
        users_missing,
        note_secret: settings.note_secret,
        note_notify: settings.note_notify,
        error,
    }
}

/// Lever's users, and the one chosen even where Lever does not list them any more.
fn choices(users: Vec<LeverUser>, chosen: Option<&str>) -> Vec<UserChoice> {
    let mut choices: Vec<UserChoice> = users
        .into_iter()
        .map(|user| UserChoice {
            chosen: Some(user.id.as_str()) == chosen,
            id: user.id,
            name: user.name,
        })
        .collect();
    if let Some(gone) = chosen.filter(|_| choices.iter().all(|choice| !choice.chosen)) {
        choices.push(UserChoice {
            id: gone.to_owned(),
            name: "As before (not among Lever's active users)".to_owned(),
            chosen: true,
        });
    }
    choices
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
    let wanted = entered(&form);
    let app = site.acting(&request, Some(&person));
    let change = LeverChange {
        perform_as: Some(wanted.perform_as.clone()),
        note_secret: Some(wanted.note_secret),
        note_notify: Some(wanted.note_notify),
    };
    let outcome = match connections::change_lever(&app, person.organization(), change).await {
        Ok(_) => Ok(back(ConnectionKind::Lever)),
        Err(Error::Unprocessable(faults)) => {
            let why = faults.first().map(|fault| sentence(&fault.problem));
            let page = page(&site, &person, &wanted, why).await;
            Ok(html::answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

fn entered(form: &Form) -> LeverSettings {
    let author = form.get("perform_as");
    LeverSettings {
        perform_as: (!author.is_empty()).then(|| author.to_owned()),
        note_secret: form.get("note_secret") == "yes",
        note_notify: form.get("note_notify") == "yes",
    }
}
