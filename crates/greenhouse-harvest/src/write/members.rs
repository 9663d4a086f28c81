//! Members of a body, set one by one.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::CustomFieldId;

/// What was set, by Greenhouse's names. `Debug` shows the names alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Members(pub(super) Map<String, Value>);

impl Members {
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(super) fn push(&mut self, name: &str, value: Value) {
        match self.0.get_mut(name).and_then(Value::as_array_mut) {
            Some(values) => values.push(value),
            None => self.set(name, vec![value]),
        }
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Which custom field is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CustomFieldRef {
    /// By its id.
    Id(CustomFieldId),
    /// By its name in the API.
    Key(String),
}

impl CustomFieldRef {
    pub(super) fn holding(self, value: &Value) -> Value {
        match self {
            Self::Id(id) => json!({ "custom_field_id": id, "value": value }),
            Self::Key(key) => json!({ "name_key": key, "value": value }),
        }
    }
}

impl From<CustomFieldId> for CustomFieldRef {
    fn from(id: CustomFieldId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for CustomFieldRef {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for CustomFieldRef {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

/// A body of a write.
macro_rules! body {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $kind:ident $member:ident $(: $type:ty)? => $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(super::members::Members);

        impl $name {
            $(super::members::member! { $(#[$member_doc])* $kind $member $(: $type)? => $wire })*

            /// A member that this crate does not know, by Greenhouse's name.
            #[must_use]
            pub fn also(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
                self.0.set(name, value);
                self
            }

            /// What is sent.
            pub fn as_json(&self) -> &serde_json::Map<String, serde_json::Value> {
                &self.0.0
            }
        }
    };
}

macro_rules! member {
    ($(#[$doc:meta])* text $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, value: impl Into<String>) -> Self {
            self.0.set($wire, value.into());
            self
        }
    };
    ($(#[$doc:meta])* flag $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, value: bool) -> Self {
            self.0.set($wire, value);
            self
        }
    };
    ($(#[$doc:meta])* id $name:ident: $type:ty => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, id: $type) -> Self {
            self.0.set($wire, i64::from(id));
            self
        }
    };
    ($(#[$doc:meta])* ids $name:ident: $type:ty => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, ids: impl IntoIterator<Item = $type>) -> Self {
            self.0.set($wire, ids.into_iter().map(i64::from).collect::<Vec<_>>());
            self
        }
    };
    ($(#[$doc:meta])* time $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, moment: crate::Timestamp) -> Self {
            self.0.set($wire, moment.to_string());
            self
        }
    };
    ($(#[$doc:meta])* texts $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
            self.0.set($wire, values.into_iter().map(Into::into).collect::<Vec<String>>());
            self
        }
    };
    ($(#[$doc:meta])* contact $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, kind: crate::ContactKind, value: impl Into<String>) -> Self {
            let contact = crate::Contact::new(kind, value);
            self.0.push($wire, serde_json::json!(contact));
            self
        }
    };
    ($(#[$doc:meta])* contacts $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, contacts: &[crate::Contact]) -> Self {
            self.0.set($wire, serde_json::json!(contacts));
            self
        }
    };
    ($(#[$doc:meta])* custom $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(
            mut self,
            field: impl Into<super::CustomFieldRef>,
            value: impl Into<serde_json::Value>,
        ) -> Self {
            let value = field.into().holding(&value.into());
            self.0.push($wire, value);
            self
        }
    };
}

pub(super) use {body, member};
