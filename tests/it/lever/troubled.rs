//! Many candidates move while Lever fails often, and while a worker is killed again and again: each effect is there once.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::TimeDelta;
use domain::{Clock, SystemClock};
use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};
use test_support::Database;

use crate::harness::{
    Employer, Programs, TestApp, eventually_within, external, lever_settings, notes, tags, text,
    times,
};

/// How long it may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(540);
/// How often the worker is killed.
const KILLS: usize = 4;

test_support::each_database! {
    async fn each_effect_is_there_once_whatever_lever_plays(database: Database) {
        // Baton's clock is moved on, so that nobody sits through the waits between tries. Lever's allowance counts real seconds.
        let app = TestApp::start_still(database, &[]).await;
        app.publish(external("Rust")).await;
        let employer = Employer::connect(&app).await;
        let crowd = Crowd::arrive(&employer, many()).await;
        let tick = || app.advance(TimeDelta::seconds(10));
        employer.play(trouble(30)).await;
        crowd.move_in(&employer).await;
        crowd.so_many_are(&employer, crowd.len(), "Invited", &tick).await;
        crowd.all_sit(&employer).await;
        crowd.so_many_are(&employer, crowd.len(), "Submitted", &tick).await;
        crowd.all_have_notes(&employer, &tick).await;
        employer.play(json!({})).await;
        crowd.judge(&employer, |email| app.mails_to(email)).await;
        within_the_allowance(&employer).await;
        app.stop().await;
    }

    async fn each_effect_is_there_once_though_the_worker_is_killed(database: Database) {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = Sandbox::start(SandboxConfig::on(any)).expect("a sandbox");
        let settings = lever_settings(sandbox.url());
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let mut baton = Programs::start_with(database, &settings).await;
        baton.add_worker();
        baton.publish(external("Rust")).await;
        let employer = Employer::connect_to(&baton.url, baton.platform_key(), sandbox.url()).await;
        let crowd = Crowd::arrive(&employer, many()).await;
        employer.play(trouble(30)).await;
        crowd.move_in(&employer).await;
        for kill in 0..KILLS {
            let so_many = crowd.len() * (kill + 1) / (KILLS + 1);
            crowd.so_many_are(&employer, so_many, "Invited", &|| hurry(&baton.database)).await;
            baton.kill_worker().await;
            baton.start_worker().await;
        }
        crowd.so_many_are(&employer, crowd.len(), "Invited", &|| hurry(&baton.database)).await;
        crowd.all_sit(&employer).await;
        for kill in 0..KILLS {
            let so_many = crowd.len() * (kill + 1) / (KILLS + 1);
            crowd.so_many_are(&employer, so_many, "Submitted", &|| hurry(&baton.database)).await;
            baton.kill_worker().await;
            baton.start_worker().await;
        }
        crowd.so_many_are(&employer, crowd.len(), "Submitted", &|| hurry(&baton.database)).await;
        crowd.all_have_notes(&employer, &|| hurry(&baton.database)).await;
        employer.play(json!({})).await;
        // A mail that was on its way when the worker was killed comes again, under the same Message-ID: the same mail.
        let mut mails: HashMap<String, Vec<String>> = HashMap::new();
        for mail in baton.mail.messages() {
            let of_one = mails.entry(mail.recipients[0].clone()).or_default();
            if !of_one.contains(&mail.message_id) {
                of_one.push(mail.message_id);
            }
        }
        crowd.judge(&employer, |email| mails.get(email).map_or(0, Vec::len)).await;
        within_the_allowance(&employer).await;
        baton.end().await;
        sandbox.stop().await;
    }
}

/// How many candidates: more where somebody wants to know.
fn many() -> usize {
    let asked = std::env::var("BATON_LEVER_CANDIDATES").ok();
    asked.and_then(|many| many.parse().ok()).unwrap_or(16)
}

/// Nobody sits through the waits between tries. How long a worker that died may still be heard of is waited for all the same.
fn hurry(database: &Database) {
    let now = SystemClock.now().timestamp_micros();
    database.run_sql(&format!(
        "UPDATE jobs SET run_at = {now} WHERE state = 'ready' AND run_at > {now} AND kind IN ('lever_opportunity', 'show_at')"
    ));
}

/// So many calls in a hundred go wrong, each in one of the ways that are known.
fn trouble(percent: u32) -> Value {
    json!({ "chance": { "percent": percent, "seed": 7, "calls": [], "faults": [
        { "play": { "kind": "status", "status": 429, "retry_after": "1" } },
        { "play": { "kind": "status", "status": 429 } },
        { "play": { "kind": "status", "status": 500 } },
        { "play": { "kind": "status", "status": 500 }, "takes_effect": true },
        { "play": { "kind": "reset" } },
        { "play": { "kind": "reset" }, "takes_effect": true },
        { "play": { "kind": "slow", "milliseconds": 500 } },
        { "play": { "kind": "truncated" } },
        { "play": { "kind": "not_json" } },
    ] } })
}

