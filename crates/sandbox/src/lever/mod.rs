//! Lever: accounts with their pipeline, the authorisation server, the Data API, and the webhooks it sends.
//!
//! What it does follows Lever's documentation and recorded answers; where those are silent, [`settings`] lets a test choose.

pub(crate) mod account;
pub(crate) mod allowance;
pub(crate) mod api;
pub(crate) mod auth;
pub(crate) mod faults;
pub(crate) mod ids;
pub(crate) mod notes;
pub(crate) mod opportunity;
pub(crate) mod pipeline;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod tags;
pub(crate) mod views;
pub(crate) mod webhooks;
pub(crate) mod world;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{DATE, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;

use crate::shared::Shared;

/// Registers what clients call.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    auth::endpoint::configure(config);
    api::configure(config);
}

/// Lets answers of Lever's and Harvest's APIs carry the sandbox's time as their date.
pub(crate) async fn tell_time(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let path = request.path();
    let tells = path.starts_with("/lever") || crate::harvest::is_at(path);
    let shared = request.app_data::<web::Data<Shared>>().cloned();
    let mut answer = next.call(request).await?;
    if let Some(shared) = shared.filter(|_| tells) {
        let now = shared.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&now) {
            answer.headers_mut().insert(DATE, date);
        }
    }
    Ok(answer)
}
