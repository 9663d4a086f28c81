//! The texts people give us: trimmed, without control characters, of limited length; and all their faults at once.

use domain::limited;
use url::Url;

use crate::{Error, Fault, Result};

/// The longest URL we take.
const URL: usize = 2048;

/// A text that has to say something, of at most `most` characters.
pub(crate) fn required(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    match capped(field, text, most)? {
        text if text.is_empty() => Err(Fault::new(field, "is empty")),
        text => Ok(text),
    }
}

/// A text of at most `most` characters.
pub(crate) fn capped(field: &str, text: &str, most: usize) -> Result<String, Fault> {
    let too_long = || Fault::new(field, format!("is longer than {most} characters"));
    limited(text, most).ok_or_else(too_long)
}

/// A link that browsers follow: https, or http to this machine where `loopback` allows it.
pub(crate) fn web_link(field: &str, text: &str, loopback: bool) -> Result<String, Fault> {
    let text = required(field, text, URL)?;
    let sound = Url::parse(&text).is_ok_and(|url| is_web_link(&url, loopback));
    let problem = "has to be an https URL such as https://example.com/page";
    sound
        .then_some(text)
        .ok_or_else(|| Fault::new(field, problem))
}

fn is_web_link(url: &Url, loopback: bool) -> bool {
    let plain = url.username().is_empty() && url.password().is_none();
    let local = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    plain && (url.scheme() == "https" || (url.scheme() == "http" && loopback && local))
}

/// All that is at fault in one input.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one.
    pub(crate) fn add(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        self.0.push(Fault::new(field, problem));
    }

    /// Puts a text that was judged good into its place, or keeps the fault.
    pub(crate) fn place(&mut self, judged: Result<String, Fault>, place: &mut String) {
        match judged {
            Ok(text) => *place = text,
            Err(fault) => self.0.push(fault),
        }
    }

    /// An error that names all of them, if there are any.
    pub(crate) fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::Unprocessable(self.0))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Unprocessable(vec![fault])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_link_is_https_or_where_allowed_loopback() {
        for (text, strict, loopback) in [
            ("https://example.com/a?b", true, true),
            (" https://example.com ", true, true),
            ("http://127.0.0.1:8090/run", false, true),
            ("http://[::1]/run", false, true),
            ("http://localhost:1/run", false, true),
            ("http://example.com", false, false),
            ("https://user:secret@example.com", false, false),
            ("javascript:alert(1)", false, false),
            ("//example.com", false, false),
            ("", false, false),
        ] {
            assert_eq!(web_link("x", text, false).is_ok(), strict, "{text}");
            assert_eq!(web_link("x", text, true).is_ok(), loopback, "{text}");
        }
        let long = format!("https://example.com/{}", "a".repeat(2048));
        assert!(web_link("x", &long, false).is_err());
    }

    #[test]
    fn all_faults_are_named_and_good_texts_are_kept_trimmed() {
        let mut faults = Faults::default();
        let (mut name, mut empty) = (" Ada ".to_owned(), "  ".to_owned());
        faults.place(required("name", &name.clone(), 10), &mut name);
        faults.place(required("title", &empty.clone(), 10), &mut empty);
        faults.add("points", "is below 0");
        assert_eq!(name, "Ada");
        let told = faults.into_result().expect_err("two faults").to_string();
        assert_eq!(told, "title is empty; points is below 0");
    }
}