/// Candidates with the title as a tag.
struct Crowd {
    opportunities: Vec<String>,
}

impl Crowd {
    async fn arrive(employer: &Employer, many: usize) -> Self {
        let body = json!({ "count": many, "tags": ["Rust", "Lisbon"] });
        let made = employer
            .account_control("POST", "opportunities/bulk", Some(body))
            .await;
        let ids = made["opportunity_ids"].as_array().expect("a list");
        let id = |id: &Value| id.as_str().expect("an id").to_owned();
        Self {
            opportunities: ids.iter().map(id).collect(),
        }
    }

    fn len(&self) -> usize {
        self.opportunities.len()
    }

    /// All at once, each told of twice.
    async fn move_in(&self, employer: &Employer) {
        let copies = json!({ "delivery_copies": 2 });
        employer.account_control("PATCH", "", Some(copies)).await;
        let body = json!({ "stage_id": employer.stage, "opportunity_ids": self.opportunities });
        let moved = employer.account_control("POST", "move", Some(body)).await;
        assert_eq!(moved["moved"].as_array().map(Vec::len), Some(self.len()));
    }

    async fn look(&self, employer: &Employer) -> Vec<Value> {
        let path = format!("opportunities?stage_id={}", employer.stage);
        let listed = employer.account_control("GET", &path, None).await;
        listed["opportunities"].as_array().expect("a list").clone()
    }

    /// Waits until Lever shows so many with the status tag that says this, and no other of ours.
    async fn so_many_are(&self, employer: &Employer, many: usize, word: &str, tick: &dyn Fn()) {
        let expected = vec!["Lisbon".to_owned(), format!("Rust - {word}")];
        eventually_within(PATIENCE, &format!("{many} are {word}"), async || {
            tick();
            let all = self.look(employer).await;
            let there = all.iter().filter(|it| {
                let mut tags = tags(it);
                tags.sort();
                tags == expected
            });
            (there.count() >= many).then_some(())
        })
        .await;
    }

    /// Each starts and hands in, and gets a result.
    async fn all_sit(&self, employer: &Employer) {
        for invite in invites(employer).await {
            let path = |verb: &str| format!("invites/{invite}/{verb}");
            employer.v1("POST", &path("start"), None).await;
            employer.v1("POST", &path("submit"), None).await;
            let result = json!({ "score": 82 });
            employer.v1("PUT", &path("result"), Some(result)).await;
        }
    }

    async fn all_have_notes(&self, employer: &Employer, tick: &dyn Fn()) {
        eventually_within(PATIENCE, "all have a note with the result", async || {
            tick();
            let all = self.look(employer).await;
            let noted = all.iter().filter(|it| {
                let notes = notes(it);
                notes.iter().any(|note| note.contains("82 of 100"))
            });
            (noted.count() == self.len()).then_some(())
        })
        .await;
    }

    /// Each effect is there once: one mail, one invite, one of each tag, one note.
    async fn judge(&self, employer: &Employer, mails: impl Fn(&str) -> usize) {
        let all = self.look(employer).await;
        assert_eq!(all.len(), self.len());
        for it in &all {
            let email = it["emails"][0].as_str().expect("an address");
            assert_eq!(mails(email), 1, "mails to {email}");
            assert_eq!(notes(it).len(), 1, "{it}");
            assert_eq!(it["writes"]["create_note"], 1, "{it}");
            for (what, tag) in [
                ("tag_added", "Rust - Invited"),
                ("tag_removed", "Rust"),
                ("tag_removed", "Rust - Invited"),
                ("tag_added", "Rust - Submitted"),
            ] {
                assert_eq!(times(it, what, tag), 1, "{what} {tag}: {it}");
            }
        }
        assert_eq!(invites(employer).await.len(), self.len(), "one invite each");
    }
}

/// All invites.
async fn invites(employer: &Employer) -> Vec<String> {
    let (mut all, mut path) = (Vec::new(), "invites?limit=100".to_owned());
    loop {
        let listed = employer.v1("GET", &path, None).await;
        let page = listed["data"].as_array().expect("a list");
        all.extend(page.iter().map(|invite| text(&invite["id"])));
        match listed["next_cursor"].as_str() {
            Some(next) => path = format!("invites?limit=100&cursor={next}"),
            None => return all,
        }
    }
}

/// Lever never saw more than it allows in a second.
async fn within_the_allowance(employer: &Employer) {
    let seen = employer.account_control("GET", "allowance", None).await;
    assert_eq!(seen["refused"], 0, "{seen}");
    assert!(
        seen["largest_second"]
            .as_u64()
            .is_some_and(|most| most <= 20),
        "{seen}"
    );
}
