//! Pages that tell a candidate one thing: thanks, time is up, no longer in use.

use askama::Template;

use super::Asker;
use crate::when::{Deadline, When};

/// A button on a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the button says.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// One message to a candidate, with what comes next and whom to ask.
#[derive(Debug, Clone, Template)]
#[template(path = "take/notice.html")]
pub struct NoticePage {
    /// Who asked; unknown where the link is.
    pub asker: Option<Asker>,
    /// The message in a few words.
    pub heading: String,
    /// The rest of it, a paragraph each.
    pub paragraphs: Vec<String>,
    /// When answers came in, on the page of thanks.
    pub submitted: Option<When>,
    /// When the link ended, on the page of an expired one.
    pub ended: Option<Deadline>,
    /// A way to whoever can help.
    pub help_href: Option<String>,
    /// The one useful button.
    pub action: Option<Action>,
}

impl NoticePage {
    fn new(asker: Option<Asker>, heading: &str, paragraphs: Vec<String>) -> Self {
        Self {
            asker,
            heading: heading.to_owned(),
            paragraphs,
            submitted: None,
            ended: None,
            help_href: None,
            action: None,
        }
    }

    /// 200, after submission: thanks, and what comes next. `time_ran_out`: the clock submitted what was saved.
    pub fn thanks(asker: Asker, title: &str, submitted: When, time_ran_out: bool) -> Self {
        let organization = asker.organization.clone();
        let first = if time_ran_out {
            format!("Time ran out, so what you had saved of {title} was submitted for you.")
        } else {
            format!("Your answers to {title} have reached {organization}.")
        };
        let next = format!(
            "What comes next: {organization} looks at them and gets in touch with you. You need not do anything, and you can close this page."
        );
        let heading = if time_ran_out {
            "Your time is up"
        } else {
            "Thank you"
        };
        Self {
            submitted: Some(submitted),
            ..Self::new(Some(asker), heading, vec![first, next])
        }
    }

    /// 410: the deadline has passed.
    pub fn expired(asker: Asker, title: &str, ended: Deadline) -> Self {
        let organization = asker.organization.clone();
        let text = format!(
            "{title} can no longer be taken with this link. If you would still like to take it, ask {organization}: they can give you more time."
        );
        Self {
            help_href: asker.help_href(&format!("More time for {title}")),
            ended: Some(ended),
            ..Self::new(Some(asker), "The deadline has passed", vec![text])
        }
    }

    /// 410: cancelled, replaced or reset.
    pub fn gone(asker: Asker) -> Self {
        let organization = asker.organization.clone();
        let text = format!(
            "{organization} may have sent you a newer one: look for their latest mail. If you find none, ask them."
        );
        Self {
            help_href: asker.help_href("My assessment link is no longer in use"),
            ..Self::new(Some(asker), "This link is no longer in use", vec![text])
        }
    }

    /// 410: a link that another one has taken the place of; whose it was is not said to whoever holds it.
    pub fn ended() -> Self {
        let text = "You may have been sent a newer one: look for the latest mail. If you find none, ask whoever sent it to you.";
        Self::new(None, "This link is no longer in use", vec![text.to_owned()])
    }

    /// 404: no such link.
    pub fn not_found() -> Self {
        let text = "Part of the address may be missing. Open the link from your mail again, or copy it in full into the address bar. If that does not help, ask whoever sent it to you.";
        Self::new(None, "We don't know this link", vec![text.to_owned()])
    }

    /// 503: try again. `retry_href` is the page the candidate was on.
    pub fn too_busy(retry_href: &str) -> Self {
        let text = "A lot is going on here just now. Your answers so far are safe. Wait half a minute, then try again.";
        Self {
            action: Some(Action {
                label: "Try again".into(),
                href: retry_href.to_owned(),
            }),
            ..Self::new(None, "One moment, please", vec![text.to_owned()])
        }
    }

    /// 500: our fault. `request_id` helps whoever is asked.
    pub fn failed(retry_href: &str, request_id: &str) -> Self {
        let paragraphs = vec![
            "Something on our side went wrong. Answers that were shown as saved are safe. Try again in a minute.".to_owned(),
            format!("If it stays like this, tell whoever sent you the link this number: {request_id}"),
        ];
        Self {
            action: Some(Action {
                label: "Try again".into(),
                href: retry_href.to_owned(),
            }),
            ..Self::new(None, "This page could not be shown", paragraphs)
        }
    }
}
