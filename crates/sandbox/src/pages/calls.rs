//! The log as pages.

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use super::{Data, Frame, Id, Page, page};
use crate::call_log::{Call, Direction};
use crate::refusal::Refusal;

/// Calls on the list.
const SHOWN: usize = 200;

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/calls", web::get().to(list))
        .route("/calls/{id}", web::get().to(show));
}

struct CallLine {
    sequence: u64,
    at: String,
    time: String,
    direction: String,
    name: String,
    method: String,
    url: String,
    path: String,
    status: String,
    tone: &'static str,
    milliseconds: u64,
    remarks: String,
}

#[derive(Template)]
#[template(path = "calls.html")]
struct CallsPage {
    frame: Frame,
    only: Option<u64>,
    calls: Vec<CallLine>,
}

#[derive(Deserialize)]
struct Only {
    take_home_test_id: Option<u64>,
}

async fn list(shared: Data, query: web::Query<Only>) -> Page {
    let only = query.take_home_test_id;
    let calls = shared.read(|world| {
        let calls = world.log.iter().rev();
        let wanted = calls.filter(|call| only.is_none() || call.take_home_test_id == only);
        wanted.take(SHOWN).map(line).collect()
    });
    page(&CallsPage {
        frame: Frame::live(&shared, "Calls"),
        only,
        calls,
    })
}

fn line(call: &Call) -> CallLine {
    let bad = !call.findings.errors.is_empty();
    let tone = match call.status {
        Some(200..=299) if !bad => "good",
        Some(300..=499) if !bad => "warn",
        _ => "bad",
    };
    CallLine {
        sequence: call.sequence,
        at: call.at.to_rfc3339(),
        time: call.at.format("%H:%M:%S%.3f").to_string(),
        direction: match call.direction {
            Direction::ToVendor => format!("{} → partner", call.ats.name()),
            Direction::FromVendor => format!("partner → {}", call.ats.name()),
        },
        name: call.call.clone(),
        method: call.method.clone(),
        url: call.url.clone(),
        path: path(&call.url),
        status: call
            .status
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
        tone,
        milliseconds: call.milliseconds,
        remarks: remarks(call),
    }
}

/// Path and query: on the list the host is always the same.
fn path(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(url) => url[url::Position::BeforePath..].to_owned(),
        Err(_) => url.to_owned(),
    }
}

fn remarks(call: &Call) -> String {
    let findings = call.findings.errors.iter().chain(&call.findings.warnings);
    let all: Vec<&str> = findings.chain(&call.note).map(String::as_str).collect();
    all.join("; ")
}

#[derive(Template)]
#[template(path = "call.html")]
struct CallPage {
    frame: Frame,
    call: CallLine,
    authorization: String,
    note: String,
    errors: Vec<String>,
    warnings: Vec<String>,
    request_body: String,
    response_body: String,
}

async fn show(shared: Data, id: Id) -> Page {
    let call = shared.read(|world| world.log.find(*id).cloned());
    let call = call.ok_or_else(|| Refusal::unknown("call", *id))?;
    page(&CallPage {
        frame: Frame::of(&shared, call.call.clone()),
        authorization: call
            .authorization
            .clone()
            .unwrap_or_else(|| "none sent".to_owned()),
        note: call.note.clone().unwrap_or_default(),
        errors: call.findings.errors.clone(),
        warnings: call.findings.warnings.clone(),
        request_body: pretty(call.request_body.as_deref()),
        response_body: pretty(call.response_body.as_deref()),
        call: line(&call),
    })
}

/// JSON indented, anything else as it came.
fn pretty(body: Option<&str>) -> String {
    let body = body.unwrap_or_default();
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(body);
    parsed
        .ok()
        .and_then(|value| serde_json::to_string_pretty(&value).ok())
        .unwrap_or_else(|| body.to_owned())
}
