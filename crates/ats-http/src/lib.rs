#![doc = include_str!("../README.md")]

#[cfg(feature = "client")]
mod client;
mod hosts;
mod retry;
mod retry_after;

#[cfg(feature = "client")]
pub use client::{ClientConfig, ClientError, answer_of, client, retry_after_of};
pub use hosts::{BadHost, HostList, HostRefused};
#[cfg(feature = "client")]
pub use reqwest;
pub use retry::{Answer, Outcome, classify};
pub use retry_after::{RETRY_AFTER_CAP, parse_retry_after};
