//! The world in a file, so that a sandbox remembers over a restart.

use std::io::{self, Write as _};
use std::path::Path;

use crate::world::World;

/// The world kept in `path`, or none when there is no such file yet.
///
/// # Errors
/// The file cannot be read, or holds something else than a sandbox's state.
pub(crate) fn load(path: &Path) -> io::Result<Option<World>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        let line = error.line();
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{} is not a sandbox's state (line {line}): move it away or name another file with --state", path.display()),
        )
    })
}

/// Writes the world beside `path` and then puts it there in one step, readable by its owner only: it holds keys.
///
/// # Errors
/// The folder is missing, or cannot be written.
pub(crate) fn save(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
