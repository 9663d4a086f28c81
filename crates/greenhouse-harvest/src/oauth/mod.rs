//! The authorization server (feature `oauth`): a partner's app is let in by a Site Admin, or an organization's own program
//! by its own credential.
//!
//! As a partner, send the browser to [`App::authorize_url`]; when it comes back, check `state` first, then
//! [`App::exchange`] the code within the same request: it is good for a minute. [`App::introspect`] tells whose account it
//! is. Keep the [`Grant`]; [`App::refresh`] it at three quarters of its life, one refresh at a time, and keep what came
//! before using it: a refresh token is good for 24 hours and one use. A connection that does nothing for a day is lost.
//!
//! As an organization's own program, ask for [`App::client_credentials`] whenever the token before has run out.

mod app;
mod error;
mod expiry;
mod grant;
mod introspection;
#[cfg(feature = "client")]
mod tokens;

pub use app::{App, Parameters};
pub use error::OAuthError;
pub use grant::Grant;
pub use introspection::Introspection;
#[cfg(feature = "client")]
pub use tokens::RefreshingTokens;

/// The authorization server in production.
pub const AUTH_BASE: &str = "https://auth.greenhouse.io";
