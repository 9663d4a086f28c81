//! The token endpoint and its neighbour for introspection. Parameters may stand in the query or in a form, the client in
//! HTTP Basic alone.

use std::collections::BTreeMap;

use actix_web::http::header::{AUTHORIZATION, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::app::App;
use super::tokens::{self, Denial};
use crate::call_log::{Ats, Call};
use crate::greenhouse::basic;
use crate::harvest::AUTH;
use crate::lever::api::answer::{Answer, Body};
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
        &shared,
        &request,
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
}

async fn introspect(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    answer(
        &shared,
        &request,
        &body,
        "introspect",
        |world, now, app, given| {
            let token = required(given, "token")?;
            Ok(tokens::introspect(world, now, app, token))
        },
    )
}

fn answer(
    shared: &Shared,
    request: &HttpRequest,
    body: &[u8],
    name: &str,
    carry_out: impl FnOnce(&mut World, DateTime<Utc>, &App, &Parameters) -> Carried,
) -> HttpResponse {
    let given = parameters(request, body);
    let authorization = text_header(request, AUTHORIZATION);
    let mut call = describe(shared, request, &[], name);
    call.ats = Ats::Greenhouse;
    request.path().clone_into(&mut call.url);
    call.authorization = authorization.as_deref().map(basic::redacted);
    call.request_body = Some(redacted(&json!(given)));
    let answer = shared.change(|world, now| {
        world.sync_harvest(now);
        let answer = match client(world, authorization.as_deref()) {
            Err(denial) => Answer::json(denial.status, denial.body),
            Ok(app) => match too_many(world, now, &app, name) {
                Some(refused) => refused,
                None => to_answer(carry_out(world, now, &app, &given)),
            },
        };
        log(&mut call, &answer);
        world.record(call);
        answer
    });
    answer.into_response()
}

fn to_answer(carried: Carried) -> Answer {
    match carried {
        Ok(value) => Answer::json(200, value),
        Err(denial) => Answer::json(denial.status, denial.body),
    }
}

fn log(call: &mut Call, answer: &Answer) {
    call.status = Some(answer.status);
    call.response_body = match &answer.body {
        Body::Json(value) => Some(redacted(value)),
        _ => answer.text(),
    };
}

/// The window of a minute, which is the shortest of the customers'.
fn too_many(world: &mut World, now: DateTime<Utc>, app: &App, name: &str) -> Option<Answer> {
    let offices = world.harvest.offices.values();
    let limits = offices.map(|office| office.settings.token_calls_per_minute);
    let limit = limits.filter(|limit| *limit > 0).min().unwrap_or(0);
    let calls = &mut world.harvest.token_calls;
    let allowance = calls.entry(app.client_id.clone()).or_default();
    let counted = allowance.count(now, limit, WINDOW_SECONDS, name);
    let wait = counted.wait?.to_string();
    let refused = Answer {
        status: 429,
        body: Body::Bytes {
            content_type: "text/plain".to_owned(),
            bytes: b"Retry later\n".to_vec(),
        },
        ..Answer::default()
    };
    Some(refused.with_header(RETRY_AFTER, &wait))
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
