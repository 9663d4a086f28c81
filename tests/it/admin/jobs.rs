//! Work that was given up: listed by what it is, and queued again, with an entry in the audit log.

use serde_json::{Value, json};

use super::publish;
use crate::harness::{Programs, ask, eventually};

const LONG_AGO: &str = "2026-01-01T00:00:00Z";
const LATER: &str = "2099-01-01T00:00:00Z";

/// Three mails that were given up: two since the relay was full, one since it knew nobody.
async fn given_up(database: test_support::Database) -> Programs {
    // Without a relay they wait.
    let baton = Programs::start_with(database, &[("MAIL__SMTP_URL", "")]).await;
    let test = publish(&baton).await;
    for (first, last, reason) in [(1, 2, "the relay is full"), (3, 3, "it knows nobody")] {
        for number in first..=last {
            let url = format!("https://app.greenhouse.io/take_home_tests/{number}");
            let email = format!("candidate{number}@candidate.example");
            baton.send_test(&ask(&test, &email, &url)).await;
        }
        eventually("each mail was looked at, and waits", async || {
            let waiting =
                "SELECT count(*) FROM jobs WHERE state = 'ready' AND last_error IS NOT NULL";
            (baton.database.count(waiting) == i64::from(last - first + 1)).then_some(())
        })
        .await;
        // As three days of failures would have it.
        baton.database.run_sql(&format!(
            "UPDATE jobs SET state = 'dead', attempt = 20, died_at = 1790000000000000, last_error = '{reason}' WHERE state = 'ready'"
        ));
    }
    baton
}

/// How many, and the list.
async fn list(baton: &Programs, filter: &[&str]) -> (u64, Vec<Value>) {
    let answer = baton.admin(&[&["jobs", "list"], filter].concat()).await;
    let jobs = answer["jobs"].as_array().expect("a list").clone();
    (answer["count"].as_u64().expect("a number"), jobs)
}

fn id(job: &Value) -> &str {
    job["id"].as_str().expect("an id")
}

test_support::each_database! {
    async fn jobs_that_were_given_up_are_listed_by_what_they_are(database: Database) {
        let baton = given_up(database).await;
        let (many, all) = list(&baton, &[]).await;
        assert_eq!(many, 3);
        let reasons: Vec<_> = all.iter().map(|job| job["reason"].as_str().expect("a reason")).collect();
        assert_eq!(reasons, ["it knows nobody", "the relay is full", "the relay is full"], "newest first");
        assert_eq!((&all[0]["kind"], &all[0]["attempts"]), (&json!("mail_invite"), &json!(20)));
        let ours = baton.organization.clone();
        for (filter, found) in [
            (["--reason", "relay is"], 2),
            (["--reason", "re%ay"], 0),
            (["--kind", "mail_invite"], 3),
            (["--kind", "show_at"], 0),
            (["--organization", &ours], 3),
            (["--organization", "01920000-0000-7000-8000-000000000000"], 0),
            (["--since", LONG_AGO], 3),
            (["--since", LATER], 0),
        ] {
            assert_eq!(list(&baton, &filter).await.0, found, "{filter:?}");
        }
        let listed = baton.run_admin(&["jobs", "replay"]).await;
        assert_eq!(listed.status.code(), Some(2), "what is to be replayed has to be said");
        assert_eq!(list(&baton, &[]).await.0, 3);
        baton.end().await;
    }

    async fn jobs_are_queued_again_one_by_one_or_by_filter_with_an_entry_each(database: Database) {
        let mut baton = given_up(database).await;
        let (_, all) = list(&baton, &[]).await;
        let one = baton.admin(&["jobs", "replay", id(&all[0])]).await;
        assert_eq!(one["replayed"], json!([id(&all[0])]));
        let again = baton.admin(&["jobs", "replay", id(&all[0])]).await;
        assert_eq!(again["replayed"], json!([]), "it is queued already");
        let rest = baton.admin(&["jobs", "replay", "--reason", "relay is full", "--organization", &baton.organization]).await;
        assert_eq!(rest["replayed"].as_array().map(Vec::len), Some(2), "{rest}");
        assert_eq!(list(&baton, &[]).await.0, 0);

        let log = baton.v1("GET", "audit-events", None).await;
        let entries = log["data"].as_array().expect("a list").iter();
        let replays: Vec<_> = entries.filter(|entry| entry["action"] == "jobs.replayed").collect();
        let objects: Vec<_> = replays.iter().map(|entry| entry["object"].as_str().expect("an object")).collect();
        for job in &all {
            assert!(objects.contains(&format!("job:{}", id(job)).as_str()), "{objects:?}");
        }
        assert_eq!(replays.len(), 3);
        assert!(replays.iter().all(|entry| entry["actor"].as_str().expect("an actor").starts_with("command_line")));

        let relay = baton.mail.smtp_url();
        baton.set("MAIL__SMTP_URL", &relay);
        baton.stop().await;
        // Without a relay they look again after a minute: as if it were over.
        baton.database.run_sql("UPDATE jobs SET run_at = 0");
        baton.go_on().await;
        for number in 1..=3 {
            let email = format!("candidate{number}@candidate.example");
            eventually(&format!("{email} is mailed"), async || {
                let mails = baton.mail.messages();
                mails.iter().any(|mail| mail.recipients == [email.clone()]).then_some(())
            })
            .await;
        }
        baton.idle().await;
        baton.end().await;
    }
}
