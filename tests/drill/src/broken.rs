//! What keeps the drill itself from going on: no finding about Baton.

use std::error::Error as _;
use std::fmt;

/// Why the drill could not be run to its end, in words.
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) String);

/// What the rig's own steps answer.
pub(crate) type Result<T> = std::result::Result<T, Broken>;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            words = format!("{words}: {inner}");
            cause = inner.source();
        }
        Self(words)
    }
}

/// A failure of the rig with these words.
pub(crate) fn broken<T>(why: impl Into<String>) -> Result<T> {
    Err(Broken(why.into()))
}
