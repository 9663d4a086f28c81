//! The recruiter's pages, of both systems: server-rendered, usable without scripts, every form answered by a redirect to itself.

mod calls;
mod candidate_form;
mod candidates;
mod deliveries;
mod fault_form;
mod faults;
mod form;
mod harvest;
mod home;
mod jobs;
mod lever;
mod organizations;
mod stages;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::refusal::Refusal;
use crate::shared::Shared;

pub(crate) type Data = web::Data<Shared>;
pub(crate) type Id = web::Path<u64>;

/// The page, or a page that says why not.
pub(crate) type Page = Result<HttpResponse, Problem>;

/// The Greenhouse user who presses the buttons.
pub(crate) const RECRUITER: &str = "rosa.recruiter@customer.example";

/// Who can be chosen to grade.
pub(crate) const GRADERS: [&str; 3] = ["Dan Nolan", "Priya Raman", "Sofia Lindqvist"];

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Registers pages, files and the page for unknown addresses.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(home::show))
        .route("/jobs", web::post().to(home::add_job))
        .route("/assets/sandbox.css", web::get().to(stylesheet))
        .route("/assets/live.js", web::get().to(script))
        .route("/assets/board.js", web::get().to(board_script));
    organizations::configure(config);
    jobs::configure(config);
    stages::configure(config);
    candidates::configure(config);
    candidate_form::configure(config);
    calls::configure(config);
    faults::configure(config);
    harvest::configure(config);
    lever::configure(config);
    config.default_service(web::to(unknown));
}

/// What every page carries.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) title: String,
    /// Keeps its `data-live` parts up to date.
    pub(crate) live: bool,
    /// Without scripts it loads itself anew: only where nothing is typed.
    pub(crate) reloads: bool,
    pub(crate) version: u64,
}

impl Frame {
    /// A page that stands still.
    pub(crate) fn of(shared: &Shared, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            live: false,
            reloads: false,
            version: shared.version(),
        }
    }

    /// A page that follows what happens.
    pub(crate) fn live(shared: &Shared, title: impl Into<String>) -> Self {
        Self {
            reloads: true,
            ..Self::followed(shared, title)
        }
    }

    /// A page that follows what happens where scripts run, and stands still elsewhere: someone may be typing.
    pub(crate) fn followed(shared: &Shared, title: impl Into<String>) -> Self {
        Self {
            live: true,
            ..Self::of(shared, title)
        }
    }
}

/// One choice of a form.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

impl Choice {
    /// Choices from pairs of value and label.
    pub(crate) fn among(pairs: &[(&str, &str)], chosen: &str) -> Vec<Self> {
        let choice = |(value, label): &(&str, &str)| Self {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            chosen: *value == chosen,
        };
        pairs.iter().map(choice).collect()
    }
}

/// Renders a template.
pub(crate) fn page(template: &impl Template) -> Page {
    page_with(StatusCode::OK, template)
}

/// Renders a template under a status.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Page {
    let html = template
        .render()
        .expect("templates write to memory and hold no failing filters");
    let mut answer = HttpResponse::build(status);
    answer.content_type("text/html; charset=utf-8");
    Ok(answer.body(html))
}

/// The answer to a form.
pub(crate) fn see_other(path: &str) -> Page {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, path));
    Ok(answer.finish())
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    message: String,
    back: String,
}

/// A refusal as a page with a way on.
#[derive(Debug)]
pub(crate) struct Problem(Refusal);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl actix_web::ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status()
    }

    fn error_response(&self) -> HttpResponse {
        problem(
            self.0.status(),
            "That did not work",
            self.0.to_string(),
            "/",
        )
    }
}

fn problem(status: StatusCode, title: &str, message: String, back: &str) -> HttpResponse {
    let frame = Frame {
        title: title.to_owned(),
        live: false,
        reloads: false,
        version: 0,
    };
    let template = ProblemPage {
        frame,
        message,
        back: back.to_owned(),
    };
    page_with(status, &template).unwrap_or_else(|_| HttpResponse::InternalServerError().finish())
}

/// A refusal of a button, with the way back to the page where the button is.
pub(crate) fn refused(refusal: &Refusal, back: &str) -> Page {
    Ok(problem(
        refusal.status(),
        "That did not work",
        refusal.to_string(),
        back,
    ))
}

async fn stylesheet() -> HttpResponse {
    file(
        "text/css; charset=utf-8",
        include_str!("../../assets/sandbox.css"),
    )
}

async fn script() -> HttpResponse {
    file(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/live.js"),
    )
}

async fn board_script() -> HttpResponse {
    file(
        "text/javascript; charset=utf-8",
        include_str!("../../assets/board.js"),
    )
}

fn file(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).body(text)
}

async fn unknown(request: HttpRequest) -> HttpResponse {
    if request.path().starts_with("/control/") {
        let message = "There is no such call: see /control/openapi.json.";
        return HttpResponse::NotFound()
            .json(serde_json::json!({"error": "no_such_call", "field": null, "message": message}));
    }
    let message = "There is no page at this address.".to_owned();
    problem(StatusCode::NOT_FOUND, "Not found", message, "/")
}

/// Turns away what another website makes a browser send, and says what a page may load.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if is_foreign_form(&request) {
        let message = "Another website sent this request, so it was not carried out.".to_owned();
        let answer = problem(StatusCode::FORBIDDEN, "Not done", message, "/");
        return Ok(request.into_response(answer));
    }
    let mut answer = next.call(request).await?.map_into_boxed_body();
    let headers = answer.headers_mut();
    // The authorise page has a policy of its own: its form leads to the app.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = header::HeaderValue::from_static(POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    Ok(answer)
}

fn is_foreign_form(request: &ServiceRequest) -> bool {
    let site = request
        .headers()
        .get("sec-fetch-site")
        .map(|site| site.as_bytes());
    !request.method().is_safe() && matches!(site, Some(b"cross-site" | b"same-site"))
}
