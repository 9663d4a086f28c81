//! What the doctor finds.

use std::net::{Ipv4Addr, SocketAddr};

use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};

use super::{publish, send};
use crate::harness::{
    Callback, Employer, Programs, answer, ask, eventually, external, lever_settings, run_program,
};

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

#[tokio::test]
async fn looking_makes_no_key_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("baton.db");
    let url = format!("sqlite://{}", database.display());
    let settings = [("DATABASE__URL", url.as_str())];
    let migrated = run_program("baton-admin", &["migrate"], &settings).await;
    assert!(migrated.status.success(), "{migrated:?}");
    let looked = run_program("baton-admin", &["doctor", "--json"], &settings).await;
    let found: Value = serde_json::from_slice(&looked.stdout).expect("JSON");
    assert_eq!(
        (looked.status.code(), severity_of(&found, "keys")),
        (Some(2), "error"),
        "{found}"
    );
    assert!(!folder.path().join("baton.db.key").exists());
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
        for check in ["database", "database_set_up", "schema", "keys", "audit_log", "queue", "erasures", "mail_relay"] {
            assert_eq!(severity_of(&found, check), "fine", "{check}: {found}");
        }
        if !baton.is_alone() {
            assert_eq!(severity_of(&found, "workers"), "fine", "{found}");
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

    async fn work_that_waits_is_told_with_what_it_waits_for(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        // Nobody listens there.
        let interview = baton.send_test(&ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/take_home_tests/1")).await;
        let made = baton.v1("GET", "api-keys", None).await;
        for key in made["data"].as_array().expect("a list").iter().filter(|key| key["kind"] == "greenhouse_assessment") {
            let id = key["id"].as_str().expect("an id");
            baton.admin(&["api-key", "revoke", "--organization", &baton.organization, id]).await;
        }
        baton.v1("POST", &format!("invites/{interview}/start"), None).await;
        baton.v1("PUT", &format!("invites/{interview}/result"), Some(json!({ "score": 80 }))).await;
        let (_, found) = eventually("the notice is parked", async || {
            let (status, found) = examine(&baton).await;
            (severity_of(&found, "parked") == "warning").then_some((status, found))
        })
        .await;
        assert!(found.to_string().contains("wait for greenhouse_assessment"), "{found}");
        baton.end().await;
    }

    async fn whoever_waits_for_the_operator_is_named(database: Database) {
        let baton = Programs::start(database).await;
        assert_eq!(severity_of(&examine(&baton).await.1, "requests"), "fine");
        baton.v1("POST", "connections/lever/request", None).await;
        let (_, found) = examine(&baton).await;
        assert_eq!(severity_of(&found, "requests"), "warning", "{found}");
        assert!(found.to_string().contains("Acme for Lever"), "{found}");
        baton.end().await;
    }

    async fn a_connection_that_keeps_failing_is_named(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let greenhouse = Callback::start(|_| async { answer(500) }).await;
        for number in 0..10 {
            let email = format!("candidate{number}@candidate.example");
            let interview = baton.send_test(&ask(&test, &email, &greenhouse.url(&number.to_string()))).await;
            baton.v1("POST", &format!("invites/{interview}/start"), None).await;
            baton.v1("PUT", &format!("invites/{interview}/result"), Some(json!({ "score": 80 }))).await;
        }
        let found = eventually("the circuit is open", async || {
            let (_, found) = examine(&baton).await;
            (severity_of(&found, "circuits") == "warning").then_some(found)
        })
        .await;
        assert!(found.to_string().contains("keeps failing: Greenhouse answered 500"), "{found}");
        baton.end().await;
    }

    async fn a_lever_that_keeps_failing_is_named_with_what_waits_for_it(database: Database) {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = Sandbox::start(SandboxConfig::on(any)).expect("a sandbox");
        let settings = lever_settings(sandbox.url());
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let baton = Programs::start_with(database, &settings).await;
        baton.publish(external("Rust")).await;
        let employer = Employer::connect_to(&baton.url, baton.platform_key(), sandbox.url()).await;
        let body = json!({ "count": 12, "tags": ["Rust"] });
        let made = employer.account_control("POST", "opportunities/bulk", Some(body)).await;
        employer.play(json!({ "next": { "play": { "kind": "status", "status": 500 }, "calls": ["get_opportunity"] } })).await;
        let body = json!({ "stage_id": employer.stage, "opportunity_ids": made["opportunity_ids"] });
        employer.account_control("POST", "move", Some(body)).await;
        let found = eventually("Lever is left alone", async || {
            let (_, found) = examine(&baton).await;
            (severity_of(&found, "circuits") == "warning" && severity_of(&found, "parked") == "warning").then_some(found)
        })
        .await
        .to_string();
        assert!(found.contains("jobs wait for lever, which keeps failing."), "{found}");
        let named = format!("lever of organization {} keeps failing: Lever answered 500", baton.organization);
        assert!(found.contains(&named), "{found}");
        baton.end().await;
        sandbox.stop().await;
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
