#![doc = include_str!("../README.md")]

#[cfg(feature = "calls")]
mod bucket;
#[cfg(feature = "calls")]
mod caller;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "calls")]
mod fixed_window;
mod hosts;
#[cfg(feature = "calls")]
mod paging;
#[cfg(feature = "calls")]
mod redirect;
mod retry;
mod retry_after;
#[cfg(feature = "calls")]
mod throttle;
#[cfg(feature = "calls")]
mod tokens;
mod window;

#[cfg(feature = "calls")]
pub use bucket::TokenBucket;
#[cfg(feature = "calls")]
pub use caller::{Call, CallError, Caller, Credential};
#[cfg(feature = "client")]
pub use client::{
    ClientConfig, ClientError, answer_of, client, date_of, retry_after_of, sent_at, window_of,
};
#[cfg(feature = "calls")]
pub use fixed_window::FixedWindow;
#[cfg(feature = "calls")]
pub use futures_util::future::BoxFuture;
#[cfg(feature = "calls")]
pub use futures_util::stream::BoxStream;
pub use hosts::{BadHost, HostList, HostRefused, is_secure};
#[cfg(feature = "calls")]
pub use paging::{Page, Pages, items};
#[cfg(feature = "calls")]
pub use redirect::{HOPS_MAX, RedirectRefused};
#[cfg(feature = "client")]
pub use reqwest;
pub use retry::{Answer, Outcome, classify};
pub use retry_after::{RETRY_AFTER_CAP, parse_retry_after};
#[cfg(feature = "calls")]
pub use throttle::{Throttle, Wait};
#[cfg(feature = "calls")]
pub use tokens::{AccessTokens, StaticToken, TokenError};
pub use window::Window;
