//! Calls to the vendor: one place builds them, logs them, judges the answers and reports what was malformed.

use std::time::Instant;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use url::Url;

use super::basic;
use super::organization::{Dialect, Organization};
use super::recruiting::Application;
use super::validator::{self, Strictness, TestItem};
use super::wire::{self, KnownAtError};
use crate::call_log::{Ats, Call, Direction, Findings};
use crate::refusal::Refusal;
use crate::shared::Shared;

/// More of an answer is not read.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// One call to be made.
#[derive(Debug)]
pub(crate) struct Ask {
    /// Its name in error notices and in the log.
    pub(crate) call: &'static str,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Value>,
    pub(crate) organization_id: u64,
    pub(crate) take_home_test_id: Option<u64>,
}

/// Makes the call and gives back what is to be logged, judged by nobody yet.
///
/// # Errors
/// The organization has no key.
pub(crate) async fn ask(shared: &Shared, ask: Ask) -> Result<Call, Refusal> {
    let at = shared.now();
    let (key, dialect) = shared.read(|world| {
        let organization = world.organization(ask.organization_id)?;
        let key = organization.key_at(at).ok_or_else(not_connected)?;
        Ok((key.clone(), organization.dialect.clone()))
    })?;
    let authorization = basic::header(&key.0, "");
    let mut call = Call {
        sequence: 0,
        at,
        ats: Ats::Greenhouse,
        direction: Direction::ToVendor,
        call: ask.call.to_owned(),
        method: ask.method.to_string(),
        url: ask.url.to_string(),
        authorization: Some(basic::redacted(&authorization)),
        request_body: ask.body.as_ref().map(Value::to_string),
        status: None,
        response_body: None,
        milliseconds: 0,
        note: None,
        findings: Findings::default(),
        organization_id: Some(ask.organization_id),
        take_home_test_id: ask.take_home_test_id,
        account_id: None,
        opportunity_id: None,
    };
    let begun = Instant::now();
    let request = request(shared, ask, authorization, &dialect);
    match answer(request).await {
        Ok((status, body)) => (call.status, call.response_body) = (Some(status), Some(body)),
        Err(error) => call.note = Some(why_no_answer(&error)),
    }
    call.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(call)
}

fn request(shared: &Shared, ask: Ask, authorization: String, dialect: &Dialect) -> RequestBuilder {
    let request = shared
        .http
        .request(ask.method, ask.url)
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, &dialect.user_agent)
        .header(AUTHORIZATION, authorization);
    match ask.body {
        Some(body) => request
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string()),
        None => request,
    }
}

async fn answer(request: RequestBuilder) -> Result<(u16, String), reqwest::Error> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((status, limited_body(response).await?))
}

async fn limited_body(mut response: Response) -> Result<String, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= LONGEST_ANSWER {
            body.truncate(LONGEST_ANSWER);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Why a call has no answer, in words.
pub(crate) fn why_no_answer(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection: is the partner running at that address?"
    } else {
        "the connection broke before the answer was whole"
    };
    why.to_owned()
}

fn not_connected() -> Refusal {
    Refusal::Conflict(
        "The organization is not connected yet: enter the partner's base URL and its key first."
            .to_owned(),
    )
}

/// The vendor's URLs.
///
/// # Errors
/// None were entered yet.
pub(crate) fn endpoints(
    organization: &Organization,
) -> Result<&super::organization::Endpoints, Refusal> {
    organization.endpoints.as_ref().ok_or_else(not_connected)
}

/// How the organization's answers are judged.
pub(crate) fn rules(organization: &Organization) -> Strictness {
    Strictness {
        ids_must_be_strings: organization.strict,
        private_results_are_shown: organization.shows_private_results(),
    }
}

/// Runs a check over a 2xx answer; anything else is no answer to judge.
pub(crate) fn judge<T>(
    call: &Call,
    check: impl FnOnce(&str) -> (Findings, Option<T>),
) -> (Findings, Option<T>) {
    match (call.status, &call.response_body) {
        (Some(200..=299), Some(body)) => check(body),
        _ => (Findings::default(), None),
    }
}

