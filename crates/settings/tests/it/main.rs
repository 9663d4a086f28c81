//! Settings as the person who sets them meets them.

mod every_key;
mod faults;
mod key_file;

use std::path::PathBuf;

use settings::{Faults, Settings};

/// A folder of its own for one test, empty.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

/// Settings from a file's text and the environment.
pub(crate) fn load(test: &str, toml: &str, env: &[(&str, &str)]) -> Result<Settings, Faults> {
    let file = folder(test).join("baton.toml");
    std::fs::write(&file, toml).expect("the file can be written");
    Settings::load(Some(&file), pairs(env))
}

/// Settings from the environment alone.
pub(crate) fn from_env(env: &[(&str, &str)]) -> Result<Settings, Faults> {
    Settings::load(None, pairs(env))
}

fn pairs(env: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    env.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
}
