//! The person who is asked.

use std::fmt;

use chrono::{DateTime, Utc};
use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

/// An e-mail address that a mail can be sent to: one address, with a dotted domain, at most 254 bytes.
///
/// Keeps the spelling it came with (the local part may be case sensitive); [`Email::key`] is what is compared.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// Why a text is not an address we mail to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Longer than 254 bytes.
    #[error("is longer than 254 characters")]
    TooLong,
    /// Not `name@host.tld`.
    #[error("is not an e-mail address such as name@example.com")]
    Shape,
}

impl Email {
    /// Reads an address from text; surrounding white space is ignored.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        // A quoted local part is legal, but no mail library in reach can send to one.
        let refused = text.contains(|c: char| c == '"' || c.is_control() || c.is_whitespace());
        let options = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        match EmailAddress::parse_with_options(text, options) {
            Ok(_) if !refused => Ok(Self(text.to_owned())),
            _ => Err(EmailError::Shape),
        }
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which one organization knows one person: trimmed and lower-cased.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part before the `@`: a salutation where no name is known.
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

// An address is personal: it does not show up in a log by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// What an ask told about the person; an invite keeps the names it came with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateDetails {
    /// First name; may be empty in what an ATS sends.
    #[serde(default)]
    pub first_name: String,
    /// Last name; may be empty in what an ATS sends.
    #[serde(default)]
    pub last_name: String,
    /// The name the person goes by.
    #[serde(default)]
    pub preferred_name: Option<String>,
    /// Where the invitation goes.
    pub email: Email,
    /// Free text as given.
    #[serde(default)]
    pub phone: Option<String>,
    /// Profile on LinkedIn.
    #[serde(default)]
    pub linkedin_url: Option<String>,
    /// When the person was erased: nothing else here tells of them then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for CandidateDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CandidateDetails(…)")
    }
}

/// Stands where an address was: it has an address' form and leads nowhere (RFC 2606).
const ERASED: &str = "erased@erased.invalid";

impl CandidateDetails {
    /// What is left of a person who was erased at `at`.
    pub fn erased(at: DateTime<Utc>) -> Self {
        Self {
            first_name: String::new(),
            last_name: String::new(),
            preferred_name: None,
            email: Email(ERASED.to_owned()),
            phone: None,
            linkedin_url: None,
            erased_at: Some(at),
        }
    }

    /// Was the person erased?
    pub fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }

    /// How a mail greets the person: preferred name, else first name, else the address before the `@`.
    pub fn salutation(&self) -> &str {
        let named = [
            self.preferred_name.as_deref().unwrap_or_default(),
            &self.first_name,
        ]
        .into_iter()
        .map(str::trim)
        .find(|name| !name.is_empty());
        named.unwrap_or_else(|| self.email.local_part())
    }

    /// First and last name, or the address where there is neither.
    pub fn full_name(&self) -> String {
        if self.is_erased() {
            return "Erased candidate".to_owned();
        }
        let name = format!("{} {}", self.first_name.trim(), self.last_name.trim());
        match name.trim() {
            "" => self.email.as_str().to_owned(),
            name => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_mailed_are_refused() {
        for bad in [
            "",
            "a",
            "a@b",
            "a@[127.0.0.1]",
            "Name <a@b.org>",
            "\"a b\"@x.org",
            "a@b.org\r\nBcc: c@d.org",
            "a b@c.org",
        ] {
            assert_eq!(Email::parse(bad), Err(EmailError::Shape), "{bad:?}");
        }
        assert_eq!(
            Email::parse(&format!("{}@b.org", "a".repeat(260))),
            Err(EmailError::TooLong)
        );
    }

    #[test]
    fn the_key_folds_case_and_the_address_keeps_it() {
        let email = Email::parse(" Zoe.N@Candidate.Example ").expect("a good address");
        assert_eq!(email.as_str(), "Zoe.N@Candidate.Example");
        assert_eq!(email.key(), "zoe.n@candidate.example");
    }

    #[test]
    fn salutation_falls_back_step_by_step() {
        let mut who = CandidateDetails {
            first_name: "Zoë".into(),
            last_name: String::new(),
            preferred_name: Some(" Zo ".into()),
            email: Email::parse("z@candidate.example").expect("a good address"),
            phone: None,
            linkedin_url: None,
            erased_at: None,
        };
        assert_eq!(who.salutation(), "Zo");
        who.preferred_name = Some("  ".into());
        assert_eq!(who.salutation(), "Zoë");
        who.first_name = String::new();
        assert_eq!(who.salutation(), "z");
        assert_eq!(who.full_name(), "z@candidate.example");
    }
}
