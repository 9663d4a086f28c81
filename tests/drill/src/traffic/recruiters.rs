//! Recruiters at Greenhouse: they send, and send again what was not answered.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::arguments::Plan;
use crate::broken::{Result, broken};
use crate::drill::Drill;
use crate::ledger::Entry;

/// Sends under way at a time.
const AT_ONCE: usize = 32;

/// Before a send that brought no answer is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// So often a send is tried before the drill gives up on Baton.
const MOST_TRIES: usize = 400;

/// Sends everything at the plan's pace; ends when each send was answered.
pub(crate) async fn send_all(drill: &Arc<Drill>) -> Result<()> {
    let hands = Arc::new(Semaphore::new(AT_ONCE));
    let mut clock = tokio::time::interval(drill.plan.pace);
    let mut sends = JoinSet::new();
    let mut random = fastrand::Rng::with_seed(drill.plan.seed);
    for number in 0..drill.plan.sends {
        clock.tick().await;
        let hand = Arc::clone(&hands).acquire_owned().await;
        let (drill, manner) = (Arc::clone(drill), Manner::draw(&mut random));
        sends.spawn(async move {
            let sent = send(&drill, number, manner).await;
            drop(hand);
            sent
        });
        while let Some(sent) = sends.try_join_next() {
            done(sent)?;
        }
    }
    while let Some(sent) = sends.join_next().await {
        done(sent)?;
    }
    Ok(())
}

fn done(sent: std::result::Result<Result<()>, tokio::task::JoinError>) -> Result<()> {
    sent.unwrap_or_else(|error| broken(format!("a send did not end: {error}")))
}

/// How a recruiter sends.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// Presses twice.
    doubly: bool,
    /// Sends once more what was answered.
    again: bool,
    choice: usize,
}

impl Manner {
    fn draw(random: &mut fastrand::Rng) -> Self {
        Self {
            doubly: random.u8(..100) < 5,
            again: random.u8(..100) < 10,
            choice: random.usize(..2),
        }
    }
}

async fn send(drill: &Drill, number: usize, manner: Manner) -> Result<()> {
    let greenhouse = &drill.rig.greenhouse;
    let customer = number % drill.rig.customers.len();
    let email = address(number);
    let application = greenhouse.add_candidate(customer, &email).await?;
    let mut shown = greenhouse.send(application, manner.doubly).await?;
    let Some(test) = shown["take_home_test_id"].as_u64() else {
        return broken(format!("the sandbox names no test: {shown}"));
    };
    let mut tries = 1;
    let interview = loop {
        if let Some(interview) = interview(&shown) {
            break interview;
        }
        if tries >= MOST_TRIES {
            return broken(format!(
                "a send is not answered after {tries} tries: {shown}"
            ));
        }
        tries += 1;
        tokio::time::sleep(PAUSE).await;
        shown = greenhouse.repeat(test).await?;
    };
    let entry = Entry {
        customer,
        test,
        interview,
        goes_on: goes_on(&drill.plan, number),
        choice: manner.choice,
    };
    drill.ledger.acknowledge(email, entry);
    if manner.again {
        greenhouse.repeat(test).await?;
    }
    Ok(())
}

fn interview(shown: &Value) -> Option<String> {
    shown["partner_interview_id"].as_str().map(str::to_owned)
}

fn goes_on(plan: &Plan, number: usize) -> bool {
    number.is_multiple_of(plan.take_every)
}

fn address(number: usize) -> String {
    format!("candidate-{number}@candidate.example")
}
