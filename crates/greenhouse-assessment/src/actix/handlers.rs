//! One handler per endpoint: authenticate, parse, ask the partner, answer.

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use url::form_urlencoded;

use super::{RESPONSE_ERROR_LIMIT, SEND_TEST_LIMIT, answer, body};
use crate::{AssessmentPartner, InterviewId, Key, PartnerError, ResponseError, SendTest};

type Answer = Result<HttpResponse, PartnerError>;

pub(super) async fn list_tests<P: AssessmentPartner>(
    partner: Data<P>,
    request: HttpRequest,
) -> Answer {
    let caller = authenticate(partner.get_ref(), &request).await?;
    let tests = partner.list_tests(&caller).await?;
    Ok(answer::ok(&tests))
}

pub(super) async fn send_test<P: AssessmentPartner>(
    partner: Data<P>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let caller = authenticate(partner.get_ref(), &request).await?;
    if !body::is_small(&request) {
        partner.confirm(&caller).await?;
    }
    let ask = match read_ask(&request, payload).await {
        Ok(ask) => ask,
        Err(fault) => {
            partner.confirm(&caller).await?;
            return Err(fault);
        }
    };
    let id = partner.send_test(&caller, ask).await?;
    Ok(answer::ok(&id))
}

pub(super) async fn test_status<P: AssessmentPartner>(
    partner: Data<P>,
    request: HttpRequest,
) -> Answer {
    let caller = authenticate(partner.get_ref(), &request).await?;
    let id = match interview_id(request.query_string()) {
        Ok(id) => id,
        Err(fault) => {
            partner.confirm(&caller).await?;
            return Err(fault);
        }
    };
    let status = partner.test_status(&caller, &id).await?;
    Ok(answer::ok(&status))
}

pub(super) async fn response_error<P: AssessmentPartner>(
    partner: Data<P>,
    request: HttpRequest,
    payload: Payload,
) -> Answer {
    let caller = authenticate(partner.get_ref(), &request).await?;
    partner.confirm(&caller).await?;
    let body = body::read(payload, RESPONSE_ERROR_LIMIT).await?;
    let report = ResponseError::read(&body);
    partner.response_error(&caller, report).await?;
    Ok(answer::ok(&json!({"status": 200})))
}

async fn read_ask(request: &HttpRequest, payload: Payload) -> Result<SendTest, PartnerError> {
    body::refuse_other_formats(request)?;
    Ok(SendTest::parse(
        &body::read(payload, SEND_TEST_LIMIT).await?,
    )?)
}

async fn authenticate<P: AssessmentPartner>(
    partner: &P,
    request: &HttpRequest,
) -> Result<P::Caller, PartnerError> {
    let header = request.headers().get(AUTHORIZATION);
    let key = header.and_then(|value| Key::from_authorization(value.as_bytes()).ok());
    partner
        .authenticate(&key.ok_or(PartnerError::Unauthorized)?)
        .await
}

/// The first parameter of that name. What can be no id of ours never reaches the partner.
fn interview_id(query: &str) -> Result<InterviewId, PartnerError> {
    let first = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "partner_interview_id").then_some(value))
        .filter(|value| !value.trim().is_empty());
    let id = first.ok_or(PartnerError::BadRequest {
        message: "partner_interview_id is missing: send it in the query, as send_test gave it."
            .into(),
    })?;
    InterviewId::new(id).map_err(|_| PartnerError::UnknownInterview)
}
