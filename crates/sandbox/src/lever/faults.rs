//! Faults that a client of an account meets on request.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::api::answer::{Answer, Body, Problem};
use super::api::endpoints;
use crate::refusal::Refusal;
use crate::socket::reset;

/// Longest wait, in milliseconds.
const LONGEST: u64 = 600_000;

/// Which faults are on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    /// Played to each call that it fits.
    pub(crate) next: Option<Fault>,
    /// Played to some of the others by chance.
    pub(crate) chance: Option<Chance>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    /// What happens.
    pub(crate) play: Play,
    /// How often, before all is well again; unset: until switched off.
    #[serde(default)]
    pub(crate) times: Option<u32>,
    /// Only to these calls; none: to every call of the Data API.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    /// Only to calls about this opportunity.
    #[serde(default)]
    pub(crate) opportunity_id: Option<String>,
    /// The call is carried out all the same: only its answer is lost.
    #[serde(default)]
    pub(crate) takes_effect: bool,
}

/// Faults that come by chance. The same seed draws the same faults for the same calls in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chance {
    /// Of a hundred calls so many meet a fault.
    pub(crate) percent: u8,
    /// One of these, each as often as the others.
    pub(crate) faults: Vec<Fault>,
    /// Where chance begins; it moves on with each draw.
    #[serde(default)]
    pub(crate) seed: u64,
    /// Only to these calls; none: to every call of the Data API.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
}

/// The kinds of fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Play {
    /// Answer with this status.
    Status {
        /// 400 to 599.
        status: u16,
        /// Sent as `Retry-After`: seconds or a date.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The right answer, late.
    Slow {
        /// How late.
        milliseconds: u64,
    },
    /// Say nothing for so long, then break the connection.
    Hang {
        /// How long.
        milliseconds: u64,
    },
    /// Break the connection at once with a TCP reset.
    Reset,
    /// The right status with half of the right body.
    Truncated,
    /// 502 with a gateway's page.
    NotJson,
    /// 301 to another place.
    Redirect {
        /// Where to; unset: the same call at the API's second home.
        #[serde(default)]
        location: Option<String>,
    },
}

impl Play {
    /// In words, for pages and log.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Status {
                status,
                retry_after: Some(wait),
            } => format!("answer {status} with Retry-After: {wait}"),
            Self::Status { status, .. } => format!("answer {status}"),
            Self::Slow { milliseconds } => format!("answer after {milliseconds} ms"),
            Self::Hang { milliseconds } => format!("hang for {milliseconds} ms"),
            Self::Reset => "reset the connection".to_owned(),
            Self::Truncated => "answer with half of the JSON".to_owned(),
            Self::NotJson => "answer 502 with HTML".to_owned(),
            Self::Redirect { .. } => "answer 301".to_owned(),
        }
    }

    /// The status that the log shows; none where no answer comes.
    pub(crate) fn status(&self, right: Option<u16>) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Slow { .. } | Self::Truncated => right,
            Self::NotJson => Some(502),
            Self::Redirect { .. } => Some(301),
            Self::Hang { .. } | Self::Reset => None,
        }
    }

    fn check(&self, field: &'static str) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::field(field, message));
        match self {
            Self::Status { status, .. } if !(400..=599).contains(status) => {
                refuse("The status of a fault lies between 400 and 599.")
            }
            Self::Status {
                retry_after: Some(text),
                ..
            }
            | Self::Redirect {
                location: Some(text),
            } if HeaderValue::from_str(text).is_err() => {
                refuse("Retry-After and location must be one line of plain text.")
            }
            Self::Slow { milliseconds } | Self::Hang { milliseconds }
                if *milliseconds > LONGEST =>
            {
                refuse("A fault lasts 600,000 milliseconds at most.")
            }
            _ => Ok(()),
        }
    }
}

impl Fault {
    /// Whether the call is carried out: some faults spoil an answer that there has to be.
    pub(crate) fn takes_effect(&self) -> bool {
        match self.play {
            Play::Slow { .. } | Play::Truncated => true,
            Play::Redirect { .. } => false,
            _ => self.takes_effect,
        }
    }
}

