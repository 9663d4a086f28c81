//! The shapes in which answers come: bare arrays, bare objects, and three kinds of errors.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// An answer that can't be read. It names the member and never repeats what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Not JSON, or cut off.
    #[error("Greenhouse's answer is not JSON")]
    NotJson,
    /// JSON of another shape than Greenhouse documents.
    #[error("Greenhouse's answer can't be read at `{0}`")]
    Member(String),
}

/// Reads an answer: a record, or a `Vec` of them.
///
/// ```
/// let jobs: Vec<greenhouse_harvest::Job> = greenhouse_harvest::read(br#"[{"id":7,"name":"Engineer"}]"#)?;
/// assert_eq!(jobs[0].name, "Engineer");
/// # Ok::<(), greenhouse_harvest::Unreadable>(())
/// ```
///
/// # Errors
///
/// [`Unreadable`]
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    let value: Value = serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Unreadable::Member(if path == "." { "the top".into() } else { path })
    })
}

/// What Greenhouse says of an error. `Debug` and `Display` of those who hold it leave it out: it may name a person.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Complaint {
    /// In a few words, or the first 500 characters of a body that was not JSON.
    pub message: String,
    /// One by one, in Greenhouse's order.
    pub details: Vec<Detail>,
}

/// One thing that Greenhouse does not like.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detail {
    /// With which member, where it says so.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// What is kept of a text.
const TEXT_LENGTH_MAX: usize = 500;

/// How many details are kept.
const DETAILS_MAX: usize = 50;

impl Complaint {
    /// Reads the body of an answer that is no 2xx, whatever it is.
    pub fn read(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(body) => Self::of(&body),
            Err(_) => Self {
                message: shortened(&String::from_utf8_lossy(body)),
                details: Vec::new(),
            },
        }
    }

    fn of(body: &Value) -> Self {
        let mut details = Vec::new();
        if let Some(errors) = body.get("errors") {
            collect(errors, &mut details);
        }
        details.truncate(DETAILS_MAX);
        let message = body.get("message").and_then(Value::as_str);
        Self {
            message: shortened(message.unwrap_or_default()),
            details,
        }
    }
}

/// A text, an object of texts by field, or an object with a message and perhaps a field; or a list of these.
fn collect(errors: &Value, details: &mut Vec<Detail>) {
    match errors {
        Value::String(message) => details.push(Detail::new(None, message)),
        Value::Array(errors) => errors.iter().for_each(|error| collect(error, details)),
        Value::Object(members) => match members.get("message").and_then(Value::as_str) {
            Some(message) => {
                let field = members.get("field").and_then(Value::as_str);
                details.push(Detail::new(field, message));
            }
            None => by_field(members, details),
        },
        _ => {}
    }
}

fn by_field(members: &serde_json::Map<String, Value>, details: &mut Vec<Detail>) {
    for (field, messages) in members {
        let many = messages.as_array().map(Vec::as_slice);
        let messages = many.unwrap_or(std::slice::from_ref(messages));
        let texts = messages.iter().filter_map(Value::as_str);
        details.extend(texts.map(|message| Detail::new(Some(field), message)));
    }
}

impl Detail {
    fn new(field: Option<&str>, message: &str) -> Self {
        Self {
            field: field.map(shortened),
            message: shortened(message),
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_LENGTH_MAX).collect()
}

impl std::fmt::Debug for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Complaint")
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Detail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detail")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}
