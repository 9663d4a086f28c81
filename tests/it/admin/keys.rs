//! Secrets move to another key while everything runs.

use serde_json::json;

use super::{invite, page, publish, send};
use crate::harness::{Programs, eventually};

const FIRST: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SECOND: &str = "next:HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=";

test_support::each_database! {
    async fn links_and_greenhouse_keys_stay_good_when_secrets_move_to_another_key(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let interview = send(&baton, &test, "first@candidate.example", 1).await;
        let link = invite(&baton, &interview).await["candidate_url"].as_str().expect("a link").to_owned();
        // Every process first learns to read the new key, then to write it.
        baton.stop().await;
        baton.set("SECRETS__KEYS", &format!("{SECOND},{FIRST}"));
        baton.go_on().await;
        let report = baton.admin(&["rotate-keys"]).await;
        assert_eq!((&report["first"], &report["unreadable"]), (&json!("next"), &json!(0)), "{report}");
        assert!(report["reencrypted"].as_u64().is_some_and(|many| many >= 3), "{report}");
        let uses = report["uses"].as_array().expect("a list");
        assert!(uses.iter().all(|used| used["key"] == "next"), "{report}");
        let again = baton.admin(&["rotate-keys"]).await;
        assert_eq!(again["reencrypted"], 0, "{again}");
        assert_eq!(page(&baton, &link).await.0, 200);

        baton.stop().await;
        baton.set("SECRETS__KEYS", SECOND);
        baton.go_on().await;
        assert_eq!(page(&baton, &link).await.0, 200);
        assert_eq!(invite(&baton, &interview).await["candidate_url"], link);
        baton.v1("POST", &format!("invites/{interview}/start"), None).await;
        baton.v1("PUT", &format!("invites/{interview}/result"), Some(json!({ "score": 80 }))).await;
        // The PATCH goes out with the Greenhouse key: whoever cannot read it never comes to try.
        eventually("the write-back was tried", async || {
            let state = invite(&baton, &interview).await["writebacks"][0]["state"].clone();
            (state != "pending").then_some(())
        })
        .await;
        let detail = invite(&baton, &interview).await["writebacks"][0]["detail"].clone();
        assert!(!detail.to_string().contains("secret"), "{detail}");
        baton.end().await;
    }
}
