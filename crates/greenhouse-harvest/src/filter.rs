//! Which records a list holds.

use std::fmt;
use std::marker::PhantomData;

use crate::{Id, Resource, TimeRange};

/// How many values one member of a filter takes.
pub const VALUES_MAX: usize = 50;

/// How many records a page can hold.
pub const PAGE_SIZE_MAX: u16 = 500;

/// Which records of the kind `R` a list holds; all of them at first. Members narrow it further, values of one member are
/// alternatives. Each kind has its own members besides those that all have.
///
/// ```
/// use greenhouse_harvest::{JobFilter, JobStatus};
///
/// let filter = JobFilter::new().status(JobStatus::Open).page_size(500);
/// let query = filter.query()?;
/// assert_eq!(query, [("status", "open".to_owned()), ("per_page", "500".to_owned())]);
/// # Ok::<(), greenhouse_harvest::BadFilter>(())
/// ```
pub struct Filter<R> {
    members: Vec<(&'static str, Value)>,
    of: PhantomData<fn() -> R>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    One(String),
    Many(Vec<String>),
}

/// A filter that Greenhouse would not take. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadFilter {
    /// More than [`VALUES_MAX`] values of one member.
    #[error("`{0}` takes {VALUES_MAX} values at most: ask in parts")]
    TooMany(&'static str),
    /// A value with a comma, which would become two.
    #[error("`{0}` takes no value with a comma in it")]
    Comma(&'static str),
    /// Both times at once.
    #[error("created_at and updated_at don't go together: filter by one of them")]
    BothTimes,
    /// Another page size than 1 to [`PAGE_SIZE_MAX`].
    #[error("a page holds 1 to {PAGE_SIZE_MAX} records")]
    PageSize,
}

impl<R: Resource> Filter<R> {
    /// All that the acting user may see.
    pub fn new() -> Self {
        Self {
            members: Vec::new(),
            of: PhantomData,
        }
    }

    /// Those of these ids. None of them named: an empty list.
    #[must_use]
    pub fn ids(self, ids: impl IntoIterator<Item = Id<R>>) -> Self {
        self.many("ids", ids)
    }

    /// Those made in that span. Not together with [`updated`](Self::updated).
    #[must_use]
    pub fn created(self, range: TimeRange) -> Self {
        self.one("created_at", range.to_string())
    }

    /// Those last changed in that span.
    #[must_use]
    pub fn updated(self, range: TimeRange) -> Self {
        self.one("updated_at", range.to_string())
    }

    /// How many records come with one call: 1 to 500, 100 unless said. Each page is one call of the allowance.
    #[must_use]
    pub fn page_size(self, records: u16) -> Self {
        self.one("per_page", records.to_string())
    }

    /// Only these members of each record, by Greenhouse's names; the others have their defaults. `id` always comes along.
    #[must_use]
    pub fn fields<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().filter(|&name| name != "id");
        self.many("fields", ["id"].into_iter().chain(names))
    }

    /// A member that this crate does not know. Greenhouse may refuse those it doesn't know either.
    #[must_use]
    pub fn also(self, name: &'static str, value: impl Into<String>) -> Self {
        self.one(name, value.into())
    }

    /// The query, in the order in which members were set, not encoded.
    ///
    /// # Errors
    ///
    /// [`BadFilter`]
    pub fn query(&self) -> Result<Vec<(&'static str, String)>, BadFilter> {
        let named = |name| self.members.iter().any(|(known, _)| *known == name);
        if named("created_at") && named("updated_at") {
            return Err(BadFilter::BothTimes);
        }
        let written = self
            .members
            .iter()
            .map(|(name, value)| Ok((*name, value.written(name)?)));
        written.collect()
    }

    /// A member with no values at all: nothing can meet it, while Greenhouse would read it as no filter.
    pub fn is_void(&self) -> bool {
        let empty = |value: &Value| matches!(value, Value::Many(values) if values.is_empty());
        self.members.iter().any(|(_, value)| empty(value))
    }

    pub(crate) fn one(mut self, name: &'static str, value: String) -> Self {
        self.members.retain(|(known, _)| *known != name);
        self.members.push((name, Value::One(value)));
        self
    }

    pub(crate) fn many<I>(mut self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        let values = values.into_iter().map(|value| value.to_string());
        let known = self.members.iter_mut().find(|(known, _)| *known == name);
        match known {
            Some((_, Value::Many(before))) => before.extend(values),
            _ => self.members.push((name, Value::Many(values.collect()))),
        }
        self
    }
}

impl Value {
    fn written(&self, name: &'static str) -> Result<String, BadFilter> {
        match self {
            Self::One(value) if name == "per_page" => page_size(value),
            Self::One(value) => Ok(value.clone()),
            Self::Many(values) if values.len() > VALUES_MAX => Err(BadFilter::TooMany(name)),
            Self::Many(values) if values.iter().any(|value| value.contains(',')) => {
                Err(BadFilter::Comma(name))
            }
            Self::Many(values) => Ok(values.join(",")),
        }
    }
}

/// Over the maximum Greenhouse refuses the call rather than clamping it.
fn page_size(value: &str) -> Result<String, BadFilter> {
    let size = value.parse().map_err(|_| BadFilter::PageSize)?;
    if (1..=PAGE_SIZE_MAX).contains(&size) {
        Ok(value.to_owned())
    } else {
        Err(BadFilter::PageSize)
    }
}

impl<R: Resource> Default for Filter<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Clone for Filter<R> {
    fn clone(&self) -> Self {
        Self {
            members: self.members.clone(),
            of: PhantomData,
        }
    }
}

impl<R> PartialEq for Filter<R> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<R> Eq for Filter<R> {}

/// The members' names alone: a value may be somebody's e-mail address.
impl<R> fmt::Debug for Filter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.members.iter().map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}

/// The members of a filter that only one kind of record has.
macro_rules! filters {
    ($record:ident { $($(#[$doc:meta])* $kind:ident $name:ident $(: $type:ty)? => $wire:literal,)* }) => {
        impl crate::Filter<$record> {
            $(crate::filter::member! { $(#[$doc])* $kind $name $(: $type)? => $wire })*
        }
    };
}

macro_rules! member {
    ($(#[$doc:meta])* text $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, value: impl Into<String>) -> Self {
            self.one($wire, value.into())
        }
    };
    ($(#[$doc:meta])* texts $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name<T: Into<String>>(self, values: impl IntoIterator<Item = T>) -> Self {
            self.many($wire, values.into_iter().map(Into::<String>::into))
        }
    };
    ($(#[$doc:meta])* flag $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, value: bool) -> Self {
            self.one($wire, value.to_string())
        }
    };
    ($(#[$doc:meta])* time $name:ident => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, range: crate::TimeRange) -> Self {
            self.one($wire, range.to_string())
        }
    };
    ($(#[$doc:meta])* word $name:ident: $type:ty => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, value: $type) -> Self {
            self.one($wire, value.into())
        }
    };
    ($(#[$doc:meta])* id $name:ident: $type:ty => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, id: $type) -> Self {
            self.one($wire, id.to_string())
        }
    };
    ($(#[$doc:meta])* ids $name:ident: $type:ty => $wire:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(self, ids: impl IntoIterator<Item = $type>) -> Self {
            self.many($wire, ids)
        }
    };
}

pub(crate) use {filters, member};
