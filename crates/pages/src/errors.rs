//! Error pages: what was wrong, and where to go.

use actix_web::http::StatusCode;
use askama::Template;

use crate::dashboard::{Frame, Section};

/// What an error page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// 404, 503, …
    pub status: u16,
    /// What was wrong, in a few words.
    pub heading: &'static str,
    /// What to do about it.
    pub text: String,
    /// Label and address of the way on.
    pub way: (&'static str, String),
    /// The number by which the log knows it, for faults of ours.
    pub request_id: Option<String>,
}

/// An error page for somebody who is not signed in, or where that is unknown.
#[derive(Debug, Clone, Template)]
#[template(path = "errors/plain.html")]
pub struct ErrorPage {
    /// The vendor's name.
    pub platform: String,
    /// What to say.
    pub trouble: Trouble,
}

/// An error page inside the dashboard.
#[derive(Debug, Clone, Template)]
#[template(path = "errors/framed.html")]
pub struct FramedErrorPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What to say.
    pub trouble: Trouble,
}

impl Trouble {
    /// What to say for `status`. `detail` is the cause in words where it is known (422: which field; 429: how long to
    /// wait); `here` is the page to try again; `request_id` is shown for faults of ours.
    pub fn new(status: StatusCode, detail: Option<&str>, here: &str, request_id: &str) -> Self {
        let (heading, text, way) = words(status, here);
        Self {
            status: status.as_u16(),
            heading,
            text: detail.unwrap_or(text).to_owned(),
            way,
            request_id: status.is_server_error().then(|| request_id.to_owned()),
        }
    }
}

fn words(status: StatusCode, here: &str) -> (&'static str, &'static str, (&'static str, String)) {
    let home = || ("Go to the first page", "/".to_owned());
    let again = || ("Try again", here.to_owned());
    match status.as_u16() {
        403 => (
            "You may not do this",
            "Your role does not allow it, or this form is from an earlier session. Go back, load the page again and retry; else ask an owner of your organization.",
            home(),
        ),
        404 => (
            "There is nothing here",
            "The address may be mistyped, or what it named is gone.",
            home(),
        ),
        405 => (
            "This address takes another kind of request",
            "Open it from the page it belongs to.",
            home(),
        ),
        409 => (
            "This no longer fits",
            "Somebody or something was faster: the state has changed since you opened the page. Look at it as it is now.",
            again(),
        ),
        410 => (
            "This link is no longer in use",
            "It was used, replaced or withdrawn. Ask whoever sent it to you for a new one.",
            ("Sign in", "/sign-in".to_owned()),
        ),
        413 => (
            "That was too much at once",
            "Send at most 256 KiB.",
            again(),
        ),
        400 | 422 => (
            "Something in the form does not fit",
            "Go back, check what you entered, and send it again.",
            again(),
        ),
        429 => (
            "Too many tries in a short time",
            "Wait a minute, then try again.",
            again(),
        ),
        502 => (
            "The applicant-tracking system refused",
            "It did not do what Baton asked of it. Try again in a minute.",
            again(),
        ),
        503 => (
            "Too busy just now",
            "Nothing was changed. Wait half a minute, then try again.",
            again(),
        ),
        _ => (
            "Something on our side went wrong",
            "Try again in a minute. If it stays like this, tell whoever runs this server the number below.",
            again(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_what_was_wrong_and_where_to_go() {
        for status in [403, 404, 405, 409, 410, 413, 422, 429, 500, 502, 503] {
            let code = StatusCode::from_u16(status).expect("a status");
            let trouble = Trouble::new(code, None, "/candidates", "r-1");
            let page = ErrorPage {
                platform: "Baton".into(),
                trouble: trouble.clone(),
            };
            let html = page.render().expect("renders");
            assert!(html.contains(trouble.heading), "{status}");
            assert!(
                html.contains(&format!("href=\"{}\"", trouble.way.1)),
                "{status}"
            );
            assert_eq!(html.contains("r-1"), status >= 500, "{status}");
            for word in ["oops", "invalid", "!</"] {
                assert!(!html.to_lowercase().contains(word), "{status} says {word}");
            }
        }
    }
}
