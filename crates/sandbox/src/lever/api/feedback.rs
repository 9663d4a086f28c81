//! Feedback forms, to be read.

use serde_json::Value;

use super::Ask;
use super::answer::{Answer, Problem};
use super::{paging, wire};

/// `GET /opportunities/:id/feedback`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let forms = ask.opportunity()?.feedback.iter();
    let items: Vec<Value> = forms.map(wire::feedback).collect();
    paging::page_in_order(ask, &items)
}

/// `GET /opportunities/:id/feedback/:form`: a bare object, as documented.
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id("form");
    let found = ask
        .opportunity()?
        .feedback
        .iter()
        .find(|form| form.id == id);
    let form = found.ok_or_else(|| Problem::not_found("Feedback form", id))?;
    Ok(Answer::json(200, wire::feedback(form)))
}
