//! Two layers, file and environment, read key by key; faults are collected on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use config::{Config, Environment, File, FileFormat, Map, Value, ValueKind};

use crate::{Fault, Faults};

const PREFIX: &str = "BATON";
const SEPARATOR: &str = "__";

/// Why a value cannot be used and what to do, or the value.
pub(crate) type Parsed<T> = Result<T, String>;

/// What was set, and what was wrong with it so far.
pub(crate) struct Reader {
    values: BTreeMap<String, Value>,
    /// The environment variable that set a key.
    variables: BTreeMap<String, String>,
    known: BTreeSet<&'static str>,
    faults: Vec<Fault>,
}

impl Reader {
    /// Lays the environment over the file.
    pub(crate) fn layered(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let env: BTreeMap<String, String> = env.filter(|(name, _)| is_ours(name)).collect();
        let variables = env
            .keys()
            .map(|name| (key_of(name), name.clone()))
            .collect();
        let environment = Environment::with_prefix(PREFIX)
            .prefix_separator(SEPARATOR)
            .separator(SEPARATOR)
            .source(Some(env.into_iter().collect()));
        let mut builder = Config::builder();
        if let Some(path) = file {
            builder = builder.add_source(File::from_str(&text_of(path)?, FileFormat::Toml));
        }
        let merged = builder
            .add_source(environment)
            .build()
            .map_err(|error| unreadable(file, &error.to_string()))?;
        let mut values = BTreeMap::new();
        flatten("", merged.cache, &mut values);
        Ok(Self {
            values,
            variables,
            known: BTreeSet::new(),
            faults: Vec::new(),
        })
    }

    /// A value that has a default.
    pub(crate) fn one<T>(
        &mut self,
        key: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> T {
        let given = self.text(key).and_then(|text| match text.as_str() {
            "" => {
                self.fault(key, "is empty; give it a value or take the key out");
                None
            }
            text => self.keep(key, parse(text)),
        });
        given.unwrap_or(default)
    }

    /// A value that may be missing; an empty text is a missing one.
    pub(crate) fn maybe<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Parsed<T>,
    ) -> Option<T> {
        let text = self.text(key).filter(|text| !text.is_empty())?;
        self.keep(key, parse(&text))
    }

    /// A list that has a default: a list in the file, a JSON array or a comma-separated text in the environment.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        default: impl FnOnce() -> Vec<T>,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Vec<T> {
        self.known.insert(key);
        let Some(value) = self.values.get(key) else {
            return default();
        };
        let items =
            items_of(value).and_then(|items| items.iter().map(|item| parse(item)).collect());
        self.keep(key, items).unwrap_or_default()
    }

    /// Notes what is wrong with `key`.
    pub(crate) fn fault(&mut self, key: &str, problem: impl Into<String>) {
        self.faults.push(Fault {
            key: key.to_owned(),
            variable: self.variables.get(key).cloned(),
            problem: problem.into(),
        });
    }

    /// Has nothing been wrong with `key` so far?
    pub(crate) fn is_sound(&self, key: &str) -> bool {
        self.faults.iter().all(|fault| fault.key != key)
    }

    /// Answers every fault found, those of unknown keys last.
    pub(crate) fn finish(mut self) -> Result<(), Faults> {
        let unknown: BTreeSet<String> = self
            .values
            .iter()
            .filter(|(key, value)| !self.knows(key, value))
            .map(|(key, _)| key)
            .chain(
                self.variables
                    .keys()
                    .filter(|key| !self.known.contains(key.as_str())),
            )
            .cloned()
            .collect();
        for key in unknown {
            let problem = self.what_there_is_instead_of(&key);
            self.fault(&key, problem);
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Faults(self.faults))
        }
    }

    fn text(&mut self, key: &'static str) -> Option<String> {
        self.known.insert(key);
        let text = text_in(self.values.get(key)?);
        if text.is_none() {
            self.fault(key, "has to be one value, not a list or a section");
        }
        text
    }

    fn keep<T>(&mut self, key: &'static str, parsed: Parsed<T>) -> Option<T> {
        parsed.map_err(|problem| self.fault(key, problem)).ok()
    }

    /// An empty section is no fault where one of that name exists.
    fn knows(&self, key: &str, value: &Value) -> bool {
        let is_section = || {
            self.known.iter().any(|known| {
                known
                    .strip_prefix(key)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
        };
        self.known.contains(key) || (matches!(value.kind, ValueKind::Table(_)) && is_section())
    }

    fn what_there_is_instead_of(&self, key: &str) -> String {
        let section = key.split('.').next().unwrap_or(key);
        let siblings: Vec<&str> = self
            .known
            .iter()
            .filter_map(|known| known.strip_prefix(section)?.strip_prefix('.'))
            .collect();
        if !siblings.is_empty() {
            let siblings = siblings.join(", ");
            return format!("is not a setting; `{section}` has {siblings}");
        }
        let sections: BTreeSet<&str> = self
            .known
            .iter()
            .filter_map(|known| known.split('.').next())
            .collect();
        let sections: Vec<&str> = sections.into_iter().collect();
        format!("is not a setting; there are {}", sections.join(", "))
    }
}

fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.starts_with(SEPARATOR))
}

/// `BATON__HTTP__LISTEN` is `http.listen`.
fn key_of(name: &str) -> String {
    let start = PREFIX.len() + SEPARATOR.len();
    name[start..].to_lowercase().replace(SEPARATOR, ".")
}

fn text_of(path: &Path) -> Result<String, Faults> {
    std::fs::read_to_string(path)
        .map_err(|error| unreadable(Some(path), &format!("cannot be read: {error}")))
}

fn unreadable(file: Option<&Path>, problem: &str) -> Faults {
    let key = file.map_or_else(|| PREFIX.to_owned(), |path| path.display().to_string());
    Faults::from(Fault {
        key,
        variable: None,
        problem: problem.trim_end().to_owned(),
    })
}

fn flatten(key: &str, value: Value, into: &mut BTreeMap<String, Value>) {
    match value.kind {
        ValueKind::Table(table) if key.is_empty() || !table.is_empty() => {
            flatten_table(key, table, into);
        }
        _ => {
            into.insert(key.to_owned(), value);
        }
    }
}

fn flatten_table(key: &str, table: Map<String, Value>, into: &mut BTreeMap<String, Value>) {
    for (name, value) in table {
        let key = if key.is_empty() {
            name
        } else {
            format!("{key}.{name}")
        };
        flatten(&key, value, into);
    }
}

fn text_in(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Nil | ValueKind::Table(_) | ValueKind::Array(_) => None,
        ValueKind::String(text) => Some(text.trim().to_owned()),
        kind => Some(kind.to_string()),
    }
}

fn items_of(value: &Value) -> Parsed<Vec<String>> {
    const SHAPE: &str = "has to be a list of plain values";
    match &value.kind {
        ValueKind::Array(items) => items.iter().map(text_in).collect::<Option<_>>(),
        ValueKind::String(text) if text.trim_start().starts_with('[') => items_of_json(text),
        ValueKind::String(text) => Some(items_between_commas(text)),
        ValueKind::Table(_) => None,
        _ => text_in(value).map(|item| vec![item]),
    }
    .ok_or_else(|| SHAPE.to_owned())
}

fn items_of_json(text: &str) -> Option<Vec<String>> {
    let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    items
        .into_iter()
        .map(|item| match item {
            serde_json::Value::String(text) => Some(text.trim().to_owned()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
}

fn items_between_commas(text: &str) -> Vec<String> {
    let items = text.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}
