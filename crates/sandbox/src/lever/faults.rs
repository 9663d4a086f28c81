//! Faults of an account's API.

use actix_web::{HttpRequest, HttpResponse};

use super::api::answer::{Answer, Problem};
use super::api::endpoints;
use crate::faults::{self, Calls, Play};

/// The calls that a fault can be for.
pub(crate) const CALLS: Calls = Calls {
    is_call: endpoints::is_call,
    unusual: &endpoints::AUTHORISATION_CALLS,
    about_opportunities: true,
};

/// Plays a fault as Lever would; `second_home` is the call's address at the API's other home.
pub(crate) async fn play(
    play: &Play,
    request: &HttpRequest,
    right: Option<Answer>,
    second_home: &str,
) -> HttpResponse {
    let of_status = |status| Problem::of_status(status).answer();
    faults::play(play, request, right, of_status, second_home).await
}
