//! Answers as Lever gives them, with invented people, and a client that gets them.

use std::sync::Arc;

use lever::ats_http::{ClientConfig, HostList, StaticToken, TokenBucket, client};
use lever::{Client, Credential};

use crate::far_side::{FarSide, answer};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../fixtures/", $name, ".json"))
    };
}
pub(crate) use fixture;

pub(crate) fn ok(body: &str) -> String {
    answer("200 OK", body)
}

/// A client with a token, whose allowance is not in the way.
pub(crate) fn connected(lever: &FarSide) -> Client {
    with_credential(
        lever,
        Credential::OAuth(Arc::new(StaticToken::new("token"))),
    )
}

pub(crate) fn with_credential(lever: &FarSide, credential: Credential) -> Client {
    client_of(&lever.base, credential)
}

pub(crate) fn client_of(base: &str, credential: Credential) -> Client {
    let http = client(ClientConfig::new("lever-test/1")).expect("a client");
    let base = format!("{base}/v1").parse().expect("an address");
    let redirects = HostList::new(["127.0.0.1"]).expect("a host");
    let throttle = Arc::new(TokenBucket::new(1000, 1000));
    let redirects = redirects.allow_loopback_http(true);
    Client::new(http, base, credential, throttle, redirects)
}

/// Lever with one answer, and a client of it.
pub(crate) async fn answering(body: &str) -> (FarSide, Client) {
    let lever = FarSide::with([ok(body)]).await;
    let client = connected(&lever);
    (lever, client)
}
