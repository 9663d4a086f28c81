//! The authorization server: the grants of partners and of organizations' own programs.

pub(crate) mod app;
pub(crate) mod authorization;
pub(crate) mod endpoint;
pub(crate) mod grant;
pub(crate) mod scopes;
pub(crate) mod tokens;
