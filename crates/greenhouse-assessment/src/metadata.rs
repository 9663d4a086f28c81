//! The flat `metadata` of a result, which Greenhouse shows as labels and values.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

use crate::Score;
use crate::lenient::clean;

/// The most entries that are kept.
pub const METADATA_ENTRIES_MAX: usize = 20;

const LABEL_LENGTH_MAX: usize = 60;
const VALUE_LENGTH_MAX: usize = 500;

/// Labels and values in the order they were put in; a nested value cannot be expressed.
///
/// Greenhouse shows both as they are, so write "Started at", not `started_at`, and dates for people.
///
/// ```
/// use greenhouse_assessment::Metadata;
///
/// let metadata = Metadata::new()
///     .with("Recommendation", "Advance")
///     .with("Attempts", 2)
///     .with("Proctored", true);
/// assert_eq!(
///     serde_json::to_string(&metadata)?,
///     r#"{"Recommendation":"Advance","Attempts":2,"Proctored":"Yes"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(Vec<(String, MetadataValue)>);

/// One value: a text or a number. Made by `From`; a truth value becomes "Yes" or "No".
#[derive(Debug, Clone, PartialEq)]
pub struct MetadataValue(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text(String),
    Number(Score),
    Whole(i64),
}

/// A JSON value that is no text, number or truth value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("metadata is flat: each value has to be a text, a number or a truth value")]
pub struct NotFlat;

impl Metadata {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts one entry at the end.
    ///
    /// Control characters are taken out; a label is cut at 60 characters, a value at 500. A blank label or value adds
    /// nothing, nor does an entry beyond the twentieth: put the important ones first. A label that is there already gets
    /// the new value in its old place.
    #[must_use]
    pub fn with(mut self, label: &str, value: impl Into<MetadataValue>) -> Self {
        if let (Some(label), Some(value)) = (cut(label, LABEL_LENGTH_MAX), value.into().cleaned()) {
            self.put(label, value);
        }
        self
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries there are, at most [`METADATA_ENTRIES_MAX`].
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn put(&mut self, label: String, value: MetadataValue) {
        if let Some(entry) = self.0.iter_mut().find(|(known, _)| *known == label) {
            entry.1 = value;
        } else if self.0.len() < METADATA_ENTRIES_MAX {
            self.0.push((label, value));
        }
    }
}

impl MetadataValue {
    fn cleaned(self) -> Option<Self> {
        match self.0 {
            Kind::Text(text) => cut(&text, VALUE_LENGTH_MAX).map(|text| Self(Kind::Text(text))),
            number => Some(Self(number)),
        }
    }
}

fn cut(text: &str, most: usize) -> Option<String> {
    // White space stays a word's end where a line break stood.
    let text = text.replace(['\n', '\r', '\t'], " ");
    let text = clean(&text)?;
    if text.chars().count() <= most {
        return Some(text);
    }
    let kept: String = text.chars().take(most - 1).collect();
    Some(kept + "…")
}

impl From<&str> for MetadataValue {
    fn from(text: &str) -> Self {
        Self(Kind::Text(text.to_owned()))
    }
}

impl From<String> for MetadataValue {
    fn from(text: String) -> Self {
        Self(Kind::Text(text))
    }
}

impl From<bool> for MetadataValue {
    fn from(truth: bool) -> Self {
        Self::from(if truth { "Yes" } else { "No" })
    }
}

impl From<Score> for MetadataValue {
    fn from(score: Score) -> Self {
        Self(Kind::Number(score))
    }
}

impl From<i64> for MetadataValue {
    fn from(number: i64) -> Self {
        Self(Kind::Whole(number))
    }
}

impl From<i32> for MetadataValue {
    fn from(number: i32) -> Self {
        Self(Kind::Whole(number.into()))
    }
}

impl From<u32> for MetadataValue {
    fn from(number: u32) -> Self {
        Self(Kind::Whole(number.into()))
    }
}

/// Takes a value from JSON that somebody else wrote; fails on `null`, arrays and objects.
impl TryFrom<&Value> for MetadataValue {
    type Error = NotFlat;

    fn try_from(value: &Value) -> Result<Self, NotFlat> {
        match value {
            Value::String(text) => Ok(text.as_str().into()),
            Value::Bool(truth) => Ok((*truth).into()),
            Value::Number(number) => match number.as_i64() {
                Some(whole) => Ok(whole.into()),
                None => number
                    .as_f64()
                    .and_then(Score::new)
                    .map(Into::into)
                    .ok_or(NotFlat),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => Err(NotFlat),
        }
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (label, value) in &self.0 {
            map.serialize_entry(label, value)?;
        }
        map.end()
    }
}

impl Serialize for MetadataValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Kind::Text(text) => serializer.serialize_str(text),
            Kind::Number(number) => number.serialize(serializer),
            Kind::Whole(number) => serializer.serialize_i64(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn json_of(metadata: &Metadata) -> Value {
        serde_json::to_value(metadata).expect("JSON")
    }

    #[test]
    fn long_texts_are_cut_and_show_it() {
        let metadata = Metadata::new().with(&"l".repeat(61), "v".repeat(501));
        let expected = json!({ "l".repeat(59) + "…": "v".repeat(499) + "…" });
        assert_eq!(json_of(&metadata), expected);
    }

    #[test]
    fn blank_entries_are_left_out_and_line_breaks_become_spaces() {
        let metadata = Metadata::new()
            .with(" ", "x")
            .with("Nothing", "\u{7}")
            .with("Comment\u{0}", "two\nlines");
        assert_eq!(json_of(&metadata), json!({"Comment": "two lines"}));
    }

    #[test]
    fn a_repeated_label_keeps_its_place() {
        let metadata = Metadata::new().with("A", 1).with("B", 2).with("A", 3);
        let json = serde_json::to_string(&metadata).expect("JSON");
        assert_eq!(json, r#"{"A":3,"B":2}"#);
    }

    #[test]
    fn the_twenty_first_entry_is_left_out() {
        let metadata = (0..30).fold(Metadata::new(), |metadata, number| {
            metadata.with(&format!("Entry {number}"), number)
        });
        assert_eq!(metadata.len(), METADATA_ENTRIES_MAX);
        assert_eq!(json_of(&metadata).get("Entry 20"), None);
    }

    #[test]
    fn foreign_json_is_taken_only_if_flat() {
        for value in [json!(null), json!([1]), json!({"a": 1})] {
            assert_eq!(MetadataValue::try_from(&value), Err(NotFlat));
        }
        for value in [json!("a"), json!(1), json!(1.5), json!(u64::MAX)] {
            let taken = MetadataValue::try_from(&value).expect("flat");
            assert!(!Metadata::new().with("A", taken).is_empty());
        }
    }

    proptest! {
        #[test]
        fn metadata_is_never_nested(entries in prop::collection::vec((".*", ".*", any::<f64>()), 0..40)) {
            let mut metadata = Metadata::new();
            for (label, text, number) in &entries {
                metadata = metadata.with(label, text.as_str());
                if let Some(number) = Score::new(*number) {
                    metadata = metadata.with(&format!("{label} number"), number);
                }
            }
            let json = json_of(&metadata);
            let object = json.as_object().expect("an object");
            prop_assert!(object.len() <= METADATA_ENTRIES_MAX);
            for (label, value) in object {
                prop_assert!((1..=60).contains(&label.chars().count()));
                prop_assert!(!label.contains(char::is_control));
                prop_assert!(value.is_number() || value.as_str().is_some_and(|text| text.chars().count() <= 500));
            }
        }
    }
}
