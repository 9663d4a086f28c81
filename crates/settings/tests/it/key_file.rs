//! The key file beside a SQLite database.

use std::path::Path;

use settings::{EncryptionKeys, Fault, Settings, keys_or_key_file};

use crate::{folder, from_env};

const KEY: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn with_database(database: &Path) -> Settings {
    let url = format!("sqlite://{}", database.display());
    from_env(&[("BATON__DATABASE__URL", &url)]).expect("the settings are sound")
}

fn keys(settings: &Settings, byte: u8) -> Result<EncryptionKeys, Fault> {
    keys_or_key_file(settings, |bytes| bytes.fill(byte))
}

#[test]
fn a_key_that_is_set_is_taken() {
    let settings = from_env(&[("BATON__SECRETS__KEYS", KEY)]).unwrap();
    let keys = keys(&settings, 7).unwrap();
    assert_eq!(keys[0].0, "k1");
    assert_eq!(keys[0].1[31], 31);
}

#[test]
fn a_key_file_is_made_once_and_read_ever_after() {
    let database = folder("a_key_file").join("data/baton.db");
    let settings = with_database(&database);
    let made = keys(&settings, 7).unwrap();
    assert_eq!(made, [("file-07070707".to_owned(), [7; 32])]);
    assert_eq!(keys(&settings, 8).unwrap(), made);
    let left: Vec<_> = std::fs::read_dir(database.parent().unwrap())
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_key_file_can_be_moved_into_the_settings() {
    let database = folder("a_moved_key_file").join("baton.db");
    let made = keys(&with_database(&database), 7).unwrap();
    let line = std::fs::read_to_string(database.with_file_name("baton.db.key")).unwrap();
    let settings = from_env(&[("BATON__SECRETS__KEYS", line.trim())]).unwrap();
    assert_eq!(keys(&settings, 8).unwrap(), made);
}

#[test]
#[cfg(unix)]
fn a_key_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let database = folder("an_open_key_file").join("baton.db");
    let settings = with_database(&database);
    keys(&settings, 7).unwrap();
    let file = database.with_file_name("baton.db.key");
    let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let fault = keys(&settings, 7).unwrap_err();
    assert!(fault.problem.contains("chmod 600"), "{fault}");
}

#[test]
fn many_processes_starting_at_once_agree_on_one_key() {
    let database = folder("many_processes").join("baton.db");
    let settings = with_database(&database);
    let keys: Vec<EncryptionKeys> = std::thread::scope(|scope| {
        let starts: Vec<_> = (1..=8)
            .map(|byte| {
                scope.spawn({
                    let settings = &settings;
                    move || keys(settings, byte)
                })
            })
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap().unwrap())
            .collect()
    });
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
}

#[test]
fn a_damaged_key_file_is_not_replaced() {
    let database = folder("a_damaged_key_file").join("baton.db");
    let settings = with_database(&database);
    keys(&settings, 7).unwrap();
    let file = database.with_file_name("baton.db.key");
    std::fs::write(&file, "canary").unwrap();
    let fault = keys(&settings, 7).unwrap_err();
    assert!(
        fault.problem.contains("restore it from a backup"),
        "{fault}"
    );
    assert!(!fault.problem.contains("canary"), "{fault}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "canary");
}

#[test]
fn elsewhere_a_key_has_to_be_set() {
    let cases = [
        ("BATON__DATABASE__URL", "postgres://localhost/baton"),
        ("BATON__PUBLIC_URL", "https://tests.example.com"),
    ];
    for case in cases {
        let fault = keys(&from_env(&[case]).unwrap(), 7).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "`secrets.keys`: has to be set, unless the database is SQLite and public_url is on loopback: id:key, the key 32 bytes in \
             base64; `openssl rand -base64 32` makes one"
        );
    }
}
