//! `POST /webhooks/mail/{token}`: what mail servers say of a mail afterwards.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use app::mails;
use mail::reports::{Notice, Unreadable, parse};
use secrecy::ExposeSecret;
use serde::Serialize;
use vault::same_secret;

use crate::edge::Edge;
use crate::problem::Problem;

/// The longest report.
const LONGEST: usize = 1024 * 1024;

/// How much of a body was of use.
#[derive(Debug, Serialize)]
struct Heard {
    /// Notices in it.
    received: usize,
    /// Those that were news about mails of ours.
    noted: usize,
}

/// Takes a body in. Repeats do no harm, so whoever gets no 200 may send the same again.
pub(crate) async fn receive(
    edge: web::Data<Edge>,
    call: HttpRequest,
    token: Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let expected = edge.app().config().bounce_token.as_ref();
    if !expected.is_some_and(|expected| same_secret(expected.expose_secret(), &token)) {
        return Err(wrong_token());
    }
    let body = read(payload).await?;
    let content_type = content_type(&call);
    let parsed = web::block(move || parse(&content_type, &body)).await;
    let notices = parsed
        .map_err(|_| Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR))?
        .map_err(|error| unreadable(&error))?;
    let received = notices.len();
    let noted = hear_all(&edge, notices).await?;
    Ok(HttpResponse::Ok().json(Heard { received, noted }))
}

async fn hear_all(edge: &Edge, notices: Vec<Notice>) -> Result<usize, Problem> {
    let mut noted = 0;
    for notice in notices {
        let heard = edge
            .app()
            .write(move |app, conn| mails::hear(app, conn, &notice));
        noted += usize::from(heard.await?);
    }
    Ok(noted)
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
            "the body is longer than 1 MiB; send fewer notices at once, or the report without the mail it returns",
        )),
    }
}

fn content_type(call: &HttpRequest) -> String {
    let value = call.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default().to_owned()
}

fn unreadable(error: &Unreadable) -> Problem {
    Problem::unreadable("unreadable", error.to_string())
}

/// The same for every wrong token.
fn wrong_token() -> Problem {
    let detail = "the last part of this address is not the token of mail.bounce_token";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}
