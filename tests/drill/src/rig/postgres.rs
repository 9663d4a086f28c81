//! A PostgreSQL of the drill's own, which it may stop as a crash would.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::broken::{Result, broken};

/// A server in a folder of its own. Dropping it ends it and deletes the folder.
#[derive(Debug)]
pub(crate) struct Postgres {
    folder: PathBuf,
    pub(crate) url: String,
}

impl Postgres {
    /// Starts one in `folder`, which is not there yet.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let url = script("start", folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            url,
        })
    }

    /// Stops it at once: open transactions are gone, and it has to recover.
    pub(crate) fn halt(&self) -> Result<()> {
        script("halt", &self.folder).map(drop)
    }

    /// Starts it again; once this returns it answers.
    pub(crate) fn resume(&self) -> Result<()> {
        script("resume", &self.folder).map(drop)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Best effort: what is left says so itself.
        let _ = script("stop", &self.folder);
    }
}

/// Runs `scripts/postgres`, the one place that knows where PostgreSQL's programs are; what it prints.
fn script(verb: &str, folder: &Path) -> Result<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres");
    let ended = Command::new(script).arg(verb).arg(folder).output()?;
    if ended.status.success() {
        Ok(String::from_utf8_lossy(&ended.stdout).trim().to_owned())
    } else {
        broken(String::from_utf8_lossy(&ended.stderr).trim().to_owned())
    }
}
