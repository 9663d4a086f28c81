//! The pages and the small API on which the mails are looked at.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::http::header::ContentType;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use askama::Template;
use serde::Deserialize;

use super::caught::CaughtMail;
use super::faults::Fault;
use super::inbox::Inbox;

const MOST_DELIVERIES: u32 = 1_000;

/// The server on a listener, not yet running.
pub(super) fn serve(listener: TcpListener, inbox: Arc<Inbox>) -> io::Result<Server> {
    let inbox = Data::from(inbox);
    let app = move || {
        App::new()
            .app_data(inbox.clone())
            .wrap(headers())
            .configure(routes)
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    Ok(server.listen(listener)?.run())
}

/// A mail may hold anything: nothing in it runs, loads or knows where it is shown.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'",
        ))
        .add(("x-content-type-options", "nosniff"))
        .add(("referrer-policy", "no-referrer"))
        .add(("cache-control", "no-store"))
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(list))
        .route("/mails/{number}", web::get().to(show))
        .route("/api/messages", web::get().to(messages))
        .route("/api/messages", web::delete().to(clear))
        .route("/api/faults", web::post().to(fail));
}

#[derive(Template)]
#[template(path = "catcher/list.html")]
struct List {
    mails: Vec<CaughtMail>,
}

async fn list(inbox: Data<Inbox>) -> HttpResponse {
    let mut mails = inbox.messages();
    mails.reverse();
    page(&List { mails })
}

#[derive(Template)]
#[template(path = "catcher/mail.html")]
struct Shown {
    mail: CaughtMail,
    /// The HTML as the frame shows it: its links open beside it.
    framed: Option<String>,
}

async fn show(inbox: Data<Inbox>, number: Path<u64>) -> HttpResponse {
    let Some(mail) = inbox.message(*number) else {
        return HttpResponse::NotFound().body("There is no such mail. All mails are at /");
    };
    let framed = mail
        .html
        .as_ref()
        .map(|html| format!("<base target=\"_blank\">{html}"));
    page(&Shown { mail, framed })
}

async fn messages(inbox: Data<Inbox>) -> Json<Vec<CaughtMail>> {
    Json(inbox.messages())
}

async fn clear(inbox: Data<Inbox>) -> HttpResponse {
    inbox.clear();
    HttpResponse::NoContent().finish()
}

/// What is to go wrong: `{"fault": "temporary", "deliveries": 2}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    fault: Fault,
    deliveries: u32,
}

async fn fail(inbox: Data<Inbox>, wanted: Json<Wanted>) -> HttpResponse {
    if wanted.deliveries > MOST_DELIVERIES {
        let told = format!("deliveries is more than {MOST_DELIVERIES}");
        return HttpResponse::UnprocessableEntity().body(told);
    }
    inbox.fail_next(wanted.deliveries, wanted.fault);
    HttpResponse::NoContent().finish()
}

fn page(template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::Ok()
            .content_type(ContentType::html())
            .body(html),
        Err(_) => HttpResponse::InternalServerError().body("The page could not be written"),
    }
}

#[cfg(test)]
mod tests;
