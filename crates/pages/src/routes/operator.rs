//! Operator › Requests: what organizations ask for, and **Fulfil**.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::connections::{self, AskedBy, OpenRequest};
use app::{Error, Page, Result};
use chrono::{DateTime, Utc};
use domain::{ConnectionKind, OrganizationId};
use serde::Deserialize;

use super::assessments::{ROWS, next_cursor, rows};
use super::form::Form;
use super::person::OperatorPerson;
use super::site::{Site, go_to};
use crate::badge::Tone;
use crate::confirm::ConfirmPage;
use crate::dashboard::{Button, Question, RequestRow, RequestsPage};
use crate::html;
use crate::parts::Remark;
use crate::when::When;

/// The list: an operator's first page.
pub(crate) const REQUESTS: &str = "/operator/requests";

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/operator/requests", web::get().to(list))
        .service(web::resource("/operator/requests/{organization}/{kind}/fulfil").post(fulfil));
}

/// What stands in the list's address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    cursor: String,
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    operator: OperatorPerson,
    asked: Query<Asked>,
) -> HttpResponse {
    let outcome = page(&site, &operator, &asked.cursor).await;
    site.answer(&request, None, outcome)
}

async fn page(site: &Site, operator: &OperatorPerson, cursor: &str) -> Result<HttpResponse> {
    let page = Page {
        limit: ROWS + 1,
        before: cursor.parse().ok(),
    };
    let read = site
        .app
        .read(move |_, conn| connections::open_requests(conn, page));
    let found = read.await?;
    let next = next_cursor(&found, |open| open.requested.connection.id.into());
    let now = site.app.now();
    let page = RequestsPage {
        frame: operator.frame(site),
        rows: found
            .iter()
            .take(rows())
            .map(|open| row(open, now))
            .collect(),
        next_href: next.map(|cursor| format!("{REQUESTS}?cursor={cursor}")),
    };
    Ok(html::answer(StatusCode::OK, &page))
}

fn row(open: &OpenRequest, now: DateTime<Utc>) -> RequestRow {
    let record = &open.requested.connection;
    let organization = &open.requested.organization_name;
    RequestRow {
        organization: organization.clone(),
        asked_by: open.asked_by.as_ref().map(asker),
        what: record.kind.title(),
        remark: remark(open),
        when: record.requested_at.map(|at| When::new(at, now)),
        fulfil: button(open),
    }
}

fn asker(asked_by: &AskedBy) -> String {
    match asked_by {
        AskedBy::Person(email) => email.clone(),
        AskedBy::Program(name) => format!("A program, with the key {name}"),
    }
}

/// What to know before it is fulfilled.
fn remark(open: &OpenRequest) -> Option<Remark> {
    let (tone, text) = match (open.requested.connection.kind, account(open)) {
        (_, Some(account)) => (
            Tone::Warn,
            format!(
                "They logged in as {account}, an account that another organization is connected to already."
            ),
        ),
        (ConnectionKind::GreenhouseAssessment, _) => (
            Tone::Quiet,
            "It also needs a key: baton-admin api-key create makes one.".to_owned(),
        ),
        (ConnectionKind::Lever | ConnectionKind::GreenhouseHarvest, None) => return None,
    };
    Some(Remark::new(tone, text))
}

/// What people call the account that waits, where one does.
fn account(open: &OpenRequest) -> Option<String> {
    let held = open.held.as_ref()?;
    let name = held.name.clone().or_else(|| held.id.clone());
    Some(name.unwrap_or_else(|| "somebody who was not named".to_owned()))
}

fn button(open: &OpenRequest) -> Button {
    let record = &open.requested.connection;
    let button = Button::post("Fulfil", action(record.organization, record.kind))
        .of(&open.requested.organization_name);
    match account(open) {
        Some(_) => button.asking(question(open)),
        None => button,
    }
}

fn action(organization: OrganizationId, kind: ConnectionKind) -> String {
    format!("{REQUESTS}/{organization}/{}/fulfil", kind.as_str())
}

/// What is asked before an account is let through.
fn question(open: &OpenRequest) -> Question {
    let record = &open.requested.connection;
    let (organization, ats) = (&open.requested.organization_name, record.kind.title());
    let account = account(open).unwrap_or_default();
    Question {
        id: format!("let-through-{}", record.id),
        heading: format!("Connect {organization} with this account?"),
        consequence: format!(
            "{organization} will read and write in the account of {account} at {ats}, beside the organization that is connected to it already. Do it only where both belong together."
        ),
        yes: "Fulfil",
        no: "Not now",
    }
}

async fn fulfil(
    site: Data<Site>,
    request: HttpRequest,
    operator: OperatorPerson,
    named: Path<(String, String)>,
    body: Bytes,
) -> HttpResponse {
    let form = Form::read(&body);
    if !operator.sent(&form) {
        return site.trouble(&request, None, StatusCode::FORBIDDEN, None);
    }
    let outcome = match read(&named) {
        Ok((organization, kind)) => {
            fulfil_here(&site, &request, &operator, (organization, kind), &form).await
        }
        Err(error) => Err(error),
    };
    site.answer(&request, None, outcome)
}

fn read((organization, kind): &(String, String)) -> Result<(OrganizationId, ConnectionKind)> {
    let organization = organization
        .parse()
        .ok()
        .ok_or(Error::NotFound("organization"))?;
    let kind = ConnectionKind::parse(kind).ok_or(Error::NotFound("connection"))?;
    Ok((organization, kind))
}

/// Asks first where an account is let through that is connected already.
async fn fulfil_here(
    site: &Site,
    request: &HttpRequest,
    operator: &OperatorPerson,
    (organization, kind): (OrganizationId, ConnectionKind),
    form: &Form,
) -> Result<HttpResponse> {
    let read = site
        .app
        .read(move |_, conn| connections::open_request(conn, organization, kind));
    let open = read.await?;
    if let Some(open) = open.filter(|open| open.held.is_some() && !form.is_confirmed()) {
        let (frame, action) = (operator.frame(site), action(organization, kind));
        let page = ConfirmPage::request(frame, question(&open), action);
        return Ok(html::answer(StatusCode::OK, &page));
    }
    site.acting_for(request, Some(operator.signed_in.user.id))
        .write(move |app, conn| connections::fulfil(app, conn, organization, kind))
        .await?;
    Ok(go_to(REQUESTS))
}
