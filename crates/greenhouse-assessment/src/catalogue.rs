//! What `list_tests` and `send_test` answer.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::lenient::clean;

/// One entry of `list_tests`: a test that may be sent now.
///
/// ```
/// use greenhouse_assessment::Test;
///
/// let test = Test::new("tst_1", "Rust basics");
/// assert_eq!(
///     serde_json::to_string(&test)?,
///     r#"{"partner_test_id":"tst_1","partner_test_name":"Rust basics"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Test {
    /// Names the test for ever: Greenhouse keeps it with the stage.
    #[serde(rename = "partner_test_id")]
    pub id: String,
    /// All that the recruiter sees in the list, so it should be there once only.
    #[serde(rename = "partner_test_name")]
    pub name: String,
}

impl Test {
    /// Control characters are taken out of the name; a blank name becomes the id, so that there is something to choose.
    pub fn new(id: impl Into<String>, name: &str) -> Self {
        let id = id.into();
        let name = clean(name).unwrap_or_else(|| id.clone());
        Self { id, name }
    }
}

/// The partner's own id of one sending: this candidate, this test, this time.
///
/// Greenhouse sends it back in a query string, so it is held to letters, digits, `_` and `-`, at most 64 of them. Whatever
/// else comes in cannot have been handed out and is answered 404 without asking the partner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InterviewId(String);

/// A text that can be no [`InterviewId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an interview id is 1 to 64 letters, digits, _ or -")]
pub struct BadInterviewId;

impl InterviewId {
    /// Takes the id as text.
    ///
    /// # Errors
    ///
    /// [`BadInterviewId`] for anything but 1 to 64 letters (ASCII), digits, `_` and `-`.
    pub fn new(text: impl Into<String>) -> Result<Self, BadInterviewId> {
        let text = text.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if matches!(text.len(), 1..=64) && text.bytes().all(plain) {
            Ok(Self(text))
        } else {
            Err(BadInterviewId)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InterviewId {
    type Err = BadInterviewId;

    fn from_str(text: &str) -> Result<Self, BadInterviewId> {
        Self::new(text)
    }
}

impl fmt::Display for InterviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Written as the whole answer of `send_test`: `{"partner_interview_id": "…"}`.
impl Serialize for InterviewId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Sent<'a> {
            partner_interview_id: &'a str,
        }
        Sent {
            partner_interview_id: &self.0,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn an_interview_id_is_written_as_the_answer_of_send_test() {
        let id = InterviewId::new("inv_01J9-x").expect("an id");
        let json = serde_json::to_string(&id).expect("JSON");
        assert_eq!(json, r#"{"partner_interview_id":"inv_01J9-x"}"#);
    }

    #[rstest]
    #[case("")]
    #[case("owner/repo/12")]
    #[case("a b")]
    #[case("ä")]
    #[case("a\0")]
    #[case(&"a".repeat(65))]
    fn other_texts_are_no_interview_ids(#[case] text: &str) {
        assert_eq!(InterviewId::new(text), Err(BadInterviewId));
    }

    #[test]
    fn a_test_without_a_name_shows_its_id() {
        assert_eq!(Test::new("tst_1", " \n").name, "tst_1");
        assert_eq!(Test::new("tst_1", "Rust\u{7}\n ").name, "Rust");
    }
}
