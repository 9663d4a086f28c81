//! The authorization server (feature `oauth`): an app is let in by a Super Admin, and stays in.
//!
//! Send the browser to [`App::authorize_url`]; when it comes back, check `state` first; [`App::exchange`] the code; keep the
//! [`Grant`]; [`App::refresh`] it at three quarters of its life, one refresh at a time, and keep what came before using it.

mod app;
mod claims;
mod error;
mod grant;
#[cfg(feature = "client")]
mod refreshing;

pub use app::App;
pub use error::OAuthError;
pub use grant::Grant;
#[cfg(feature = "client")]
pub use refreshing::RefreshingTokens;

/// The authorization server in production.
pub const AUTH_BASE: &str = "https://auth.lever.co";
/// What production's tokens are for; it ends with a slash.
pub const AUDIENCE: &str = "https://api.lever.co/v1/";
/// The authorization server of Lever's sandbox.
pub const SANDBOX_AUTH_BASE: &str = "https://sandbox-lever.auth0.com";
/// What the sandbox's tokens are for; it ends with a slash.
pub const SANDBOX_AUDIENCE: &str = "https://api.sandbox.lever.co/v1/";
