//! Whoever tries out keys is slowed down. A good key is never refused for what others at its address do: only answers that
//! are 401 already become 429, since all of Greenhouse's customers share Greenhouse's addresses.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use greenhouse_assessment::PartnerError;
use ipnet::IpNet;

use crate::edge::Edge;
use crate::problem::Problem;

/// Of one credential at one address, in a minute.
const OF_ONE: u32 = 20;
/// Of all credentials at one address, in a minute.
const OF_ALL: u32 = 60;
/// How often full buckets are forgotten.
const SWEPT_EVERY: Duration = Duration::from_secs(60);

/// Refused credentials, counted by where they came from.
pub(crate) struct Guesses {
    trusted_proxies: Vec<IpNet>,
    hasher: RandomState,
    of_one: DefaultKeyedRateLimiter<(IpAddr, u64)>,
    of_all: DefaultKeyedRateLimiter<IpAddr>,
    swept_at: Mutex<Instant>,
}

/// One credential at one address.
type Guess = (IpAddr, u64);

impl std::fmt::Debug for Guesses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guesses")
    }
}

impl Guesses {
    /// Nobody has guessed yet.
    pub(crate) fn new(trusted_proxies: Vec<IpNet>) -> Self {
        let quota = |most| Quota::per_minute(NonZeroU32::new(most).expect("more than none"));
        Self {
            trusted_proxies,
            hasher: RandomState::new(),
            of_one: DefaultKeyedRateLimiter::keyed(quota(OF_ONE)),
            of_all: DefaultKeyedRateLimiter::keyed(quota(OF_ALL)),
            swept_at: Mutex::new(Instant::now()),
        }
    }

    /// Where a call comes from.
    pub(crate) fn address(&self, call: &HttpRequest) -> Option<IpAddr> {
        telemetry::client_address(call, &self.trusted_proxies)
    }

    fn guess(&self, call: &ServiceRequest) -> Option<Guess> {
        let address = network(self.address(call.request())?);
        let credential = call.headers().get(header::AUTHORIZATION);
        let hash = self
            .hasher
            .hash_one(credential.map(|value| value.as_bytes()));
        Some((address, hash))
    }

    /// How long to wait, where there were too many.
    fn count(&self, guess: Guess) -> Result<(), Duration> {
        self.sweep();
        let now = DefaultClock::default().now();
        let of_one = self.of_one.check_key(&guess);
        let of_all = self.of_all.check_key(&guess.0);
        of_one.and(of_all).map_err(|full| full.wait_time_from(now))
    }

    fn sweep(&self) {
        let mut swept_at = self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        if swept_at.elapsed() > SWEPT_EVERY {
            *swept_at = Instant::now();
            drop(swept_at);
            self.of_one.retain_recent();
            self.of_all.retain_recent();
        }
    }
}

/// Whoever has one IPv6 address has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// Middleware for `/v1`.
///
/// # Errors
/// Those of the services behind it.
pub(crate) async fn slow_down<B: MessageBody + 'static>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    watch(call, next, |wait| Problem::too_many_guesses(wait).answer()).await
}

/// Middleware for Greenhouse's endpoints.
///
/// # Errors
/// Those of the services behind it.
pub(crate) async fn slow_down_partner<B: MessageBody + 'static>(
    call: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refuse = |retry_after| PartnerError::TooManyRequests { retry_after }.error_response();
    watch(call, next, refuse).await
}

async fn watch<B: MessageBody + 'static>(
    call: ServiceRequest,
    next: Next<B>,
    refuse: fn(Duration) -> HttpResponse,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let edge = Edge::of(call.request());
    let guess = edge.guesses().guess(&call);
    drop(edge);
    let answer = next.call(call).await?.map_into_boxed_body();
    let wrong = guess.filter(|_| answer.status() == StatusCode::UNAUTHORIZED);
    let Some(guess) = wrong else {
        return Ok(answer);
    };
    let counted = Edge::of(answer.request()).guesses().count(guess);
    match counted {
        Ok(()) => Ok(answer),
        Err(wait) => Ok(answer.into_response(refuse(wait))),
    }
}
