//! Requests by the thousand, each spoiled by chance: over bare TCP at the real program. None may get a 5xx, a panic, memory for
//! good, or a row that was not answered for. The seed is printed; `BATON_MALFORMED_SEED` plays it again.

#![expect(clippy::print_stdout, reason = "the seed plays a failure again")]

mod dice;
mod request;
mod spoil;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use self::dice::Dice;
use self::request::Request;
use crate::harness::routes::{Route, of_v1, others};
use crate::harness::{OPERATOR, Programs, external, written};

/// So many on each database, unless `BATON_MALFORMED` says otherwise; `just malformed` sends 100,000.
const USUALLY: usize = 10_000;
/// So many callers at the same moment.
const CALLERS: usize = 16;
/// The most memory that the api may ever take, in KiB. A debug build at rest takes about 50 MiB, three sign-ins 100 MiB more.
const MOST_MEMORY: u64 = 250 * 1024;

/// Credentials, and ids that are there.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    pub(super) operator: String,
    pub(super) platform: String,
    pub(super) greenhouse: String,
    pub(super) cookie: String,
    pub(super) ids: Vec<String>,
}

/// What came of some requests.
#[derive(Debug, Default)]
struct Outcome {
    by_status: BTreeMap<u16, usize>,
    made: BTreeSet<String>,
    unanswered: usize,
}

test_support::each_database! {
    async fn malformed_requests_harm_nobody(database: Database) {
        let many = number("BATON_MALFORMED").unwrap_or(USUALLY);
        let seed = number("BATON_MALFORMED_SEED").unwrap_or_else(|| std::process::id() as usize);
        let more = [("OPERATOR__TOKEN", OPERATOR), ("LIMITS__REQUESTS_PER_MINUTE", "100000000"), ("LOG__FILTER", "warn")];
        let baton = Programs::start_with(database, &more).await;
        let keys = keys(&baton).await;
        let before = rows(&baton);
        println!("{many} malformed requests from the seed {seed}");
        let outcome = send(&baton, &keys, many, seed).await;
        println!("{:?}, {} without an answer", outcome.by_status, outcome.unanswered);
        println!("the api took {} KiB at most", baton.api_memory());
        let failed = outcome.by_status.range(500..).next();
        assert_eq!(failed, None, "seed {seed}: {}", String::from_utf8_lossy(&baton.log()));
        for status in [200, 201, 400, 401, 404, 405, 413, 422] {
            assert!(outcome.by_status.contains_key(&status), "none was answered {status}: {:?}", outcome.by_status);
        }
        let made = usize::try_from(rows(&baton) - before).expect("nothing was deleted");
        let answered = outcome.made.len();
        assert!((answered..=answered + outcome.unanswered).contains(&made), "seed {seed}: {made} things were made, {answered} answered for");
        assert!(baton.api_memory() < MOST_MEMORY);
        let log = String::from_utf8_lossy(&baton.log()).into_owned();
        assert!(!log.contains("panicked"), "seed {seed}: {log}");
        good_calls_are_answered(&baton).await;
        baton.end().await;
    }
}

fn number(variable: &str) -> Option<usize> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} has to be a number")),
    )
}

/// What every call of a well-behaved caller would make one of.
fn rows(baton: &Programs) -> i64 {
    let tables = [
        "organizations",
        "api_keys",
        "assessments",
        "invites",
        "referrals",
    ];
    tables
        .iter()
        .map(|table| {
            baton
                .database
                .count(&format!("SELECT count(*) FROM {table}"))
        })
        .sum()
}

