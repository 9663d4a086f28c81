//! A mail to somebody who runs things: an admin, an operator.

use crate::html;
use crate::invitation::{RenderError, Rendered};
use crate::{header_text, plain_name};

/// What happened and where to do something about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One line.
    pub subject: String,
    /// What happened, and what to do.
    pub paragraphs: Vec<String>,
    /// Where to do it, `http` or `https`.
    pub link: String,
    /// What the button to there says.
    pub button: &'static str,
    /// The vendor's name (`platform.name`), at the mail's end.
    pub platform: String,
}

impl Notice {
    /// Subject, text and HTML.
    ///
    /// # Errors
    ///
    /// [`RenderError::Template`] where our template could not be written.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        let subject = header_text(&self.subject, 200);
        let link = header_text(&self.link, 2000);
        let mut parts = self.paragraphs.clone();
        parts.push(link.clone());
        parts.push(plain_name(&self.platform));
        let text = format!("{}\n", parts.join("\n\n").trim_end());
        let html = html::page(&subject, &text, &link, self.button)?;
        Ok(Rendered {
            subject,
            text,
            html,
        })
    }
}
