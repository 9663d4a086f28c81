//! Faults that Greenhouse's PATCH endpoint plays on request.

use std::io::Write as _;
use std::net::Shutdown;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use crate::faults::Chance;
use crate::refusal::Refusal;
use crate::socket::{Socket, reset};

/// Longest hang or drip, in seconds.
const LONGEST_SECONDS: u64 = 600;

/// Which faults are on, per direction. The vendor's side makes its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    /// Played to the vendor's PATCHes.
    pub(crate) patch: Option<Fault>,
    /// Played to some of them by chance, where `patch` does not apply.
    pub(crate) chance: Option<Chance<Fault>>,
}

impl Fault {
    /// Refuses what cannot be played; `field` is where it stands.
    fn check(&self, field: &'static str) -> Result<(), Refusal> {
        let refuse = |message: &str| Err(Refusal::field(field, message));
        match &self.play {
            Play::Status { status, .. } if !(400..=599).contains(status) => {
                refuse("The status of a fault lies between 400 and 599.")
            }
            Play::Status {
                retry_after: Some(text),
                ..
            }
            | Play::Redirect {
                location: Some(text),
            } if header::HeaderValue::from_str(text).is_err() => {
                refuse("Retry-After and location must be one line of plain text.")
            }
            Play::Hang { seconds } | Play::SlowDrip { seconds } if *seconds > LONGEST_SECONDS => {
                refuse("A fault lasts 600 seconds at most.")
            }
            _ => Ok(()),
        }
    }
}

fn check_chance(chance: &Chance<Fault>) -> Result<(), Refusal> {
    if !chance.calls.is_empty() {
        let message = "These faults are for PATCHes alone: leave out calls.";
        return Err(Refusal::field("chance", message));
    }
    let narrowed = |fault: &Fault| fault.times.is_some() || fault.take_home_test_id.is_some();
    chance.check(narrowed, |fault| fault.check("chance"))
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
    /// Only for this take home test.
    #[serde(default)]
    pub(crate) take_home_test_id: Option<u64>,
    /// The PATCH takes effect all the same: only its answer is lost.
    #[serde(default)]
    pub(crate) takes_effect: bool,
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
    /// Answer 302 to another place.
    Redirect {
        /// Where to; unset: the sandbox under another host name, where a visit is logged.
        #[serde(default)]
        location: Option<String>,
    },
    /// Say nothing for so long, then break the connection.
    Hang {
        /// How long.
        seconds: u64,
    },
    /// Break the connection at once with a TCP reset.
    Reset,
    /// Answer 200, but so slowly that it takes this long.
    SlowDrip {
        /// How long.
        seconds: u64,
    },
}

impl Play {
    /// In words, for pages and log.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Status {
                status,
                retry_after: Some(wait),
            } => {
                format!("answer {status} with Retry-After: {wait}")
            }
            Self::Status { status, .. } => format!("answer {status}"),
            Self::Redirect { .. } => "answer 302 to another host".to_owned(),
            Self::Hang { seconds } => format!("hang for {seconds} s"),
            Self::Reset => "reset the connection".to_owned(),
            Self::SlowDrip { seconds } => format!("answer byte by byte over {seconds} s"),
        }
    }

    /// The status that the log shows; none where no answer comes.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            Self::Redirect { .. } => Some(302),
            Self::SlowDrip { .. } => Some(200),
            Self::Hang { .. } | Self::Reset => None,
        }
    }
}

impl Faults {
    /// Refuses what cannot be played.
    ///
    /// # Errors
    /// A status outside 400–599, a wait over ten minutes, a header that is none.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if let Some(chance) = &self.chance {
            check_chance(chance)?;
        }
        self.patch
            .as_ref()
            .map_or(Ok(()), |fault| fault.check("patch"))
    }

    /// The fault for this PATCH, counted down.
    pub(crate) fn take_for(&mut self, take_home_test_id: u64) -> Option<Fault> {
        let ordered = self.take_ordered(take_home_test_id);
        ordered.or_else(|| self.chance.as_mut().and_then(Chance::draw))
    }

    fn take_ordered(&mut self, take_home_test_id: u64) -> Option<Fault> {
        let fault = self.patch.as_mut()?;
        if fault
            .take_home_test_id
            .is_some_and(|only| only != take_home_test_id)
        {
            return None;
        }
        let played = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.patch = None;
            }
        }
        Some(played).filter(|fault| fault.times != Some(0))
    }
}

/// Plays a fault to the caller.
pub(crate) async fn play(play: &Play, request: &HttpRequest, elsewhere: &str) -> HttpResponse {
    match play {
        Play::Status {
            status,
            retry_after,
        } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut answer = HttpResponse::build(status);
            if let Some(wait) = retry_after {
                answer.insert_header((header::RETRY_AFTER, wait.as_str()));
            }
            answer.finish()
        }
        Play::Redirect { location } => HttpResponse::Found()
            .insert_header((header::LOCATION, location.as_deref().unwrap_or(elsewhere)))
            .finish(),
        Play::Hang { seconds } => {
            tokio::time::sleep(Duration::from_secs(*seconds)).await;
            reset(request)
        }
        Play::Reset => reset(request),
        Play::SlowDrip { seconds } => {
            drip(request, Duration::from_secs(*seconds)).await;
            reset(request)
        }
    }
}

/// Writes the answer's head past the server, byte by byte.
async fn drip(request: &HttpRequest, over: Duration) {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let Some(socket) = request.conn_data::<Socket>() else {
        return;
    };
    let pause = over / u32::try_from(ANSWER.len()).unwrap_or(u32::MAX);
    for byte in ANSWER.chunks(1) {
        tokio::time::sleep(pause).await;
        if (&*socket.0).write_all(byte).is_err() {
            return;
        }
    }
    let _ = socket.0.shutdown(Shutdown::Write);
}
