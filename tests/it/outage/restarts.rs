//! PostgreSQL is killed and started again, many times, while Greenhouse sends.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::harness::{
    OwnPostgres, Programs, ask, eventually, eventually_within, external, read, text,
};

/// How often; `BATON_TEST_RESTARTS` says otherwise.
const RESTARTS: usize = 3;
const SENDERS: usize = 4;
/// What was cut off in mid-job waits for its claim to lapse.
const ALL_DONE: Duration = Duration::from_secs(180);

/// What Greenhouse heard.
#[derive(Default)]
struct Heard {
    over: AtomicBool,
    refused: AtomicUsize,
    taken: Mutex<BTreeMap<String, String>>,
}

impl Heard {
    fn taken(&self) -> usize {
        self.taken.lock().expect("no panic while noting").len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_killed_again_and_again_under_load_costs_nothing_that_was_answered() {
    let server = OwnPostgres::start().await;
    let mut baton = Programs::start(server.database("baton")).await;
    let test = baton.publish(external("Backend")).await;
    let heard = Heard::default();
    let senders = join_all((0..SENDERS).map(|sender| send(&baton, &test, sender, &heard)));
    let (longest, _) = tokio::join!(kill_again_and_again(&baton, &server, &heard), senders);
    report(&heard, longest);

    assert!(baton.all_run(), "a process has ended");
    eventually_within(ALL_DONE, "no job is left", async || {
        (baton.database.count("SELECT count(*) FROM jobs") == 0).then_some(())
    })
    .await;
    let taken = std::mem::take(&mut *heard.taken.lock().expect("no panic while noting"));
    let invites = baton.database.count("SELECT count(*) FROM invites");
    assert_eq!(usize::try_from(invites), Ok(taken.len()));
    for (email, interview) in &taken {
        assert_eq!(&baton.send_test(&body(&test, email)).await, interview);
    }
    let mut mails: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let messages = baton.mail.messages();
    for mail in &messages {
        mails
            .entry(&mail.recipients[0])
            .or_default()
            .push(&mail.message_id);
    }
    assert_eq!(mails.len(), taken.len(), "everybody has mail");
    for (email, ids) in &mut mails {
        ids.dedup();
        assert_eq!(ids.len(), 1, "one mail to {email}, or the same again");
    }
    baton.end().await;
}

/// Each ask is repeated until it is taken. Whatever else than "taken" and "come back" is heard is a fault.
async fn send(baton: &Programs, test: &str, sender: usize, heard: &Heard) {
    let mut number = 0;
    while !heard.over.load(Ordering::SeqCst) {
        let email = format!("candidate-{sender}-{number}@candidate.example");
        let answer = baton.call_send_test(&body(test, &email)).await;
        let answer = answer.expect("the api answers, whatever becomes of the database");
        let comes_back = answer.headers().contains_key("retry-after");
        match read(answer).await {
            (200, answer) => {
                let interview = text(&answer["partner_interview_id"]);
                heard
                    .taken
                    .lock()
                    .expect("no panic while noting")
                    .insert(email, interview);
                number += 1;
            }
            (503, _) if comes_back => {
                heard.refused.fetch_add(1, Ordering::SeqCst);
            }
            (status, answer) => panic!("{status} {answer}"),
        }
    }
    // What was refused last may have been kept: only a repeat tells.
    let email = format!("candidate-{sender}-{number}@candidate.example");
    let interview = baton.send_test(&body(test, &email)).await;
    heard
        .taken
        .lock()
        .expect("no panic while noting")
        .insert(email, interview);
}

fn body(test: &str, email: &str) -> serde_json::Value {
    ask(
        test,
        email,
        &format!("https://app.greenhouse.io/take_home_tests/{email}"),
    )
}

/// The longest time from the database's return to ready.
async fn kill_again_and_again(baton: &Programs, server: &OwnPostgres, heard: &Heard) -> Duration {
    let restarts = std::env::var("BATON_TEST_RESTARTS").map_or(RESTARTS, |many| {
        many.parse().expect("BATON_TEST_RESTARTS is a number")
    });
    let mut longest = Duration::ZERO;
    for _ in 0..restarts {
        let taken = heard.taken();
        eventually("sends are taken", async || {
            (heard.taken() > taken + 10).then_some(())
        })
        .await;
        let refused = heard.refused.load(Ordering::SeqCst);
        server.halt().await;
        eventually("sends are refused", async || {
            (heard.refused.load(Ordering::SeqCst) > refused + SENDERS).then_some(())
        })
        .await;
        eventually("it is not ready", async || {
            (baton.readyz().await.0 == 503).then_some(())
        })
        .await;
        assert_eq!(baton.healthz().await, 200);
        server.resume().await;
        let back = Instant::now();
        eventually("it is ready", async || {
            (baton.readyz().await.0 == 200).then_some(())
        })
        .await;
        longest = longest.max(back.elapsed());
    }
    heard.over.store(true, Ordering::SeqCst);
    longest
}

#[expect(
    clippy::print_stdout,
    reason = "figures for docs/reliability.md, with --nocapture"
)]
fn report(heard: &Heard, longest: Duration) {
    println!(
        "{} sends taken, {} refused meanwhile, ready at most {} ms after the database was back",
        heard.taken(),
        heard.refused.load(Ordering::SeqCst),
        longest.as_millis()
    );
}