/// Why a call brought nothing, in the recruiter's words; none when it was answered well.
pub(crate) fn failure(call: &Call) -> Option<String> {
    match (call.status, call.findings.errors.first()) {
        (None, _) => {
            let why = call.note.as_deref().unwrap_or("no answer");
            Some(format!("The partner could not be reached: {why}"))
        }
        (Some(200..=299), None) => None,
        (Some(200..=299), Some(error)) => {
            Some(format!("The partner's answer is malformed: {error}"))
        }
        (Some(401), _) => Some("The partner does not accept our key (401)".to_owned()),
        (Some(404), _) => Some("The partner does not know what we asked for (404)".to_owned()),
        (Some(status), _) => Some(format!("The partner answered {status}")),
    }
}

/// Warns when an error body repeats the key or who the candidate is.
pub(crate) fn warn_of_leaks(call: &mut Call, key: Option<&str>, candidate: Option<&Application>) {
    let Some(body) = call
        .response_body
        .as_ref()
        .filter(|_| call.status.is_some_and(|status| status >= 400))
    else {
        return;
    };
    let holds = |text: Option<&str>| {
        text.is_some_and(|text| text.chars().count() > 2 && body.contains(text))
    };
    let mut warnings = Vec::new();
    if holds(key) {
        warnings.push("the error body repeats the key");
    }
    if let Some(person) = candidate {
        if holds(person.email.as_deref()) {
            warnings.push("the error body repeats the candidate's e-mail address");
        }
        if holds(Some(&person.first_name)) || holds(Some(&person.last_name)) {
            warnings.push("the error body repeats the candidate's name");
        }
    }
    for warning in warnings {
        call.findings.warning(warning);
    }
}

/// Tells the vendor of a malformed answer, once; a failure of that is logged and left.
pub(crate) async fn report(shared: &Shared, call: &Call, known: KnownAtError) {
    let Some(organization_id) = call.organization_id else {
        return;
    };
    let Some((url, dialect, notify_failures)) = shared.read(|world| {
        let organization = world.organization(organization_id).ok()?;
        let url = organization.endpoints.as_ref()?.response_error.clone();
        Some((
            url,
            organization.dialect.clone(),
            organization.notify_failures,
        ))
    }) else {
        return;
    };
    let mut errors = call.findings.errors.clone();
    if let Some(failure) = failure(call).filter(|_| notify_failures && errors.is_empty()) {
        errors.push(failure);
    }
    if errors.is_empty() {
        return;
    }
    let notice = Ask {
        call: "response_error",
        method: Method::POST,
        url,
        body: Some(wire::error_notice(&call.call, &errors, &known, &dialect)),
        organization_id,
        take_home_test_id: call.take_home_test_id,
    };
    if let Ok(call) = ask(shared, notice).await {
        shared.change(|world, _| world.record(call));
    }
}

/// Opens the drop-down of tests: asks `list_tests` now.
///
/// # Errors
/// The organization is unknown or not connected, or the vendor's answer was of no use.
pub(crate) async fn open_picker(
    shared: &Shared,
    organization_id: u64,
) -> Result<Vec<TestItem>, Refusal> {
    let (url, rules, key) = shared.read(|world| {
        let organization = world.organization(organization_id)?;
        let url = endpoints(organization)?.list_tests.clone();
        Ok((url, rules(organization), organization.key.clone()))
    })?;
    let list = Ask {
        call: "list_tests",
        method: Method::GET,
        url,
        body: None,
        organization_id,
        take_home_test_id: None,
    };
    let mut call = ask(shared, list).await?;
    let (findings, tests) = judge(&call, |body| validator::list_tests(body, rules));
    call.findings = findings;
    warn_of_leaks(&mut call, key.as_ref().map(|key| key.0.as_str()), None);
    shared.change(|world, _| {
        world.record(call.clone());
        if let (Some(tests), Some(organization)) =
            (&tests, world.organizations.get_mut(&organization_id))
        {
            organization.tests.clone_from(tests);
        }
    });
    report(shared, &call, KnownAtError::default()).await;
    let why = failure(&call).unwrap_or_default();
    tests.ok_or_else(|| Refusal::Vendor(format!("The list of tests could not be read. {why}.")))
}