/// Two assessments, invites in several states, somebody who is signed in.
async fn keys(baton: &Programs) -> Keys {
    let test = baton.publish(external("Backend")).await;
    let essay = baton.publish(written("Essay")).await;
    let mut ids = vec![
        "01920000-0000-7000-8000-000000000000".to_owned(),
        test.clone(),
        essay.clone(),
    ];
    for (assessment, commands) in [
        (&test, &[][..]),
        (&test, &["start"]),
        (&essay, &["start"]),
        (&essay, &["start", "submit"]),
        (&test, &["cancel"]),
    ] {
        let body = json!({ "assessment_id": assessment, "candidate": { "email": "ada@candidate.example" } });
        let invite = baton.v1("POST", "invites", Some(body)).await;
        let id = invite["id"].as_str().expect("an id");
        for command in commands {
            baton
                .v1("POST", &format!("invites/{id}/{command}"), None)
                .await;
        }
        ids.push(id.to_owned());
        let link = invite["candidate_url"].as_str().expect("a link");
        ids.push(link.rsplit_once('/').expect("a token").1.to_owned());
    }
    Keys {
        operator: OPERATOR.to_owned(),
        platform: baton.platform_key.clone(),
        greenhouse: baton.greenhouse_key.clone(),
        cookie: baton.sign_in("ada@customer.example").await,
        ids,
    }
}

/// How long the end of an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

async fn send(baton: &Programs, keys: &Keys, many: usize, seed: usize) -> Outcome {
    let mut routes = of_v1(&baton.http, &baton.url).await;
    routes.extend(others());
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (routes, keys) = (routes.clone(), keys.clone());
        let address = baton.url.trim_start_matches("http://").to_owned();
        let dice = Dice::from_seed(((seed as u64) << 8) + caller as u64);
        callers.spawn(call(address, routes, keys, many / CALLERS, dice));
    }
    let mut all = Outcome::default();
    while let Some(one) = callers.join_next().await {
        let one = one.expect("a caller ends");
        all.made.extend(one.made);
        all.unanswered += one.unanswered;
        for (status, many) in one.by_status {
            *all.by_status.entry(status).or_default() += many;
        }
    }
    all
}

async fn call(
    address: String,
    routes: Vec<Route>,
    keys: Keys,
    many: usize,
    mut dice: Dice,
) -> Outcome {
    let mut outcome = Outcome::default();
    for _ in 0..many {
        let route = dice.pick(&routes).clone();
        let request = Request::sound(&route, &keys, &mut dice);
        let bytes = spoil::spoil(request, &mut dice);
        let answer = exchange(&address, &bytes).await;
        let statuses = outcome.note(&answer);
        let failed = statuses.iter().any(|status| *status >= 500);
        assert!(
            !failed,
            "{}\nis answered\n{}",
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&answer)
        );
    }
    outcome
}

/// Sends the bytes and nothing more; what comes back until the end.
async fn exchange(address: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // It may hang up before it has heard everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    // Now and then actix-http leaves a connection open whose rest it does not care to read (docs/reliability.md).
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    answer
}

impl Outcome {
    /// Counts what came back, which can be several answers; their statuses.
    fn note(&mut self, answer: &[u8]) -> Vec<u16> {
        let text = String::from_utf8_lossy(answer);
        let mut statuses = Vec::new();
        for part in text.split("HTTP/1.").skip(1) {
            let status = part.get(2..5).and_then(|digits| digits.parse().ok());
            let Some(status) = status.filter(|status| *status >= 200) else {
                continue;
            };
            statuses.push(status);
            *self.by_status.entry(status).or_default() += 1;
            let body = part.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            if let Ok(body) = serde_json::from_str::<Value>(body) {
                let id = if status == 201 {
                    &body["id"]
                } else {
                    &body["partner_interview_id"]
                };
                self.made.extend(id.as_str().map(str::to_owned));
            }
        }
        self.unanswered += usize::from(statuses.is_empty());
        statuses
    }
}

async fn good_calls_are_answered(baton: &Programs) {
    for path in ["assessments", "invites", "api-keys"] {
        baton.v1("GET", path, None).await;
    }
    baton.publish(external("Afterwards")).await;
    let page = baton
        .http
        .get(format!("{}/sign-in", baton.url))
        .send()
        .await
        .expect("an answer");
    assert_eq!(page.status(), 200);
}
