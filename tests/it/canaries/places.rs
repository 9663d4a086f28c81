//! Where a canary may not be found.

use std::process::Command;

use storage::DatabaseUrl;
use test_support::{Database, free_address};

use super::forms::Canary;
use crate::harness::Programs;

/// Everything that was gathered, by what it is.
#[derive(Debug)]
pub(super) struct Places {
    gathered: Vec<(&'static str, Vec<u8>)>,
    api_metrics: &'static str,
    worker_metrics: &'static str,
}

impl Places {
    /// Nothing yet; a private listener for each program.
    pub(super) fn new() -> Self {
        Self {
            gathered: Vec::new(),
            api_metrics: free_listen(),
            worker_metrics: free_listen(),
        }
    }

    /// Where the api's private listener is.
    pub(super) fn api_metrics(&self) -> &'static str {
        self.api_metrics
    }

    /// Where the worker's is, once it was started again.
    pub(super) fn worker_metrics(&self) -> &'static str {
        self.worker_metrics
    }

    /// Adds what was found at a place.
    pub(super) fn add(&mut self, name: &'static str, text: Vec<u8>) {
        assert!(
            text.len() > 100,
            "{name} was gathered: {}",
            String::from_utf8_lossy(&text)
        );
        self.gathered.push((name, text));
    }

    /// Adds what the private listeners that are there show.
    pub(super) async fn read_metrics(&mut self, baton: &Programs) {
        let mut shown = Vec::new();
        for address in [self.api_metrics, self.worker_metrics] {
            for path in ["metrics", "readyz", "healthz"] {
                if let Ok(answer) = baton
                    .http
                    .get(format!("http://{address}/{path}"))
                    .send()
                    .await
                {
                    shown.extend_from_slice(&answer.bytes().await.expect("a whole body"));
                }
            }
        }
        self.add("the metrics", shown);
    }

    /// None of these stands in any of them, in any form.
    pub(super) fn hold_none_of(&self, canaries: &[Canary]) {
        let mut found = Vec::new();
        for (place, text) in &self.gathered {
            for canary in canaries {
                if let Some(form) = canary.found_in(text) {
                    found.push(format!("{} ({form}) stands in {place}", canary.name));
                }
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// All bytes of a database, as somebody who steals it sees them.
pub(super) fn dump(database: &Database) -> Vec<u8> {
    match database.url() {
        DatabaseUrl::Sqlite(path) => {
            let files = ["", "-wal"].map(|end| format!("{}{end}", path.display()));
            files
                .iter()
                .flat_map(|file| std::fs::read(file).unwrap_or_default())
                .collect()
        }
        DatabaseUrl::Postgres(url) => {
            let dumped = Command::new("pg_dump")
                .arg(url)
                .output()
                .expect("pg_dump is beside the server");
            assert!(
                dumped.status.success(),
                "{}",
                String::from_utf8_lossy(&dumped.stderr)
            );
            dumped.stdout
        }
    }
}

fn free_listen() -> &'static str {
    free_address().to_string().leak()
}
