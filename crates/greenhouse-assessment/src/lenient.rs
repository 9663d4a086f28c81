//! How members of a JSON object are read: lenient where it is decoration, exact where something hangs on it.

use serde_json::{Map, Value};

pub(crate) type Object = Map<String, Value>;

/// Longer addresses reach no server, and fit in no index.
pub(crate) const ADDRESS_LENGTH_MAX: usize = 2048;

const ID_LENGTH_MAX: usize = 255;

/// Greenhouse's own bodies are three levels deep.
const DEPTH_MAX: usize = 32;

/// What a body lacks. The messages name the member and never repeat what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Not JSON in UTF-8, or nested beyond reason.
    #[error("The body is not JSON: send one JSON object in UTF-8.")]
    NotJson,
    /// JSON, but not an object.
    #[error("The body is not a JSON object: send one object with the members of send_test.")]
    NotAnObject,
    /// `partner_test_id` is a text that no partner hands out: longer than 255 characters, or with control characters.
    #[error("There is no such test: send an id that list_tests names.")]
    UnknownTest,
    /// A member that is needed is absent, null or blank.
    #[error("{field} is missing: send {expected}.")]
    Missing {
        /// Its path in the body.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
    /// A member is there, but not as it has to be.
    #[error("{field} can't be used: send {expected}.")]
    Unusable {
        /// Its path in the body.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
}

/// Reads a body as one object. A byte order mark is skipped.
pub(crate) fn object(body: &[u8]) -> Result<Object, Fault> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let value: Value = serde_json::from_slice(body).map_err(|_| Fault::NotJson)?;
    if depth(&value) > DEPTH_MAX {
        return Err(Fault::NotJson);
    }
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Fault::NotAnObject),
    }
}

/// How deep lists and objects are nested. The parser ends at 128, so that this ends too.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Text for people: without control characters, trimmed; a whole number is taken as its digits. Blank and anything else
/// count as absent.
pub(crate) fn text(object: &Object, member: &str) -> Option<String> {
    match object.get(member)? {
        Value::String(text) => clean(text),
        Value::Number(number) => digits(number),
        _ => None,
    }
}

/// A test's id: text or a whole number, since samples of 2016 and 2017 show numbers.
pub(crate) fn test_id(object: &Object) -> Result<Option<String>, Fault> {
    const UNUSABLE: Fault = Fault::Unusable {
        field: "partner_test_id",
        expected: "a text or a whole number",
    };
    match object.get("partner_test_id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => plain(text, ID_LENGTH_MAX)
            .ok_or(Fault::UnknownTest)
            .map(filled),
        Some(Value::Number(number)) => digits(number).map(Some).ok_or(UNUSABLE),
        Some(_) => Err(UNUSABLE),
    }
}

/// An address that will be called: its form is not judged here, its length is.
pub(crate) fn address(
    object: &Object,
    member: &str,
    field: &'static str,
) -> Result<Option<String>, Fault> {
    const EXPECTED: &str = "an https address of at most 2048 characters";
    let unusable = Fault::Unusable {
        field,
        expected: EXPECTED,
    };
    match object.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => plain(text, ADDRESS_LENGTH_MAX).ok_or(unusable).map(filled),
        Some(_) => Err(unusable),
    }
}

/// A whole number beyond 32 bits, or its digits as text.
pub(crate) fn number(object: &Object, member: &str) -> Option<u64> {
    match object.get(member)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(crate) fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    filled(text.trim())
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The text trimmed, if it is short enough and holds no control character.
fn plain(text: &str, most: usize) -> Option<&str> {
    let text = text.trim();
    let plain = text.chars().count() <= most && !text.contains(char::is_control);
    plain.then_some(text)
}

fn digits(number: &serde_json::Number) -> Option<String> {
    (number.is_u64() || number.is_i64()).then(|| number.to_string())
}
