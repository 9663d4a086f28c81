//! The key file: what stands in for `secrets.keys` on one machine with SQLite.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;

use crate::parse;
use crate::{DatabaseUrl, Fault, Settings};

/// Ids and keys, the first one encrypts: what a key ring is made of.
pub type EncryptionKeys = Vec<(String, [u8; 32])>;

const KEY: &str = "secrets.keys";

/// The keys of `secrets.keys`. Where none is set, with SQLite and a `public_url` on loopback: the key in the file beside the
/// database (`baton.db.key`, readable by its owner only), which is made if it is not there. `fill` fills a slice with random
/// bytes.
///
/// The file holds one line, as `secrets.keys` takes it, so that it can be moved there.
///
/// # Errors
/// No key is set elsewhere than on one machine; the file cannot be read or made, others can read it, or it holds no key.
pub fn keys_or_key_file(
    settings: &Settings,
    fill: impl Fn(&mut [u8]),
) -> Result<EncryptionKeys, Fault> {
    if let Some(path) = file_in_use(settings)? {
        let cannot_be_used = |error: io::Error| unusable(&path, &error);
        if !path.try_exists().map_err(cannot_be_used)? {
            make(&path, fill).map_err(cannot_be_used)?;
        }
    }
    keys_as_they_are(settings)
}

/// The same, and makes nothing: a key file that is not there is a fault.
///
/// # Errors
/// As [`keys_or_key_file`].
pub fn keys_as_they_are(settings: &Settings) -> Result<EncryptionKeys, Fault> {
    match file_in_use(settings)? {
        Some(path) => from_file(&path),
        None => {
            let keys = settings.secrets.keys.iter();
            Ok(keys
                .map(|(id, key)| (id.clone(), *key.expose_secret()))
                .collect())
        }
    }
}

/// The key file, where it stands in for a setting; none where keys are set.
fn file_in_use(settings: &Settings) -> Result<Option<PathBuf>, Fault> {
    match &settings.database.url {
        _ if !settings.secrets.keys.is_empty() => Ok(None),
        DatabaseUrl::Sqlite(database) if settings.is_on_loopback() => {
            Ok(Some(beside(database, "key")))
        }
        _ => Err(fault(
            "has to be set, unless the database is SQLite and public_url is on loopback: id:key, the key 32 bytes in base64; \
             `openssl rand -base64 32` makes one",
        )),
    }
}

fn unusable(path: &Path, error: &io::Error) -> Fault {
    fault(format!(
        "is not set, and the key file {} cannot be used: {error}",
        path.display()
    ))
}

fn from_file(path: &Path) -> Result<EncryptionKeys, Fault> {
    let text = read(path).map_err(|error| unusable(path, &error))?;
    let (id, key) = parse::encryption_key(text.trim()).map_err(|_| {
        fault(format!(
            "is not set, and the key file {} holds no key; restore it from a backup, as what was encrypted with its key is lost \
             without it",
            path.display()
        ))
    })?;
    Ok(vec![(id, *key.expose_secret())])
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Written under another name and then linked, so that no other process reads half a key, and the first one made is kept. The id
/// is drawn too: a key made anew is told apart from the one that was lost.
fn make(path: &Path, fill: impl Fn(&mut [u8])) -> io::Result<()> {
    let (mut id, mut key) = ([0; 4], [0; 32]);
    fill(&mut id);
    fill(&mut key);
    let id = format!("file-{:08x}", u32::from_be_bytes(id));
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)?;
    }
    let draft = beside(path, &id);
    let line = format!("{id}:{}\n", STANDARD.encode(key));
    let linked = write_private(&draft, &line).and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => removed,
    }
}

fn write_private(path: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

fn read(path: &Path) -> io::Result<String> {
    let file = File::open(path)?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o077 != 0 {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "others than its owner can read it; run `chmod 600` on it",
        ));
    }
    io::read_to_string(file)
}

fn fault(problem: impl Into<String>) -> Fault {
    Fault {
        key: KEY.to_owned(),
        variable: None,
        problem: problem.into(),
    }
}
