//! Who calls `/v1`: the operator, or an organization's own program. Judged once, before anything else of a call is read.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use app::access::{self, PlatformCaller};
use app::audit::{Actor, By};
use app::{App, Error};
use domain::{ApiKeyId, ApiKeyScope, OrganizationId};
use telemetry::RequestId;
use uuid::Uuid;

use crate::edge::Edge;
use crate::problem::Problem;

/// Whom a bearer token names.
#[derive(Debug, Clone)]
enum Principal {
    Operator,
    Organization(PlatformCaller),
}

/// The operator calls: extracting it refuses everybody else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operator;

/// An organization's own program calls, with a key that may do this.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller {
    /// For which organization.
    pub(crate) organization: OrganizationId,
}

/// Middleware: finds out who calls, and counts the call against its key.
///
/// # Errors
/// Those of the services behind it.
pub(crate) async fn authenticate<B: MessageBody + 'static>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match recognize(Edge::of(call.request()), call.headers()).await {
        Ok(principal) => {
            call.extensions_mut().insert(principal);
            next.call(call)
                .await
                .map(ServiceResponse::map_into_boxed_body)
        }
        Err(problem) => Ok(call.error_response(problem)),
    }
}

async fn recognize(edge: Edge, headers: &HeaderMap) -> Result<Principal, Problem> {
    let token = bearer(headers)
        .ok_or_else(Problem::unauthorized)?
        .to_owned();
    let app = edge.app();
    if access::operator(app, &token).is_ok() {
        edge.count(ApiKeyId(Uuid::nil()))?;
        return Ok(Principal::Operator);
    }
    let caller = app
        .read(move |app, conn| access::platform(app, conn, &token))
        .await?;
    edge.count(caller.key)?;
    note_use(app, &caller).await;
    Ok(Principal::Organization(caller))
}

async fn note_use(app: &App, caller: &PlatformCaller) {
    access::note_use(app, caller.organization, caller.key, caller.last_used_at).await;
}

/// The token of the one `Authorization` header; keys in a query string are nobody's.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION);
    let (Some(one), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = one.to_str().ok()?.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn principal(call: &HttpRequest) -> Result<Principal, Problem> {
    let known = call.extensions().get::<Principal>().cloned();
    known.ok_or_else(Problem::unauthorized)
}

impl FromRequest for Operator {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(principal(call).and_then(|principal| match principal {
            Principal::Operator => Ok(Self),
            Principal::Organization(_) => {
                Err(Error::Forbidden("only the operator may do this").into())
            }
        }))
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(principal(call).and_then(|principal| match principal {
            Principal::Operator => Err(Error::Forbidden(
                "the operator's token opens the operator's routes only; call with a platform key of the organization",
            )
            .into()),
            Principal::Organization(caller) => Self::allowed(&caller, call.method()),
        }))
    }
}

/// The use cases' context, acting for whoever calls. It opens nothing by itself: [`Operator`] and [`Caller`] do.
#[derive(Debug)]
pub(crate) struct Acting(pub(crate) App);

impl FromRequest for Acting {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(call: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(acting(call).map(Self))
    }
}

/// The use cases' context, acting for whoever calls.
pub(crate) fn acting(call: &HttpRequest) -> Result<App, Problem> {
    let actor = match principal(call)? {
        Principal::Operator => Actor::Operator,
        Principal::Organization(caller) => Actor::ApiKey(caller.key),
    };
    let edge = Edge::of(call);
    Ok(edge.app().acting(By {
        actor,
        address: edge.guesses().address(call),
        request: Some(RequestId::of(call).to_string()),
    }))
}

impl Caller {
    fn allowed(caller: &PlatformCaller, method: &Method) -> Result<Self, Problem> {
        let (needed, refusal) = if method.is_safe() {
            (ApiKeyScope::Read, "this key lacks the scope `read`")
        } else {
            (ApiKeyScope::Write, "this key lacks the scope `write`")
        };
        if !caller.scopes.contains(&needed) {
            return Err(Error::Forbidden(refusal).into());
        }
        Ok(Self {
            organization: caller.organization,
        })
    }
}