impl Faults {
    /// Refuses what cannot be played.
    ///
    /// # Errors
    /// A status outside 400–599, a wait over ten minutes, a header that is none, a call that there is none of.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if let Some(fault) = &self.next {
            fault.play.check("next")?;
            check_calls("next", &fault.calls)?;
        }
        let Some(chance) = &self.chance else {
            return Ok(());
        };
        let refuse = |message: &str| Err(Refusal::field("chance", message));
        if chance.percent > 100 {
            return refuse("Of a hundred calls at most 100 meet a fault.");
        }
        if chance.percent > 0 && chance.faults.is_empty() {
            return refuse("Faults that come by chance have to be listed.");
        }
        let narrowed = |fault: &Fault| {
            fault.times.is_some() || fault.opportunity_id.is_some() || !fault.calls.is_empty()
        };
        if chance.faults.iter().any(narrowed) {
            return refuse(
                "Chance decides how often and for whom: leave out times, calls and opportunity_id.",
            );
        }
        check_calls("chance", &chance.calls)?;
        chance
            .faults
            .iter()
            .try_for_each(|fault| fault.play.check("chance"))
    }

    /// The fault of this call, counted down.
    pub(crate) fn take(&mut self, call: &str, opportunity_id: Option<&str>) -> Option<Fault> {
        let next = self.take_next(call, opportunity_id);
        next.or_else(|| {
            let chance = self.chance.as_mut()?;
            if fits(&chance.calls, call) {
                chance.draw()
            } else {
                None
            }
        })
    }

    fn take_next(&mut self, call: &str, opportunity_id: Option<&str>) -> Option<Fault> {
        let fault = self.next.as_mut()?;
        let only = fault.opportunity_id.as_deref();
        if !fits(&fault.calls, call) || (only.is_some() && only != opportunity_id) {
            return None;
        }
        let played = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.next = None;
            }
        }
        Some(played).filter(|fault| fault.times != Some(0))
    }
}

impl Chance {
    fn draw(&mut self) -> Option<Fault> {
        let mut random = fastrand::Rng::with_seed(self.seed);
        self.seed = random.u64(..);
        let strikes = random.u8(..100) < self.percent;
        strikes
            .then(|| random.choice(&self.faults).cloned())
            .flatten()
    }
}

fn fits(calls: &[String], call: &str) -> bool {
    if calls.is_empty() {
        return !endpoints::AUTHORISATION_CALLS.contains(&call);
    }
    calls.iter().any(|named| named == call)
}

fn check_calls(field: &'static str, calls: &[String]) -> Result<(), Refusal> {
    let unknown = calls.iter().find(|call| !endpoints::is_call(call));
    unknown.map_or(Ok(()), |call| {
        Err(Refusal::field(
            field,
            format!("There is no call named {call}."),
        ))
    })
}

/// Plays a fault to the caller; `right` is the answer of a call that was carried out, `second_home` the call's address
/// there.
pub(crate) async fn play(
    play: &Play,
    request: &HttpRequest,
    right: Option<Answer>,
    second_home: &str,
) -> HttpResponse {
    match play {
        Play::Status {
            status,
            retry_after,
        } => {
            let mut answer = Problem::of_status(*status).answer();
            if let Some(wait) = retry_after {
                answer = answer.with_header(header::RETRY_AFTER, wait);
            }
            answer.into_response()
        }
        Play::Slow { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            match right {
                Some(right) => right.into_response(),
                None => reset(request),
            }
        }
        Play::Hang { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            reset(request)
        }
        Play::Reset => reset(request),
        Play::Truncated => match right {
            Some(right) => right.cut_in_half().into_response(),
            None => reset(request),
        },
        Play::NotJson => gateways_page().into_response(),
        Play::Redirect { location } => {
            let location = location.as_deref().unwrap_or(second_home);
            let moved = Answer {
                status: 301,
                ..Answer::default()
            };
            moved
                .with_header(header::LOCATION, location)
                .into_response()
        }
    }
}

fn gateways_page() -> Answer {
    const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head>\
        <body><center><h1>502 Bad Gateway</h1></center></body></html>";
    Answer {
        status: 502,
        body: Body::Bytes {
            content_type: "text/html".to_owned(),
            bytes: PAGE.as_bytes().to_vec(),
        },
        ..Answer::default()
    }
}
