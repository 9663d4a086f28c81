//! A client, and answers for it.

use std::sync::Arc;

use greenhouse_harvest::Client;
use greenhouse_harvest::ats_http::{
    ClientConfig, HostList, StaticToken, Throttle, TokenBucket, client,
};

use crate::far_side::{FarSide, answer};

pub(crate) fn ok(body: &str) -> String {
    answer("200 OK", body)
}

/// A page of a list, and where the next one is.
pub(crate) fn page(body: &str, link: &str) -> String {
    answer(&format!("200 OK\r\nLink: {link}"), body)
}

/// A client with a token, whose allowance is not in the way.
pub(crate) fn connected(greenhouse: &FarSide) -> Client {
    throttled(&greenhouse.base, Arc::new(TokenBucket::new(1000, 1000)))
}

pub(crate) fn throttled(base: &str, throttle: Arc<dyn Throttle>) -> Client {
    let http = client(ClientConfig::new("harvest-test/1")).expect("a client");
    let base = format!("{base}/v3").parse().expect("an address");
    let redirects = HostList::new(["127.0.0.1"]).expect("a host");
    let redirects = redirects.allow_loopback_http(true);
    let tokens = Arc::new(StaticToken::new("token"));
    Client::new(http, base, tokens, throttle, redirects)
}

/// Greenhouse with one answer, and a client of it.
pub(crate) async fn answering(body: &str) -> (FarSide, Client) {
    let greenhouse = FarSide::with([ok(body)]).await;
    let client = connected(&greenhouse);
    (greenhouse, client)
}
