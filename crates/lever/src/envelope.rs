//! The shapes in which answers come: `{"data": …}`, doubly nested, or bare.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct List<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// What to send as `offset` for the next page; `None` on the last one.
    pub next: Option<String>,
}

/// An answer that can't be read. It names the member and never repeats what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Not JSON, or cut off.
    #[error("Lever's answer is not JSON")]
    NotJson,
    /// JSON of another shape than Lever documents.
    #[error("Lever's answer can't be read at `{0}`")]
    Member(String),
}

/// Reads one object.
///
/// ```
/// let stage: lever::Stage = lever::single(br#"{"data":{"id":"offer","text":"Offer"}}"#)?;
/// assert_eq!(stage.text, "Offer");
/// # Ok::<(), lever::Unreadable>(())
/// ```
///
/// # Errors
///
/// [`Unreadable`]
pub fn single<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    read(unwrap(json(body)?, &mut Map::new()))
}

/// Reads one page of a list.
///
/// ```
/// let page = lever::list::<lever::Stage>(br#"{"data":[{"id":"offer"}],"hasNext":true,"next":"abc"}"#)?;
/// assert_eq!(page.next.as_deref(), Some("abc"));
/// # Ok::<(), lever::Unreadable>(())
/// ```
///
/// # Errors
///
/// [`Unreadable`]; also for a page that claims to have a next one and does not say where.
pub fn list<T: DeserializeOwned>(body: &[u8]) -> Result<List<T>, Unreadable> {
    let mut beside = Map::new();
    let items = read(unwrap(json(body)?, &mut beside))?;
    let next = next(&beside)?;
    Ok(List { items, next })
}

fn json(body: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(body).map_err(|_| Unreadable::NotJson)
}

/// Takes `data` out of whatever holds it, and keeps what stands beside it: paging, or what Lever may add one day.
fn unwrap(mut value: Value, beside: &mut Map<String, Value>) -> Value {
    loop {
        match value {
            Value::Object(mut members) if is_wrapper(&members) => {
                value = members.remove("data").unwrap_or_default();
                beside.append(&mut members);
            }
            bare => return bare,
        }
    }
}

/// An object that has an id or a text is the thing itself, whatever else it holds.
fn is_wrapper(members: &Map<String, Value>) -> bool {
    let is_thing = ["id", "noteId", "text"]
        .iter()
        .any(|name| members.contains_key(*name));
    members.contains_key("data") && !is_thing
}

/// Some lists have no `hasNext` at all: they have one page.
fn next(beside: &Map<String, Value>) -> Result<Option<String>, Unreadable> {
    if beside.get("hasNext") != Some(&Value::Bool(true)) {
        return Ok(None);
    }
    match beside.get("next") {
        Some(Value::String(next)) if !next.is_empty() => Ok(Some(next.clone())),
        _ => Err(Unreadable::Member("next".into())),
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Unreadable::Member(if path == "." { "data".into() } else { path })
    })
}
