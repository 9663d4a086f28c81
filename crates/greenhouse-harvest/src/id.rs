//! Ids: whole numbers, each of a space of its own.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names one record of the kind `R`.
///
/// Greenhouse has several ids for what sounds alike: an application's own stage is another than the job's stage, and a
/// referrer is no user. Here they do not mix. Read from a number or its digits.
///
/// ```
/// use greenhouse_harvest::JobId;
///
/// let id = JobId::new(4_100_000_123);
/// assert_eq!(id.get(), 4_100_000_123);
/// assert_eq!(serde_json::from_str::<JobId>("4100000123")?, id);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct Id<R> {
    number: i64,
    of: PhantomData<fn() -> R>,
}

impl<R> Id<R> {
    /// Takes any number.
    pub const fn new(number: i64) -> Self {
        Self {
            number,
            of: PhantomData,
        }
    }

    /// The number itself.
    pub const fn get(self) -> i64 {
        self.number
    }
}

impl<R> Clone for Id<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Id<R> {}

impl<R> PartialEq for Id<R> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<R> Eq for Id<R> {}

impl<R> PartialOrd for Id<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R> Ord for Id<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl<R> Hash for Id<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl<R> fmt::Debug for Id<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

impl<R> fmt::Display for Id<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

impl<R> From<i64> for Id<R> {
    fn from(number: i64) -> Self {
        Self::new(number)
    }
}

impl<R> From<Id<R>> for i64 {
    fn from(id: Id<R>) -> Self {
        id.number
    }
}

impl<R> Serialize for Id<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number)
    }
}

impl<'de, R> Deserialize<'de> for Id<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number).map(Self::new)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id: a whole number, or its digits")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::custom("beyond 64 bits"))
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<i64, E> {
        digits
            .trim()
            .parse()
            .map_err(|_| E::custom("not a whole number"))
    }
}
