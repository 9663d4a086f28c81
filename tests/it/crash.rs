//! What was answered stays true, whatever is killed: the real programs, on both databases.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mail::catcher::Fault;
use serde_json::{Value, json};

use crate::harness::{Callback, Programs, answer, ask, eventually, external, run_program};

/// How often each thing is killed.
const ROUNDS: usize = 5;
const CANDIDATE: &str = "zoe@candidate.example";

test_support::each_database! {
    async fn a_send_test_that_was_answered_outlives_the_api(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let mut sent = Vec::new();
        for round in 0..ROUNDS {
            let email = format!("candidate-{round}@candidate.example");
            let url = format!("https://app.greenhouse.io/take_home_tests/{round}");
            let body = ask(&test, &email, &url);
            let interview = baton.send_test(&body).await;
            baton.kill_api().await;
            baton.start_api().await;
            assert_eq!(baton.send_test(&body).await, interview);
            // Else the next kill may hit this mail again: a job that eight crashes in a row have met is given up.
            baton.idle().await;
            sent.push((email, interview));
        }
        for (email, interview) in sent {
            let invite = baton.v1("GET", &format!("invites/{interview}"), None).await;
            assert_eq!((&invite["status"], &invite["email_state"]), (&json!("invited"), &json!("sent")));
            assert_eq!(message_ids(&baton, &email).len(), 1, "one mail to {email}, or the same again");
        }
        baton.end().await;
    }

    async fn greenhouse_learns_of_a_result_whose_worker_was_killed(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let greenhouse = Greenhouse::start().await;
        let mut interviews = Vec::new();
        for round in 0..ROUNDS {
            let interview = start(&baton, &test, &greenhouse, round).await;
            greenhouse.hold(true);
            report(&baton, &interview, round).await;
            greenhouse.hears(round).await;
            baton.kill_worker().await;
            greenhouse.hold(false);
            baton.start_worker().await;
            interviews.push(interview);
            if baton.is_alone() {
                // Else each kill would hit the repeats of those before, too.
                all_are_seen(&baton, &greenhouse, &interviews).await;
            }
        }
        all_are_seen(&baton, &greenhouse, &interviews).await;
        baton.end().await;
    }

    async fn greenhouse_learns_of_a_result_that_was_only_just_stored(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let greenhouse = Greenhouse::start().await;
        let mut interviews = Vec::new();
        for round in 0..ROUNDS {
            let interview = start(&baton, &test, &greenhouse, round).await;
            report(&baton, &interview, round).await;
            baton.kill_worker().await;
            baton.start_worker().await;
            interviews.push(interview);
        }
        all_are_seen(&baton, &greenhouse, &interviews).await;
        baton.end().await;
    }

    async fn a_mail_whose_worker_was_killed_in_mid_send_goes_again_as_the_same_message(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        // The relay has it, and its answer does not come before the worker is gone.
        baton.mail.fail_next(1, Fault::Slow { milliseconds: 600_000 });
        let body = ask(&test, CANDIDATE, "https://app.greenhouse.io/take_home_tests/1");
        let interview = baton.send_test(&body).await;
        let first = mails_to(&baton, 1).await;
        baton.kill_worker().await;
        // Who takes over waits until the call of a worker that is only silent would have ended: as if that time were over.
        baton.database.run_sql("UPDATE mails SET at = at - 15000000");
        baton.start_worker().await;
        let both = mails_to(&baton, 2).await;
        baton.idle().await;
        assert_eq!(mails_to(&baton, 2).await, both, "and not a third time");
        assert_eq!((&both[0], &both[1]), (&first[0], &first[0]), "one message to the candidate's mailbox");

        let invite = baton.v1("GET", &format!("invites/{interview}"), None).await;
        assert_eq!(invite["email_state"], "sent");
        let timeline = baton.v1("GET", &format!("invites/{interview}/timeline"), None).await;
        let facts = timeline["data"].as_array().expect("a list").iter().rev();
        let mails: Vec<_> = facts.filter(|fact| fact["type"].as_str().expect("a type").starts_with("mail.")).collect();
        let kinds: Vec<_> = mails.iter().map(|fact| fact["type"].as_str().expect("a type")).collect();
        assert_eq!(kinds, ["mail.repeated", "mail.sent"], "{timeline}");
        let reason = "a worker ended before it could note what the mail server said";
        assert_eq!(mails[0]["detail"], json!({ "mail": "invitation", "reason": reason }));
        baton.end().await;
    }

    async fn told_to_end_it_puts_back_what_it_had_begun(database: Database) {
        let mut baton = Programs::start(database).await;
        let test = baton.publish(external("Backend")).await;
        let greenhouse = Greenhouse::start().await;
        let interview = start(&baton, &test, &greenhouse, 0).await;
        greenhouse.hold(true);
        report(&baton, &interview, 0).await;
        greenhouse.hears(0).await;
        baton.end_worker().await;
        assert_eq!(baton.database.count("SELECT count(*) FROM jobs WHERE state = 'claimed'"), 0);
        assert_eq!(baton.database.count("SELECT count(*) FROM jobs WHERE state = 'ready'"), 1);
        greenhouse.hold(false);
        baton.start_worker().await;
        all_are_seen(&baton, &greenhouse, &[interview]).await;
        baton.end().await;
    }
}

