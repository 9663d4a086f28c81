//! Who may call now.

use std::fmt;
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};

use crate::Window;

/// The allowance that calls share. Asked before each request that leaves, redirects and repeats too.
pub trait Throttle: Send + Sync + fmt::Debug {
    /// Ready when one request may leave.
    ///
    /// # Errors
    ///
    /// [`Wait`] when that would take longer than the implementation is willing to wait. Nothing was taken then.
    fn permit(&self) -> BoxFuture<'_, Result<(), Wait>>;

    /// The far side answered 429 and asks for a pause of `wait`; what it did not say is the caller's own guess.
    fn told_to_wait(&self, wait: Duration) -> BoxFuture<'_, ()>;

    /// What an answer said about the allowance, whatever its status; before [`told_to_wait`](Self::told_to_wait) where both
    /// apply. For far sides that count in windows; nothing is made of it unless implemented.
    fn observed(&self, window: Window) -> BoxFuture<'_, ()> {
        let _ = window;
        Box::pin(ready(()))
    }
}

/// No request may leave for this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the allowance is used up: call again in {} s", .0.as_secs_f64().ceil())]
pub struct Wait(pub Duration);
