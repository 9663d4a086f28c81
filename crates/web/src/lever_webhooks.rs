//! `POST /webhooks/lever/{connection_id}`: what Lever tells of. Answered once it is kept; all that follows is done later, by what
//! Lever's API says then.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Path};
use app::Error;
use ats::lever::parse_delivery;
use domain::ConnectionId;

use crate::edge::Edge;
use crate::problem::Problem;

/// The longest delivery: Lever's own hold a few ids.
const LONGEST: usize = 1024 * 1024;

/// Takes a delivery in. Whoever gets no 200 may send the same again.
pub(crate) async fn receive(
    edge: web::Data<Edge>,
    connection: Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = read(payload).await?;
    // What is no delivery has no signature either.
    let delivery = parse_delivery(&body).map_err(|_| not_genuine())?;
    let connection: ConnectionId = connection.parse().map_err(|_| not_genuine())?;
    match app::intake::receive(edge.app(), connection, delivery).await {
        Ok(_) => Ok(HttpResponse::Ok().finish()),
        Err(Error::Unauthorized) => Err(not_genuine()),
        Err(error) => Err(error.into()),
    }
}

async fn read(payload: web::Payload) -> Result<Bytes, Problem> {
    match payload.to_bytes_limited(LONGEST).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Problem::unreadable(
            "unreadable",
            "the body ended early; send it again",
        )),
        Err(_) => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the body is longer than 1 MiB; a delivery of Lever's is not",
        )),
    }
}

/// The same for an address that is nobody's and for a signature that is not Lever's.
fn not_genuine() -> Problem {
    let detail = "this is no delivery that Lever signed for this address";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}
