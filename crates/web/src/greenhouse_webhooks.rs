//! `POST /webhooks/greenhouse/{connection_id}`: what Greenhouse tells of. Answered with 200, and nothing else of the kind, once it
//! is kept; all that follows is done later, by what Harvest says then.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use app::Error;
use domain::ConnectionId;

use crate::edge::Edge;
use crate::problem::Problem;

/// The longest delivery: a candidate with many applications and custom fields is far below.
const LONGEST: usize = 2 * 1024 * 1024;
/// Holds the signature.
const SIGNATURE: &str = "Signature";

/// Takes a delivery in. Whoever gets no 200 sends the same again.
pub(crate) async fn receive(
    edge: web::Data<Edge>,
    connection: Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = read(payload).await?;
    let signature = request.headers().get(SIGNATURE).ok_or_else(not_genuine)?;
    let connection: ConnectionId = connection.parse().map_err(|_| not_genuine())?;
    let received =
        app::intake::greenhouse::receive(edge.app(), connection, signature.as_bytes(), &body).await;
    match received {
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
            "the body is longer than 2 MiB; a delivery of Greenhouse's is not",
        )),
    }
}

/// The same for an address that is nobody's and for a signature that is not Greenhouse's.
fn not_genuine() -> Problem {
    let detail = "this is no delivery that Greenhouse signed for this address";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}
