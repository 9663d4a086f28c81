//! No route that is mounted anywhere is missing from the table.

use std::collections::BTreeSet;
use std::path::Path;

use crate::harness::routes::others;

/// How a route is mounted. What follows is its path.
const MOUNTED_BY: [&str; 5] = [".route(\"", "resource(\"", "long(\"", "get(\"", "post(\""];
/// Whose routes `/v1`'s own document lists.
const DOCUMENTED: &str = "web/src/v1";
/// On the operator's own listener, not on this one.
const PRIVATE: &str = "/metrics";

#[test]
fn each_route_in_the_sources_is_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut mounted = BTreeSet::new();
    for (folder, prefix) in [
        ("web/src", ""),
        ("pages/src", ""),
        ("telemetry/src", ""),
        ("server/src", ""),
        ("greenhouse-assessment/src/actix", "/api/greenhouse"),
    ] {
        collect(&root.join(folder), prefix, &mut mounted);
    }
    mounted.remove(PRIVATE);
    let listed: BTreeSet<String> = others()
        .iter()
        .map(|route| path_of(&route.pattern))
        .collect();
    assert!(mounted.len() >= 20, "they are found: {mounted:?}");
    // Greenhouse's two names of one endpoint are mounted in a loop.
    let unlisted: Vec<_> = mounted.difference(&listed).collect();
    assert!(
        unlisted.is_empty(),
        "add to the table in harness/routes.rs: {unlisted:?}"
    );
    let gone: Vec<_> = listed
        .difference(&mounted)
        .filter(|path| !path.contains("/response_error"))
        .collect();
    assert!(
        gone.is_empty(),
        "these are in the table and mounted nowhere: {gone:?}"
    );
}

fn path_of(pattern: &str) -> String {
    pattern.split('?').next().unwrap_or_default().to_owned()
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with(DOCUMENTED) {
                collect(&path, prefix, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            paths_in(&text, prefix, found);
        }
    }
}

fn paths_in(text: &str, prefix: &str, found: &mut BTreeSet<String>) {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    for line in code {
        for mark in MOUNTED_BY {
            for after in line.split(mark).skip(1) {
                let path = after.split('"').next().unwrap_or_default();
                if path.starts_with('/') {
                    found.insert(format!("{prefix}{path}"));
                }
            }
        }
    }
}
