//! The mail that asks a candidate whether they want to go on after an interview.

use std::fmt;

use askama::Template as _;
use chrono::NaiveDate;

use crate::invitation::{RenderError, Rendered};
use crate::{header_text, html, plain_name};

/// What the button says.
const BUTTON: &str = "Say yes or no";

/// What the mail tells.
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentRequest {
    /// Who would go on with the candidate.
    pub organization: String,
    /// The vendor's name (`platform.name`).
    pub platform: String,
    /// How the candidate is greeted.
    pub salutation: String,
    /// Who interviewed.
    pub interviewer: String,
    /// On which day.
    pub interviewed_on: NaiveDate,
    /// Is there a LinkedIn profile to be passed on?
    pub has_linkedin: bool,
    /// The candidate's own link, `http` or `https`.
    pub link: String,
    /// Where an answer to the mail goes; `None` where nobody reads it.
    pub reply_to: Option<String>,
}

// A person's name and a link that speaks for them: neither belongs in a log.
impl fmt::Debug for ConsentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentRequest(…)")
    }
}

#[derive(askama::Template)]
#[template(path = "consent.txt")]
struct Values {
    first_name: String,
    organization: String,
    platform: String,
    interviewer: String,
    day: String,
    shared: &'static str,
    link: String,
    reply_to: Option<String>,
}

impl ConsentRequest {
    /// Subject, text and HTML. Links in names are left out.
    ///
    /// # Errors
    ///
    /// [`RenderError::Template`] where our template could not be written.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        let values = self.values();
        let subject = format!("{} would go on with you", values.organization);
        let subject = header_text(&subject, 200);
        let text = format!("{}\n", values.render()?.trim_end());
        let html = html::page(&subject, &text, &values.link, BUTTON)?;
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }

    fn values(&self) -> Values {
        let named = |name: &str, otherwise: &str| match plain_name(name) {
            name if name.is_empty() => otherwise.to_owned(),
            name => name,
        };
        let shared = if self.has_linkedin {
            "your name, your e-mail address, your LinkedIn profile"
        } else {
            "your name, your e-mail address"
        };
        let reply_to = self.reply_to.as_deref();
        Values {
            first_name: named(&self.salutation, "there"),
            organization: named(&self.organization, "The hiring team"),
            platform: plain_name(&self.platform),
            interviewer: named(&self.interviewer, "your interviewer"),
            day: self.interviewed_on.format("%-d %B %Y").to_string(),
            shared,
            link: header_text(&self.link, 2000),
            reply_to: reply_to.map(|address| header_text(address, 254)),
        }
    }
}
