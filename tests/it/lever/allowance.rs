//! What Lever allows, as Lever counts it: used up where there is enough to do, and never more.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};

use crate::harness::{Employer, Programs, eventually_within, external, lever_settings, tags};

/// How many candidates move at once; each takes five calls.
const CANDIDATES: usize = 60;
/// How long that may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);
/// What Lever allows in a second, in the long run.
const ALLOWED: u64 = 10;
/// And at once, after a rest.
const BURST: u64 = 20;

test_support::each_database! {
    async fn two_workers_with_a_backlog_use_nine_tenths_of_what_lever_allows_and_never_more_than_that(database: Database) {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = Sandbox::start(SandboxConfig::on(any)).expect("a sandbox");
        let settings = lever_settings(sandbox.url());
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let mut baton = Programs::start_with(database, &settings).await;
        baton.add_worker();
        baton.publish(external("Rust")).await;
        let employer = Employer::connect_to(&baton.url, baton.platform_key(), sandbox.url()).await;
        let body = json!({ "count": CANDIDATES, "tags": ["Rust"] });
        let made = employer.account_control("POST", "opportunities/bulk", Some(body)).await;
        baton.idle().await;
        employer.account_control("DELETE", "allowance", None).await;
        let body = json!({ "stage_id": employer.stage, "opportunity_ids": made["opportunity_ids"] });
        employer.account_control("POST", "move", Some(body)).await;
        all_are_invited(&employer).await;
        let seen = employer.account_control("GET", "allowance", None).await;
        assert_eq!(seen["refused"], 0, "no call met an empty bucket: {seen}");
        assert!(seen["largest_second"].as_u64().is_some_and(|most| most <= BURST), "{seen}");
        let (used, seconds) = of_the_backlog(&seen);
        assert!(seconds >= 20, "long enough to say something: {seen}");
        assert!(used * 10 >= ALLOWED * seconds * 9, "{used} calls in {seconds} s: {seen}");
        baton.end().await;
        sandbox.stop().await;
    }
}

async fn all_are_invited(employer: &Employer) {
    let path = format!("opportunities?stage_id={}", employer.stage);
    eventually_within(PATIENCE, "all are invited", async || {
        let listed = employer.account_control("GET", &path, None).await;
        let all = listed["opportunities"].as_array().expect("a list");
        let shown = all.iter().filter(|it| tags(it) == ["Rust - Invited"]);
        (shown.count() == CANDIDATES).then_some(())
    })
    .await;
}

/// How many calls were made in the whole seconds in which there was enough to do, and how many those were: the first second begins
/// somewhere, and towards the end fewer and fewer have anything left.
fn of_the_backlog(seen: &Value) -> (u64, u64) {
    let seconds = seen["seconds"].as_array().expect("a list");
    let number = |it: &Value, name: &str| it[name].as_u64().expect("a number");
    let all = || seconds.iter().map(|it| number(it, "second"));
    let first = all().min().expect("a second") + 1;
    let last = all().max().expect("a second") - 3;
    let within = seconds
        .iter()
        .filter(|it| (first..=last).contains(&number(it, "second")));
    let used = within.map(|it| number(it, "calls")).sum();
    (used, last + 1 - first)
}
