//! Links that leaked are ended.

use super::{invite, page, publish, send};
use crate::harness::Programs;

test_support::each_database! {
    async fn links_handed_out_before_open_nothing_and_new_ones_do(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let open = send(&baton, &test, "open@candidate.example", 1).await;
        let done = send(&baton, &test, "done@candidate.example", 2).await;
        baton.v1("POST", &format!("invites/{done}/start"), None).await;
        baton.v1("PUT", &format!("invites/{done}/result"), Some(serde_json::json!({ "score": 80 }))).await;
        let link = |shown: &serde_json::Value| shown["candidate_url"].as_str().expect("a link").to_owned();
        let old = link(&invite(&baton, &open).await);
        let result = baton.test_status(&done).await["partner_profile_url"].as_str().expect("a link").to_owned();
        assert_eq!((page(&baton, &old).await.0, page(&baton, &result).await.0), (200, 200));

        let ended = baton.admin(&["revoke-links", "--organization", &baton.organization]).await;
        assert_eq!(ended["open_invites"], 1, "{ended}");
        assert_eq!(page(&baton, &old).await.0, 410);
        let (status, text) = page(&baton, &result).await;
        assert!(status == 303 || text.contains("Sign in"), "{status}");
        let new = link(&invite(&baton, &open).await);
        assert_ne!(new, old);
        assert_eq!(page(&baton, &new).await.0, 200);
        let result = baton.test_status(&done).await["partner_profile_url"].as_str().expect("a link").to_owned();
        assert_eq!(page(&baton, &result).await.0, 200);

        let log = baton.v1("GET", "audit-events", None).await;
        assert_eq!(log["data"][0]["action"], "links.revoked", "{log}");
        assert!(log["data"][0]["actor"].as_str().is_some_and(|actor| actor.starts_with("command_line")));
        let refused = baton.admin_refuses(&["revoke-links", "--organization", "01890000-0000-7000-8000-000000000000"]).await;
        assert!(refused.contains("no such organization"), "{refused}");
        baton.end().await;
    }

    async fn an_invite_that_was_over_gets_a_new_link_when_it_is_extended(database: Database) {
        let baton = Programs::start(database).await;
        let test = publish(&baton).await;
        let body = serde_json::json!({
            "assessment_id": test,
            "candidate": { "first_name": "Ada", "last_name": "L", "email": "ada@candidate.example" },
            "expires_at": "2999-01-01T00:00:00Z",
        });
        let made = baton.v1("POST", "invites", Some(body)).await;
        let id = made["id"].as_str().expect("an id");
        baton.database.run_sql("UPDATE invites SET status = 'expired', due_at = NULL, expires_at = 1");
        let ended = baton.admin(&["revoke-links", "--all"]).await;
        assert_eq!(ended["open_invites"], 0, "{ended}");
        let more = serde_json::json!({ "expires_at": "2999-01-01T00:00:00Z" });
        let extended = baton.v1("POST", &format!("invites/{id}/extend"), Some(more)).await;
        let link = extended["candidate_url"].as_str().expect("a link");
        assert_eq!(page(&baton, link).await.0, 200);
        baton.end().await;
    }
}
