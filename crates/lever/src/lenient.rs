//! How members are read that Lever leaves out, blanks or writes in two ways.

use serde::{Deserialize, Deserializer};

/// `null` is the same as absent.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A whole number, or its digits as text; anything else is absent.
pub(crate) fn number<'de, D>(deserializer: D) -> Result<Option<u64>, D::Error>
where
    D: Deserializer<'de>,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(match &value {
        serde_json::Value::String(digits) => digits.trim().parse().ok(),
        other => other.as_u64(),
    })
}
