//! The mail relays, one for each place that sends, so that each copy of a mail tells who sent it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{Clock, SystemClock};
use mail::catcher::{Catcher, CaughtMail, Fault};

use super::Place;
use crate::broken::Result;

/// One copy of a mail, as a relay took it.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    /// To whom.
    pub(crate) email: String,
    pub(crate) message_id: String,
    /// Where the process was that sent it.
    pub(crate) from: Place,
    pub(crate) at: DateTime<Utc>,
    /// How its delivery went wrong for the sender.
    pub(crate) fault: Option<Fault>,
    pub(crate) link: Option<String>,
}

/// The relays.
#[derive(Debug)]
pub(crate) struct Post {
    relays: Vec<(Place, Catcher)>,
    /// Faults played so far.
    faults: Arc<Mutex<u64>>,
}

impl Post {
    /// A relay for each of `places`.
    pub(crate) fn start(places: &[Place]) -> Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let start = |place: &Place| Ok((*place, Catcher::start(any, any)?));
        Ok(Self {
            relays: places.iter().map(start).collect::<Result<_>>()?,
            faults: Arc::default(),
        })
    }

    /// The relay of `place`, as `mail.smtp_url` takes it.
    pub(crate) fn smtp_url(&self, place: Place) -> Option<String> {
        let mut relays = self.relays.iter();
        let (_, relay) = relays.find(|(of, _)| *of == place)?;
        Some(relay.smtp_url())
    }

    /// From now on `percent` of all deliveries go wrong, drawn from `seed`: slow, cut after the mail was taken,
    /// interrupted before, or put off by a 451.
    pub(crate) fn disturb(&self, percent: u8, seed: u64) {
        for (at, (_, relay)) in (0..).zip(&self.relays) {
            let mut random = fastrand::Rng::with_seed(seed.wrapping_add(at));
            let faults = Arc::clone(&self.faults);
            relay.fail_by_chance(move || {
                let fault = draw(&mut random, percent);
                if fault.is_some() {
                    *faults.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                }
                fault
            });
        }
    }

    /// From now on all goes well.
    pub(crate) fn calm(&self) {
        for (_, relay) in &self.relays {
            relay.fail_no_more();
        }
    }

    /// How many deliveries met a fault.
    pub(crate) fn faults(&self) -> u64 {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came since the last look.
    pub(crate) fn collect(&self) -> Vec<Copy> {
        let at = SystemClock.now();
        let relays = self.relays.iter();
        let copies = relays.flat_map(|(place, relay)| {
            let taken = relay.take().into_iter();
            taken.map(|mail| copy(mail, *place, at))
        });
        copies.collect()
    }
}

fn draw(random: &mut fastrand::Rng, percent: u8) -> Option<Fault> {
    let strikes = random.u8(..100) < percent;
    let fault = match random.u8(..5) {
        0 | 1 => Fault::Slow {
            milliseconds: random.u64(100..1_500),
        },
        2 => Fault::Cut,
        3 => Fault::Interrupted,
        _ => Fault::Temporary,
    };
    strikes.then_some(fault)
}

fn copy(mail: CaughtMail, from: Place, at: DateTime<Utc>) -> Copy {
    Copy {
        email: mail.recipients.join(","),
        link: mail.link().map(str::to_owned),
        message_id: mail.message_id,
        fault: mail.fault,
        from,
        at,
    }
}
