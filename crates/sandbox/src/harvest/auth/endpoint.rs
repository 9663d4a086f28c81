//! The token endpoint and its neighbour for introspection. Parameters may stand in the query or in a form, the client in
//! HTTP Basic alone.

use std::collections::BTreeMap;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::app::App;
use super::tokens::{self, Denial};
use crate::answer::{Answer, Body};
use crate::call_log::{Ats, Call};
use crate::greenhouse::basic;
use crate::harvest::AUTH;
use crate::harvest::api::{self, Outcome, note_fault, send, take_fault};
use crate::lever::api::{describe, text_header};
use crate::secret::shortened;
use crate::shared::Shared;
use crate::world::World;

/// Members that the log shows shortened.
const SECRETS: [&str; 4] = ["code", "refresh_token", "access_token", "token"];

/// A window of the token endpoint.
const WINDOW_SECONDS: u32 = 60;

type Parameters = BTreeMap<String, String>;
type Carried = Result<Value, Denial>;

/// Registers both.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route(&format!("{AUTH}/token"), web::post().to(token))
        .route(&format!("{AUTH}/introspect"), web::post().to(introspect));
}

async fn token(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    answer(
        shared,
        request,
        &body,
        "token",
        |world, now, app, given| match given.get("grant_type").map(String::as_str) {
            Some("authorization_code") => {
                let code = required(given, "code")?;
                let redirect_uri = given.get("redirect_uri").map(String::as_str);
                tokens::redeem(world, now, app, code, redirect_uri)
            }
            Some("refresh_token") => {
                tokens::refresh(world, now, app, required(given, "refresh_token")?)
            }
            Some("client_credentials") => {
                tokens::own(world, now, app, given.get("sub").map(String::as_str))
            }
            Some(other) => Err(Denial::message(
                400,
                format!(
                    "{other} is none of authorization_code, client_credentials, refresh_token and urn:ietf:params:oauth:grant-type:token-exchange."
                ),
            )),
            None => Err(Denial::message(400, "Missing parameter: grant_type")),
        },
    )
    .await
}

async fn introspect(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    answer(
        shared,
        request,
        &body,
        "introspect",
        |world, now, app, given| {
            let token = required(given, "token")?;
            Ok(tokens::introspect(world, now, app, token))
        },
    )
    .await
}

async fn answer(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: &[u8],
    name: &str,
    carry_out: impl FnOnce(&mut World, DateTime<Utc>, &App, &Parameters) -> Carried,
) -> HttpResponse {
    let given = parameters(&request, body);
    let authorization = text_header(&request, AUTHORIZATION);
    let mut call = describe(&shared, &request, &[], name);
    call.ats = Ats::Greenhouse;
    request.path().clone_into(&mut call.url);
    call.authorization = authorization.as_deref().map(basic::redacted);
    call.request_body = Some(redacted(&json!(given)));
    let outcome = shared.change(|world, now| {
        world.sync_harvest(now);
        let (right, fault) = match client(world, authorization.as_deref()) {
            Err(denial) => (Some(Answer::json(denial.status, denial.body)), None),
            Ok(app) => {
                call.organization_id = organization_of(world, &app, &given);
                let fault = call.organization_id;
                let fault = fault.and_then(|id| take_fault(world, id, name));
                let lost = fault.as_ref().is_some_and(|fault| !fault.takes_effect());
                let right = (!lost).then(|| match too_many(world, now, &app, name) {
                    Some(refused) => refused,
                    None => to_answer(carry_out(world, now, &app, &given)),
                });
                (right, fault)
            }
        };
        let outcome = Outcome {
            right,
            fault,
            counted: None,
        };
        log(&mut call, &outcome);
        world.record(call);
        outcome
    });
    send(outcome, &request, &shared).await
}

/// Whose grant a call is about.
fn organization_of(world: &World, app: &App, given: &Parameters) -> Option<u64> {
    let harvest = &world.harvest;
    let code = given.get("code").and_then(|code| harvest.codes.get(code));
    let token = given.get("refresh_token");
    let grant = token.and_then(|token| {
        let mut grants = harvest.grants.values();
        grants.find(|grant| grant.refresh_tokens.iter().any(|known| known.0 == *token))
    });
    let issued = given.get("token");
    let issued = issued.and_then(|token| harvest.access_tokens.get(token));
    let introspected = issued.and_then(|issued| harvest.grants.get(&issued.grant_id));
    let grant = grant.or(introspected).map(|grant| grant.organization_id);
    code.map(|code| code.organization_id)
        .or(grant)
        .or(app.organization_id)
}

fn to_answer(carried: Carried) -> Answer {
    match carried {
        Ok(value) => Answer::json(200, value),
        Err(denial) => Answer::json(denial.status, denial.body),
    }
}

fn log(call: &mut Call, outcome: &Outcome) {
    let right = outcome.right.as_ref();
    call.status = right.map(|right| right.status);
    call.response_body = right.and_then(|right| match &right.body {
        Body::Json(value) => Some(redacted(value)),
        _ => right.text(),
    });
    note_fault(call, outcome);
}

/// The window of a minute, which is the shortest of the customers'.
fn too_many(world: &mut World, now: DateTime<Utc>, app: &App, name: &str) -> Option<Answer> {
    let offices = world.harvest.offices.values();
    let limits = offices.map(|office| office.settings.token_calls_per_minute);
    let limit = limits.filter(|limit| *limit > 0).min().unwrap_or(0);
    let calls = &mut world.harvest.token_calls;
    let allowance = calls.entry(app.client_id.clone()).or_default();
    let counted = allowance.count(now, limit, WINDOW_SECONDS, name);
    counted.wait.map(api::too_many)
}

/// Query and form, wherever they stand.
fn parameters(request: &HttpRequest, body: &[u8]) -> Parameters {
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    let form = url::form_urlencoded::parse(body);
    query.into_owned().chain(form.into_owned()).collect()
}

fn required<'a>(given: &'a Parameters, name: &str) -> Result<&'a str, Denial> {
    let value = given.get(name).filter(|text| !text.is_empty());
    let missing = || Denial::message(400, format!("Missing parameter: {name}"));
    value.map(String::as_str).ok_or_else(missing)
}

/// The client that the Basic header names.
fn client(world: &World, authorization: Option<&str>) -> Result<App, Denial> {
    let sent = authorization.and_then(basic::parse);
    let (id, secret) = sent.ok_or_else(|| Denial::message(401, "Unauthorized"))?;
    if !App::has_suffix(&id) {
        let why = format!("Client id {id} does not have a valid suffix");
        return Err(Denial::message(400, why));
    }
    let known = world.harvest.apps.get(&id);
    let app = known.filter(|app| app.client_secret.0 == secret);
    let refused = || Denial::word(401, "invalid_client");
    app.cloned().ok_or_else(refused)
}

fn redacted(value: &Value) -> String {
    let mut value = value.clone();
    for name in SECRETS {
        if let Some(secret) = value[name].as_str().map(shortened) {
            value[name] = secret.into();
        }
    }
    value.to_string()
}
