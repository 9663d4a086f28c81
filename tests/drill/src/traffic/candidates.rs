//! Candidates: they get mail, open the link, start and hand in, and try again when a page does not come.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;

use crate::drill::Drill;
use crate::ledger::Entry;

/// How often the relays are looked at: a mail's time is known that well.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// Before a page that did not come is asked for again.
const PAUSE: Duration = Duration::from_millis(250);

/// Candidates at a time.
const AT_ONCE: usize = 12;

/// An invitation: the address, and the link.
pub(crate) type Invitation = (String, String);

/// Takes in mail for ever, and tells of the first copy to each address.
pub(crate) async fn receive(drill: Arc<Drill>, tell: UnboundedSender<Invitation>) {
    let mut known = HashSet::new();
    loop {
        let copies = drill.rig.post.collect();
        for copy in &copies {
            if let (true, Some(link)) = (known.insert(copy.email.clone()), &copy.link) {
                // Nobody listens any more once the drill is over.
                let _ = tell.send((copy.email.clone(), link.clone()));
            }
        }
        drill.ledger.receive(copies);
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Has invited candidates take their tests, where the plan says so.
pub(crate) async fn attend(drill: Arc<Drill>, mut told: UnboundedReceiver<Invitation>) {
    let seats = Arc::new(Semaphore::new(AT_ONCE));
    let mut sittings = JoinSet::new();
    while let Some(invitation) = told.recv().await {
        let (drill, seats) = (Arc::clone(&drill), Arc::clone(&seats));
        sittings.spawn(async move { sit(&drill, &seats, invitation).await });
        while sittings.try_join_next().is_some() {}
    }
}

async fn sit(drill: &Drill, seats: &Semaphore, (email, link): Invitation) {
    let entry = acknowledged(drill, &email).await;
    if !entry.goes_on {
        return;
    }
    let seat = seats.acquire().await;
    let customer = &drill.rig.customers[entry.customer];
    let answer = [(
        format!("answer.{}", customer.question),
        customer.choices[entry.choice].clone(),
    )];
    let http = &drill.rig.http;
    page(drill, "opens the link", || http.get(&link)).await;
    let start = format!("{link}/start");
    page(drill, "presses Start", || http.post(&start)).await;
    let submit = format!("{link}/submit");
    page(drill, "presses Submit", || http.post(&submit).form(&answer)).await;
    drop(seat);
    drill.ledger.hand_in(email);
}

/// The mail may be there before the answer to the send is noted.
async fn acknowledged(drill: &Drill, email: &str) -> Entry {
    loop {
        if let Some(entry) = drill.ledger.entry(email) {
            return entry;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks until a page comes. Where Baton is down or too busy that is no wonder; any other refusal is odd.
async fn page(drill: &Drill, deed: &str, ask: impl Fn() -> RequestBuilder) {
    loop {
        match ask().send().await.map(|answer| answer.status().as_u16()) {
            Ok(200..=399) => return,
            Ok(503) | Err(_) => {}
            Ok(status) => drill
                .chronicle
                .odd(format!("a candidate who {deed} is answered {status}")),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
