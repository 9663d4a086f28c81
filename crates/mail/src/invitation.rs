//! The mail that asks a candidate to take an assessment.

use std::fmt;

use askama::Template as _;
use chrono::{DateTime, Utc};

use crate::template::{Placeholder, Template, UnknownPlaceholder};
use crate::{deadline_words, header_text, html, minutes_words, plain_name};

/// What an invitation tells. The words are the organization's where it has its own, else ours.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Who asks.
    pub organization: String,
    /// The vendor's name (`platform.name`).
    pub platform: String,
    /// What is to be taken.
    pub assessment_title: String,
    /// How the candidate is greeted.
    pub salutation: String,
    /// The candidate's own link, `http` or `https`.
    pub link: String,
    /// Until when the link works.
    pub deadline: DateTime<Utc>,
    /// The time limit, where there is one.
    pub minutes: Option<u32>,
    /// Where an answer to the mail goes; `None` where nobody reads it.
    pub reply_to: Option<String>,
    /// The organization's own subject.
    pub subject_template: Option<String>,
    /// The organization's own words, plain text.
    pub body_template: Option<String>,
}

// A person's name and a link that opens the assessment: neither belongs in a log.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation(…)")
    }
}

/// The words of one mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered(…)")
    }
}

/// Why an invitation could not be put into words.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The organization's template was kept without [`crate::check_template`].
    #[error(transparent)]
    Placeholder(#[from] UnknownPlaceholder),
    /// Our own template could not be written.
    #[error("The invitation could not be written")]
    Template(#[from] askama::Error),
}

impl Invitation {
    /// Subject, text and HTML.
    ///
    /// Links in the candidate's and the organization's name are left out. A body template without `{{link}}` gets it at
    /// its end; a blank template counts as none.
    ///
    /// # Errors
    ///
    /// [`RenderError::Placeholder`] for a template that [`crate::check_template`] would have refused.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        let values = Values::of(self);
        let subject = match own(self.subject_template.as_deref()) {
            Some(template) => Template::parse(template)?.fill(|it| values.get(it)),
            None => format!("{} invites you: {}", values.organization, values.assessment),
        };
        let subject = header_text(&subject, 200);
        let text = match own(self.body_template.as_deref()) {
            Some(template) => values.fill_body(template)?,
            None => values.usual_words()?,
        };
        let html = html::page(&subject, &text, &values.link, html::OPEN)?;
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }
}

fn own(template: Option<&str>) -> Option<&str> {
    template.filter(|text| !text.trim().is_empty())
}

/// The usual words, as plain text.
#[derive(askama::Template)]
#[template(path = "invitation.txt")]
pub(crate) struct Values {
    pub(crate) first_name: String,
    pub(crate) assessment: String,
    pub(crate) organization: String,
    pub(crate) platform: String,
    pub(crate) link: String,
    pub(crate) deadline: String,
    minutes: String,
    time_limit: Option<String>,
    pub(crate) reply_to: Option<String>,
}

impl Values {
    pub(crate) fn of(invitation: &Invitation) -> Self {
        let reply_to = invitation.reply_to.as_deref();
        Self {
            first_name: or(plain_name(&invitation.salutation), "there"),
            assessment: header_text(&invitation.assessment_title, 200),
            organization: or(plain_name(&invitation.organization), "The hiring team"),
            platform: plain_name(&invitation.platform),
            link: header_text(&invitation.link, 2000),
            deadline: deadline_words(invitation.deadline),
            minutes: invitation
                .minutes
                .map_or_else(|| "unlimited".to_owned(), |minutes| minutes.to_string()),
            time_limit: invitation.minutes.map(minutes_words),
            reply_to: reply_to.map(|address| header_text(address, 254)),
        }
    }

    fn get(&self, placeholder: Placeholder) -> &str {
        match placeholder {
            Placeholder::FirstName => &self.first_name,
            Placeholder::Assessment => &self.assessment,
            Placeholder::Organization => &self.organization,
            Placeholder::Link => &self.link,
            Placeholder::Deadline => &self.deadline,
            Placeholder::Minutes => &self.minutes,
        }
    }

    fn fill_body(&self, template: &str) -> Result<String, UnknownPlaceholder> {
        let template = template.replace("\r\n", "\n").replace('\r', "\n");
        let template = Template::parse(&template)?;
        let body = template.fill(|it| self.get(it));
        let body = body.trim_matches('\n').trim_end();
        Ok(match template.asks_for(Placeholder::Link) {
            true => format!("{body}\n"),
            false => format!("{body}\n\n{}\n", self.link),
        })
    }

    pub(crate) fn subject_of_reminder(&self) -> String {
        let subject = format!("Reminder from {}: {}", self.organization, self.assessment);
        header_text(&subject, 200)
    }

    fn usual_words(&self) -> Result<String, askama::Error> {
        let text = self.render()?;
        Ok(format!("{}\n", text.trim_end()))
    }
}

fn or(name: String, otherwise: &str) -> String {
    match name.is_empty() {
        true => otherwise.to_owned(),
        false => name,
    }
}