#[tokio::test]
async fn settings_at_fault_end_every_program_with_status_2_and_are_all_listed() {
    let wrong = [
        ("HTTP__LISTEN", "nowhere"),
        ("PUBLIC_URL", "ftp://vendor.example"),
        ("MAIL__FORM", "a@vendor.example"),
    ];
    for (program, arguments) in [
        ("baton-api", &[][..]),
        ("baton-worker", &[]),
        ("baton-admin", &["migrate"]),
    ] {
        let ended = run_program(program, arguments, &wrong).await;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{program}: {said}");
        for setting in ["http.listen", "public_url", "mail.form"] {
            assert!(
                said.contains(&format!("`{setting}`")),
                "{program} does not name {setting}: {said}"
            );
        }
    }
}

#[tokio::test]
async fn a_file_at_fault_ends_the_demo_and_the_sandbox_with_status_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.toml");
    std::fs::write(&file, "lisen = \"127.0.0.1:0\"\n").expect("a file");
    for program in ["baton-demo", "baton-sandbox"] {
        let ended = run_program(program, &["--config", &file.to_string_lossy()], &[]).await;
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{program}: {said}");
        assert!(said.contains("lisen"), "{program}: {said}");
    }
}

#[tokio::test]
async fn a_worker_of_its_own_refuses_sqlite() {
    let ended = run_program(
        "baton-worker",
        &[],
        &[("DATABASE__URL", "sqlite://baton.db")],
    )
    .await;
    let said = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("worker.embedded"), "{said}");
}

/// Greenhouse's PATCH endpoint: it can leave callers without an answer.
struct Greenhouse {
    server: Callback,
    holds: Arc<AtomicBool>,
}

impl Greenhouse {
    async fn start() -> Self {
        let holds = Arc::new(AtomicBool::new(false));
        let held = Arc::clone(&holds);
        let server = Callback::start(move |_| {
            let held = held.load(Ordering::SeqCst);
            async move {
                if held {
                    std::future::pending().await
                } else {
                    answer(200)
                }
            }
        });
        Self {
            server: server.await,
            holds,
        }
    }

    /// From now on nobody gets an answer, or everybody does.
    fn hold(&self, hold: bool) {
        self.holds.store(hold, Ordering::SeqCst);
    }

    fn url(&self, round: usize) -> String {
        self.server.url(&round.to_string())
    }

    /// Waits for a PATCH of this round's test.
    async fn hears(&self, round: usize) {
        let url = self.url(round);
        eventually("the PATCH comes", async || {
            let heard = self.server.heard();
            heard
                .iter()
                .any(|call| call.method == "PATCH" && url.ends_with(&call.path))
                .then_some(())
        })
        .await;
    }
}

/// Greenhouse sends a test and the candidate starts it; the interview id.
async fn start(baton: &Programs, test: &str, greenhouse: &Greenhouse, round: usize) -> String {
    let email = format!("candidate-{round}@candidate.example");
    let interview = baton
        .send_test(&ask(test, &email, &greenhouse.url(round)))
        .await;
    baton
        .v1("POST", &format!("invites/{interview}/start"), None)
        .await;
    interview
}

/// The vendor reports a result; it is stored once this returns.
async fn report(baton: &Programs, interview: &str, round: usize) {
    let result = json!({ "score": score(round) });
    baton
        .v1("PUT", &format!("invites/{interview}/result"), Some(result))
        .await;
}

fn score(round: usize) -> usize {
    80 + round
}

/// Greenhouse was told of every result, and read it afterwards.
async fn all_are_seen(baton: &Programs, greenhouse: &Greenhouse, interviews: &[String]) {
    for (round, interview) in interviews.iter().enumerate() {
        greenhouse.hears(round).await;
        eventually("the PATCH was answered", async || {
            let writeback = writeback(baton, interview).await;
            (writeback["state"] == "sent" || writeback["state"] == "seen").then_some(())
        })
        .await;
        let read = baton.test_status(interview).await;
        assert_eq!(read["partner_status"], "complete", "{read}");
        assert_eq!(
            read["partner_score"].as_f64(),
            Some(score(round) as f64),
            "{read}"
        );
        assert_eq!(writeback(baton, interview).await["state"], "seen");
    }
}

async fn writeback(baton: &Programs, interview: &str) -> Value {
    baton.v1("GET", &format!("invites/{interview}"), None).await["writebacks"][0].clone()
}

/// The ids of the mails to the candidate, once there are so many.
async fn mails_to(baton: &Programs, many: usize) -> Vec<String> {
    eventually(&format!("{many} mails came"), async || {
        let mails = baton.mail.messages().into_iter();
        let ids: Vec<_> = mails
            .filter(|mail| mail.recipients == [CANDIDATE])
            .map(|mail| mail.message_id)
            .collect();
        (ids.len() >= many).then_some(ids)
    })
    .await
}

/// The different ids of the mails to one candidate.
fn message_ids(baton: &Programs, email: &str) -> BTreeSet<String> {
    let mails = baton.mail.messages().into_iter();
    mails
        .filter(|mail| mail.recipients == [email])
        .map(|mail| mail.message_id)
        .collect()
}
