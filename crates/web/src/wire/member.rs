//! A member of a PATCH: what is given is changed, `null` clears, what is left out stays.

use serde::{Deserialize, Deserializer};

/// One member.
#[derive(Debug, Clone, Default)]
pub(crate) enum Member<T> {
    /// Left out.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// Given.
    Given(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let given = Option::deserialize(deserializer)?;
        Ok(given.map_or(Self::Null, Self::Given))
    }
}

impl<T: Clone> Member<T> {
    /// Is it there, `null` or not?
    pub(crate) fn is_there(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// What is there: the inner none for `null`.
    pub(crate) fn given_or_null(&self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Given(value) => Some(Some(value.clone())),
        }
    }

    /// Changes `place`; `null` puts `cleared` there.
    pub(crate) fn change<U>(&self, place: &mut U, cleared: U)
    where
        T: Into<U>,
    {
        match self {
            Self::Absent => {}
            Self::Null => *place = cleared,
            Self::Given(value) => *place = value.clone().into(),
        }
    }

    /// Changes a `place` that may be empty; `null` empties it.
    pub(crate) fn change_optional<U>(&self, place: &mut Option<U>)
    where
        T: Into<U>,
    {
        match self {
            Self::Absent => {}
            Self::Null => *place = None,
            Self::Given(value) => *place = Some(value.clone().into()),
        }
    }
}
