//! The mail that reminds a candidate of the deadline.

use askama::Template;

use crate::html;
use crate::invitation::{Invitation, RenderError, Rendered, Values};

/// The words of a reminder, as plain text.
#[derive(Template)]
#[template(path = "reminder.txt")]
struct Text<'a> {
    words: &'a Values,
    started: bool,
}

impl Invitation {
    /// Subject, text and HTML of the mail that reminds of this invitation. The words are ours: the organization's own ones are
    /// written to invite. `started` says whether the candidate has begun.
    ///
    /// # Errors
    ///
    /// [`RenderError::Template`] where our template could not be written.
    pub fn remind(&self, started: bool) -> Result<Rendered, RenderError> {
        let words = Values::of(self);
        let subject = words.subject_of_reminder();
        let text = Text {
            words: &words,
            started,
        };
        let text = format!("{}\n", text.render()?.trim_end());
        let html = html::page(&subject, &text, &words.link, html::OPEN)?;
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }
}
