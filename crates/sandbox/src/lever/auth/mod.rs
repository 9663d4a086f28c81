//! The authorisation server: OAuth 2.0 as Auth0 speaks it, with Lever's audience and scopes.

pub(crate) mod app;
pub(crate) mod authorization;
pub(crate) mod endpoint;
pub(crate) mod grant;
pub(crate) mod scopes;
pub(crate) mod tokens;
