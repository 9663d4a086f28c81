//! The same options from a file.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// What the command line can say, said in TOML.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConfigFile {
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) public_url: Option<Url>,
}

impl ConfigFile {
    /// Reads `file`.
    ///
    /// # Errors
    /// Where it cannot be read, or says something else than these.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let named = |error: &dyn std::fmt::Display| {
            Error::other(format!("{} cannot be used: {error}", file.display()))
        };
        let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
        toml::from_str(&text).map_err(|error| named(&error))
    }
}
