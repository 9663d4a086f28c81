//! A member that holds an id, or the whole object where `expand` asked for it.

use serde::{Deserialize, Serialize};

/// A resource that can be named by an id.
pub trait Identified {
    /// The type of its id.
    type Id;

    /// Its id.
    fn id(&self) -> &Self::Id;
}

/// An id, or the whole object where `expand` asked for it.
///
/// ```
/// use lever::{Expandable, Stage};
///
/// let short: Expandable<Stage> = serde_json::from_str(r#""applicant-new""#)?;
/// let full: Expandable<Stage> = serde_json::from_str(r#"{"id":"applicant-new","text":"New applicant"}"#)?;
/// assert_eq!(short.id(), full.id());
/// assert_eq!(full.full().map(|stage| stage.text.as_str()), Some("New applicant"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    bound(
        serialize = "T: Serialize, T::Id: Serialize",
        deserialize = "T: Deserialize<'de>, T::Id: Deserialize<'de>"
    )
)]
pub enum Expandable<T: Identified> {
    /// Only the id.
    Id(T::Id),
    /// The whole object.
    Full(Box<T>),
}

impl<T: Identified> Expandable<T> {
    /// The id, in either form.
    pub fn id(&self) -> &T::Id {
        match self {
            Self::Id(id) => id,
            Self::Full(object) => object.id(),
        }
    }

    /// The whole object, where it was asked for.
    pub fn full(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Full(object) => Some(object),
        }
    }
}
