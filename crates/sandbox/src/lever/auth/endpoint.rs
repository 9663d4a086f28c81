//! The token endpoint and its neighbour for revoking. Errors are OAuth's, not the Data API's.

use std::collections::BTreeMap;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::app::App;
use super::tokens::{self, Denial};
use crate::answer::Answer;
use crate::faults::Fault;
use crate::lever::api::{describe, text_header};
use crate::lever::faults;
use crate::lever::world::Lever;
use crate::secret::shortened;
use crate::shared::Shared;

/// Members that the log shows shortened.
const SECRETS: [&str; 6] = [
    "client_secret",
    "code",
    "refresh_token",
    "access_token",
    "token",
    "code_verifier",
];

/// Registers both.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/lever/auth/oauth/token", web::post().to(token))
        .route("/lever/auth/oauth/revoke", web::post().to(revoke));
}

type Parameters = BTreeMap<String, String>;
type Carried = Result<Value, Denial>;

async fn token(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let issuer = shared.link("/lever/auth/");
    answer(
        shared,
        request,
        &body,
        "token",
        move |lever, now, parameters| {
            let app = app(lever, parameters)?;
            match required(parameters, "grant_type")? {
                "authorization_code" => {
                    let code = required(parameters, "code")?;
                    let redirect_uri = required(parameters, "redirect_uri")?;
                    let verifier = parameters.get("code_verifier").map(String::as_str);
                    tokens::redeem(lever, now, &app, code, redirect_uri, verifier, &issuer)
                }
                "refresh_token" => {
                    let token = required(parameters, "refresh_token")?;
                    tokens::refresh(lever, now, &app, token, &issuer)
                }
                other => {
                    let why = format!("Unsupported grant type: {other}");
                    Err(Denial::new(403, "unsupported_grant_type", why))
                }
            }
        },
    )
    .await
}

async fn revoke(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    answer(
        shared,
        request,
        &body,
        "revoke",
        |lever, now, parameters| {
            let app = app(lever, parameters)?;
            let token = required(parameters, "token")?;
            tokens::revoke_token(lever, now, &app, token);
            Ok(Value::Null)
        },
    )
    .await
}

async fn answer(
    shared: web::Data<Shared>,
    request: HttpRequest,
    body: &[u8],
    name: &'static str,
    carry_out: impl FnOnce(&mut Lever, i64, &Parameters) -> Carried,
) -> HttpResponse {
    let parameters = parameters(&request, body);
    let mut call = describe(&shared, &request, &[], name);
    call.request_body = Some(redacted(&parameters));
    let (right, fault) = shared.change(|world, now| {
        let lever = &mut world.lever;
        call.account_id = account_id(lever, &parameters);
        let fault = take_fault(lever, call.account_id.as_deref(), name);
        let lost = fault.as_ref().is_some_and(|fault| !fault.takes_effect());
        let now = now.timestamp_millis();
        let right = (!lost).then(|| to_answer(carry_out(lever, now, &parameters)));
        call.status = right.as_ref().map(|right| right.status);
        call.response_body = right.as_ref().and_then(redacted_answer);
        if let Some(fault) = &fault {
            call.status = fault.play.status(call.status);
            call.note = Some(format!("Fault played: {}", fault.play.words()));
        }
        world.record(call);
        (right, fault)
    });
    match (fault, right) {
        (Some(fault), right) => {
            let here = shared.link(request.path());
            faults::play(&fault.play, &request, right, &here).await
        }
        (None, Some(right)) => right.into_response(),
        (None, None) => HttpResponse::InternalServerError().finish(),
    }
}

fn take_fault(lever: &mut Lever, account_id: Option<&str>, name: &str) -> Option<Fault> {
    let account = lever.accounts.get_mut(account_id?)?;
    account.faults.take(faults::CALLS, name, None)
}

fn to_answer(carried: Carried) -> Answer {
    match carried {
        Ok(Value::Null) => Answer {
            status: 200,
            ..Answer::default()
        },
        Ok(value) => Answer::json(200, value),
        Err(denial) => {
            let body = json!({"error": denial.error, "error_description": denial.description});
            Answer::json(denial.status, body)
        }
    }
}

/// The members of a form, or of JSON.
fn parameters(request: &HttpRequest, body: &[u8]) -> Parameters {
    let kind = text_header(request, CONTENT_TYPE).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return url::form_urlencoded::parse(body).into_owned().collect();
    }
    let members: BTreeMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let texts = members.into_iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name, text)),
        _ => None,
    });
    texts.collect()
}

fn required<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Denial> {
    let given = parameters.get(name).filter(|text| !text.is_empty());
    given.map(String::as_str).ok_or_else(|| {
        let why = format!("Missing required parameter: {name}");
        Denial::new(400, "invalid_request", why)
    })
}

/// The app whose id and secret were sent.
fn app(lever: &Lever, parameters: &Parameters) -> Result<App, Denial> {
    let client_id = required(parameters, "client_id")?;
    let secret = parameters.get("client_secret").map_or("", String::as_str);
    let known = lever.apps.get(client_id);
    let app = known.filter(|app| app.client_secret.0 == secret);
    app.cloned()
        .ok_or_else(|| Denial::new(401, "access_denied", "Unauthorized"))
}

/// The account that a code or a refresh token is for.
fn account_id(lever: &Lever, parameters: &Parameters) -> Option<String> {
    if let Some(code) = parameters
        .get("code")
        .and_then(|code| lever.codes.get(code))
    {
        return Some(code.account_id.clone());
    }
    let token = parameters
        .get("refresh_token")
        .or_else(|| parameters.get("token"))?;
    let mut grants = lever.grants.values();
    let grant = grants.find(|grant| {
        let mut family = grant.refresh_tokens.iter();
        family.any(|known| known.token.0 == *token)
    })?;
    Some(grant.account_id.clone())
}

fn redacted(parameters: &Parameters) -> String {
    let shown: BTreeMap<&str, String> = parameters
        .iter()
        .map(|(name, value)| {
            let is_secret = SECRETS.contains(&name.as_str());
            let value = if is_secret {
                shortened(value)
            } else {
                value.clone()
            };
            (name.as_str(), value)
        })
        .collect();
    json!(shown).to_string()
}

fn redacted_answer(answer: &Answer) -> Option<String> {
    let mut value: Value = serde_json::from_str(&answer.text()?).ok()?;
    for name in SECRETS {
        if let Some(secret) = value[name].as_str().map(shortened) {
            value[name] = secret.into();
        }
    }
    Some(value.to_string())
}
