//! `./baton.toml`. Alone in its program: the folder a process stands in is the process's.

use std::path::PathBuf;

use settings::Settings;

#[test]
fn the_file_beside_the_process_is_read_where_none_is_named() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("default_file");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("baton.toml"), "platform.name = 'Beside'").unwrap();
    std::fs::write(folder.join("other.toml"), "platform.name = 'Named'").unwrap();
    std::env::set_current_dir(&folder).unwrap();

    let beside = Settings::load(None, std::iter::empty()).unwrap();
    assert_eq!(beside.platform.name, "Beside");
    let named = Settings::load(Some("other.toml".as_ref()), std::iter::empty()).unwrap();
    assert_eq!(named.platform.name, "Named");
}
