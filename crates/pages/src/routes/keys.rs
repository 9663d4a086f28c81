//! The list of API keys.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::{Page, api_keys, greenhouse};
use chrono::{DateTime, Utc};
use domain::ApiKeyKind;

use super::person::Person;
use super::site::Site;
use super::timeline;
use crate::badge::{Badge, Shape, Tone};
use crate::dashboard::{ApiKeyRow, ApiKeysPage, Section, key_words};
use crate::html;
use crate::when::When;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/settings/api-keys", web::get().to(list));
}

async fn list(site: Data<Site>, request: HttpRequest, person: Person) -> HttpResponse {
    if !person.role().administers() {
        return site.trouble(&request, Some(&person), StatusCode::FORBIDDEN, None);
    }
    let organization = person.organization();
    let page = Page {
        limit: 100,
        before: None,
    };
    let found = site
        .app
        .read(move |_, conn| {
            let keys = api_keys::list(conn, organization, page)?;
            let reports = greenhouse::response_errors(conn, organization, Page::default())?;
            Ok((keys, reports))
        })
        .await;
    let now = site.app.now();
    let outcome = found.map(|(found, reports)| {
        let page = ApiKeysPage {
            frame: person.frame(&site, Section::ApiKeys),
            rows: found.iter().map(|key| row(key, now)).collect(),
            reports: timeline::entries(&reports, now),
        };
        html::answer(StatusCode::OK, &page)
    });
    site.answer(&request, Some(&person), outcome)
}

fn row(key: &api_keys::ApiKeyRecord, now: DateTime<Utc>) -> ApiKeyRow {
    let prefix = match key.kind {
        ApiKeyKind::Platform => "bt",
        ApiKeyKind::GreenhouseAssessment => "gh",
    };
    ApiKeyRow {
        name: key.name.clone(),
        kind: key_words(key.kind),
        public_part: format!("{prefix}_{}…", key.public_id),
        state: state(key, now),
        created: When::new(key.created_at, now),
        last_used: key.last_used_at.map(|at| When::new(at, now)),
    }
}

fn state(key: &api_keys::ApiKeyRecord, now: DateTime<Utc>) -> Badge {
    match key.ends_at {
        None => Badge::new("Active", Shape::Check, Tone::Good),
        Some(end) if end > now => {
            let relative = When::new(end, now).relative;
            Badge::new(format!("Ends {relative}"), Shape::Clock, Tone::Warn)
        }
        Some(_) => Badge::new("Ended", Shape::Cross, Tone::Quiet),
    }
}
