//! Calls to what is not there: 404, or 405 where only the method is another.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};

use crate::edge::Edge;
use crate::problem::Problem;

/// Answers a call that no route took.
pub(crate) async fn answer(call: HttpRequest) -> Result<&'static str, Problem> {
    let methods = Edge::of(&call).known().methods_at(call.path());
    if methods.is_empty() {
        return Err(nothing_here());
    }
    let allowed = methods.join(", ");
    let detail = format!("this address takes {allowed}");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail);
    Err(problem.with(header::ALLOW, allowed))
}

/// 404 for an address that there is not.
pub(crate) fn nothing_here() -> Problem {
    let detail = "there is nothing at this address; /docs shows what there is";
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
}
