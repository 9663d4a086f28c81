//! What the doctor finds.

use serde_json::Value;

use super::{publish, send};
use crate::harness::Programs;

const FIRST: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SECOND: &str = "next:HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=";

/// The exit status, and what was found.
async fn examine(baton: &Programs) -> (Option<i32>, Value) {
    let ended = baton.run_admin(&["doctor"]).await;
    let found = serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}"));
    (ended.status.code(), found)
}

fn severity_of<'a>(found: &'a Value, check: &str) -> &'a str {
    let findings = found["findings"].as_array().expect("a list");
    let worst = findings.iter().filter(|finding| finding["check"] == check);
    let order = ["fine", "warning", "error"];
    worst
        .map(|finding| finding["severity"].as_str().expect("a severity"))
        .max_by_key(|severity| order.iter().position(|known| known == severity))
        .unwrap_or("not looked at")
}

test_support::each_database! {
    async fn a_house_in_order_has_nothing_to_mend_now(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        send(&baton, &test, "first@candidate.example", 1).await;
        let (status, found) = examine(&baton).await;
        // It runs on this machine, and nobody made a backup yet.
        assert_eq!(status, Some(1), "{found}");
        assert_eq!(severity_of(&found, "backups"), "warning", "{found}");
        for check in ["database", "schema", "keys", "audit_log", "queue", "erasures", "mail_relay"] {
            assert_eq!(severity_of(&found, check), "fine", "{check}: {found}");
        }
        let backup = baton.file("one.backup").to_string_lossy().into_owned();
        baton.admin(&["backup", &backup]).await;
        let (_, found) = examine(&baton).await;
        assert_eq!(severity_of(&found, "backups"), "fine", "{found}");
        baton.end().await;
    }

    async fn a_missing_key_and_a_changed_log_are_to_be_mended_now(database: Database) {
        let mut baton = Programs::start(database).await;
        baton.set("SECRETS__KEYS", &format!("{SECOND},{FIRST}"));
        let (_, found) = examine(&baton).await;
        assert_eq!(severity_of(&found, "keys"), "warning", "{found}");
        baton.set("SECRETS__KEYS", SECOND);
        let (status, found) = examine(&baton).await;
        assert_eq!((status, severity_of(&found, "keys")), (Some(2), "error"), "{found}");
        baton.set("SECRETS__KEYS", FIRST);
        baton.database.run_sql("UPDATE audit_events SET actor = 'somebody else' WHERE number = 1");
        let (status, found) = examine(&baton).await;
        assert_eq!((status, severity_of(&found, "audit_log")), (Some(2), "error"), "{found}");
        baton.end().await;
    }

    async fn a_relay_that_is_gone_and_work_given_up_are_named(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = publish(&baton).await;
        send(&baton, &test, "first@candidate.example", 1).await;
        baton.set("MAIL__SMTP_URL", "smtp://127.0.0.1:1");
        let (status, found) = examine(&baton).await;
        assert_eq!((status, severity_of(&found, "mail_relay")), (Some(2), "error"), "{found}");
        baton.end().await;
    }
}
