//! The members of a body.

use serde_json::{Map, Value};

use super::problem::Problem;

/// Members by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    /// Reads a body.
    ///
    /// # Errors
    /// 422: it is no JSON object.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let body = serde_json::from_slice(body);
        body.map(Self)
            .map_err(|_| Problem::sentence("The body has to be a JSON object."))
    }

    /// Whether a member stands there and is not `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Problem::field(name, "It has to be a text.")),
        }
    }

    /// A text that must not be missing or blank.
    pub(crate) fn required_text(&self, name: &str) -> Result<String, Problem> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| Problem::field(name, "It must be given."))
    }

    /// An id.
    pub(crate) fn id(&self, name: &str) -> Result<Option<u64>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(value) => {
                let id = value.as_u64();
                let bad = || Problem::field(name, "It has to be an id.");
                id.ok_or_else(bad).map(Some)
            }
        }
    }

    /// An id that must not be missing.
    pub(crate) fn required_id(&self, name: &str) -> Result<u64, Problem> {
        let missing = || Problem::field(name, "It must be given.");
        self.id(name)?.ok_or_else(missing)
    }

    /// A list of ids.
    pub(crate) fn ids(&self, name: &str) -> Result<Vec<u64>, Problem> {
        let bad = || Problem::field(name, "It has to be a list of ids.");
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(ids)) => ids.iter().map(|id| id.as_u64().ok_or_else(bad)).collect(),
            Some(_) => Err(bad()),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let bad = || Problem::field(name, "It has to be a list of texts.");
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(texts)) => {
                let texts = texts.iter().map(|text| text.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<_>>>().ok_or_else(bad).map(Some)
            }
            Some(_) => Err(bad()),
        }
    }

    /// One of some words, which must not be missing, as it is read.
    pub(crate) fn word(
        &self,
        name: &str,
        words: &[(&str, &'static str)],
    ) -> Result<&'static str, Problem> {
        let given = self.required_text(name)?;
        let known = words.iter().find(|(word, _)| *word == given);
        let bad = || Problem::field(name, "It is none of the values that can be written.");
        known.map(|(_, read)| *read).ok_or_else(bad)
    }
}
