//! Files that are whole or not there: written under another name, flushed, then renamed.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use super::{not_empty, refused, tables};
use crate::Result;

/// How often a file is asked for that somebody has open: who closes it now is through in a moment.
const TRIES: u32 = 40;

/// A file on its way to a place. Dropped before it is finished, it is deleted.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    place: PathBuf,
    kept: bool,
}

impl Unfinished {
    /// An empty file beside `place`, readable by its owner alone.
    pub(super) fn beside(place: &Path) -> Result<Self> {
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| refused(format!("{}: {error}", folder.display())))?;
        }
        let mut name = place.as_os_str().to_owned();
        name.push(".unfinished");
        let path = PathBuf::from(name);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| {
                refused(format!(
                    "{}: {error}; where it is left over from an earlier try, delete it",
                    path.display()
                ))
            })?;
        Ok(Self {
            path,
            place: place.to_owned(),
            kept: false,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes it to the disk and gives it its name.
    pub(super) fn finish(mut self) -> Result<()> {
        let failed = |error: std::io::Error| refused(format!("{}: {error}", self.place.display()));
        File::open(&self.path)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        if self.place.exists() {
            return Err(taken(&self.place));
        }
        std::fs::rename(&self.path, &self.place).map_err(failed)?;
        let folder = self
            .place
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.kept {
            for end in ["", "-wal", "-shm", "-journal"] {
                let mut name = self.path.clone().into_os_string();
                name.push(end);
                // Whatever is not there needs no deleting.
                let _ = std::fs::remove_file(name);
            }
        }
    }
}

fn taken(place: &Path) -> crate::Error {
    refused(format!(
        "{} is there already; give the name of a new file",
        place.display()
    ))
}

/// Refuses a place where a file is already.
pub(super) fn refuse_taken(place: &Path) -> Result<()> {
    if place.exists() {
        return Err(taken(place));
    }
    Ok(())
}

/// Opens a database that is one file: nothing of it stays in a log beside it.
pub(super) fn open_file(path: &Path) -> Result<SqliteConnection> {
    let mut file = SqliteConnection::establish(&path.to_string_lossy())?;
    file.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;",
    )?;
    for _ in 0..TRIES {
        if leave_wal(&mut file) {
            return Ok(file);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(refused(format!(
        "{} is in use; stop baton-api first",
        path.display()
    )))
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Puts the log back into the file; answers false where somebody else has the file open.
fn leave_wal(file: &mut SqliteConnection) -> bool {
    let mode: std::result::Result<Mode, _> =
        sql_query("PRAGMA journal_mode = DELETE").get_result(file);
    mode.is_ok_and(|mode| mode.journal_mode == "delete")
}

/// May a file be put at `place`?
pub(super) fn check_room(place: &Path, replace: bool) -> Result<()> {
    if !place.exists() {
        return Ok(());
    }
    let mut there = open_file(place)?;
    if !replace && tables::filled(&mut there)? {
        return Err(not_empty());
    }
    Ok(())
}

/// Moves the file at `place` aside: it stays as `….before-restore`.
pub(super) fn make_room(place: &Path, replace: bool) -> Result<()> {
    if !place.exists() {
        return Ok(());
    }
    check_room(place, replace)?;
    let mut name = place.as_os_str().to_owned();
    name.push(".before-restore");
    let aside = PathBuf::from(name);
    refuse_taken(&aside)?;
    std::fs::rename(place, &aside).map_err(|error| refused(format!("{}: {error}", aside.display())))
}
