//! A backup of programs that run, and what a restore brings back.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use test_support::Database;

use super::{invite, publish, send};
use crate::harness::Programs;

/// The path as an argument.
fn file(baton: &Programs, name: &str) -> String {
    baton.file(name).to_string_lossy().into_owned()
}

test_support::each_database! {
    async fn what_was_backed_up_comes_back_and_the_erased_are_erased_again(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let first = send(&baton, &test, "first@candidate.example", 1).await;
        let second = send(&baton, &test, "second@candidate.example", 2).await;
        let backup = file(&baton, "one.backup");
        let made = baton.admin(&["backup", &backup]).await;
        assert_eq!(made["rows"]["invites"], 2, "{made}");
        let third = send(&baton, &test, "third@candidate.example", 3).await;
        let person = invite(&baton, &first).await["candidate"]["id"].as_str().expect("an id").to_owned();
        let erased = baton.admin(&["erase", "--organization", &baton.organization, "--candidate", &person]).await;
        assert_eq!(erased["invites"], 1, "{erased}");

        let refused = baton.admin_refuses(&["restore", &backup, "--replace"]).await;
        assert!(refused.contains("stop baton-api"), "{refused}");
        baton.stop().await;
        let refused = baton.admin_refuses(&["restore", &backup]).await;
        assert!(refused.contains("not empty"), "{refused}");
        let restored = baton.admin(&["restore", &backup, "--replace"]).await;
        assert_eq!(restored["erased_again"], 1, "{restored}");
        baton.go_on().await;

        assert_eq!(baton.test_status(&second).await["partner_status"], "sent");
        assert_eq!(invite(&baton, &second).await["candidate"]["email"], "second@candidate.example");
        assert!(invite(&baton, &first).await["candidate"]["erased_at"].is_string());
        assert_eq!(baton.test_status(&third).await["error"], "not_found");
        let well = baton.admin(&["doctor"]).await;
        let log = well["findings"].as_array().expect("a list").iter().find(|found| found["check"] == "audit_log");
        assert_eq!(log.expect("it was looked at")["severity"], "fine", "{well}");
        baton.end().await;
    }

    async fn a_backup_is_for_its_owner_alone_shows_no_secret_and_replaces_nothing(database: Database) {
        let baton = Programs::start(database).await;
        let backup = file(&baton, "one.backup");
        baton.admin(&["backup", &backup]).await;
        let mode = std::fs::metadata(&backup).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let bytes = std::fs::read(&backup).expect("it can be read");
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(holds("Acme") && !holds(&baton.greenhouse_key));
        let refused = baton.admin_refuses(&["backup", &backup]).await;
        assert!(refused.contains("there already"), "{refused}");
        assert_eq!(std::fs::read(&backup).expect("it can be read"), bytes);
        baton.end().await;
    }

    async fn a_backup_whose_keys_are_missing_changes_nothing(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let backup = file(&baton, "one.backup");
        baton.admin(&["backup", &backup]).await;
        let interview = send(&baton, &test, "late@candidate.example", 1).await;
        baton.stop().await;
        let (test_key, other) = (
            "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "test:HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=",
        );
        baton.set("SECRETS__KEYS", other);
        let refused = baton.admin_refuses(&["restore", &backup, "--replace"]).await;
        assert!(refused.contains("cannot be read with the keys"), "{refused}");
        std::fs::write(baton.file("no.backup"), b"SQLite format 3").expect("a file");
        let refused = baton.admin_refuses(&["restore", &file(&baton, "no.backup"), "--replace"]).await;
        assert!(!refused.is_empty());
        baton.set("SECRETS__KEYS", test_key);
        baton.go_on().await;
        assert_eq!(baton.test_status(&interview).await["partner_status"], "sent");
        baton.end().await;
    }
}

#[test]
fn a_backup_moves_from_one_database_to_the_other_and_back() {
    test_support::run(async {
        let mut baton = Programs::start(Database::postgres()).await;
        let test = publish(&baton).await;
        let interview = send(&baton, &test, "first@candidate.example", 1).await;
        let before = baton.v1("GET", "invites", None).await;
        let backup = file(&baton, "one.backup");
        let rows = baton.admin(&["backup", &backup]).await["rows"].clone();
        baton.stop().await;
        let home = baton.database.url().clone();

        let moved = format!("sqlite://{}", baton.file("moved.db").display());
        baton.set("DATABASE__URL", &moved);
        baton.set("WORKER__EMBEDDED", "true");
        baton.admin(&["restore", &backup]).await;
        baton.start_api().await;
        assert_eq!(baton.v1("GET", "invites", None).await, before);
        assert_eq!(
            baton.test_status(&interview).await["partner_status"],
            "sent"
        );
        let back = file(&baton, "two.backup");
        baton.admin(&["backup", &back]).await;
        baton.stop().await;

        let storage::DatabaseUrl::Postgres(home) = home else {
            unreachable!("it began there")
        };
        baton.set("DATABASE__URL", &home);
        baton.set("WORKER__EMBEDDED", "false");
        let restored = baton.admin(&["restore", &back, "--replace"]).await;
        assert_eq!(restored["rows"]["invites"], rows["invites"]);
        assert_eq!(restored["rows"]["events"], rows["events"]);
        baton.go_on().await;
        assert_eq!(baton.v1("GET", "invites", None).await, before);
        assert_eq!(
            json!(baton.test_status(&interview).await["partner_status"]),
            json!("sent")
        );
        baton.end().await;
    });
}
