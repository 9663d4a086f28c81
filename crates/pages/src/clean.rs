//! HTML that templates show as it is.

use std::fmt;

use app::clean_html;
use askama::filters::HtmlSafe;

/// HTML that went through the allow-list of [`clean_html`]: the only HTML in Baton that templates show as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanHtml(String);

// Made by `CleanHtml::from_source` alone.
impl HtmlSafe for CleanHtml {}

impl fmt::Display for CleanHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CleanHtml {
    /// What is harmless in `source`; `None` where nothing is left to read.
    pub fn from_source(source: &str) -> Option<Self> {
        clean_html(source).map(Self)
    }
}
