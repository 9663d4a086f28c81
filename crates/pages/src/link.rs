//! Links to elsewhere, that cannot do anything but lead there.

use std::fmt;

/// An `http` or `https` address. Links that came from outside (an ATS, a vendor, a setting) are shown as this type
/// only, so that no `javascript:` or `data:` gets into a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebHref(String);

impl WebHref {
    /// Reads an address; `None` where it is none, or of another scheme.
    pub fn new(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| Self(url.into()))
    }

    /// The host it leads to, for people.
    pub fn host(&self) -> String {
        let url = url::Url::parse(&self.0).ok();
        url.and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

impl fmt::Display for WebHref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        for text in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/sign-out",
            "",
        ] {
            assert_eq!(WebHref::new(text), None, "{text}");
        }
        let link = WebHref::new("https://app.greenhouse.io/people/1?a=\"b").expect("a link");
        assert_eq!(link.host(), "app.greenhouse.io");
        assert_eq!(
            link.to_string(),
            "https://app.greenhouse.io/people/1?a=%22b"
        );
    }
}
