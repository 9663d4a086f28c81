//! Where a call gets its access token from.

use std::fmt;

use futures_util::future::{BoxFuture, ready};
use secrecy::SecretString;

/// The access tokens of one grant. Whoever implements it keeps them fresh; whoever calls only asks.
///
/// A call asks for [`current`](Self::current); when the far side answers 401, it asks [`rejected`](Self::rejected) once
/// and repeats the call with what that gave.
pub trait AccessTokens: Send + Sync + fmt::Debug {
    /// A token to call with now.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when there is none, for now or until a person connects again.
    fn current(&self) -> BoxFuture<'_, Result<SecretString, TokenError>>;

    /// The far side refused `token` (401). Gives a newer one.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when there is no newer one, for now or until a person connects again.
    fn rejected(&self, token: SecretString) -> BoxFuture<'_, Result<SecretString, TokenError>>;
}

/// Why there is no access token. The texts are for people and hold no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The grant is gone: a person has to connect again.
    #[error("access is lost: {0}")]
    Lost(String),
    /// None for now: trying again later may help.
    #[error("no access token for now: {0}")]
    Unavailable(String),
}

/// One token that nobody renews: for scripts and tests.
#[derive(Debug, Clone)]
pub struct StaticToken(SecretString);

impl StaticToken {
    /// Hands out `token` until the far side refuses it.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self(token.into())
    }
}

impl AccessTokens for StaticToken {
    fn current(&self) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        Box::pin(ready(Ok(self.0.clone())))
    }

    fn rejected(&self, _: SecretString) -> BoxFuture<'_, Result<SecretString, TokenError>> {
        let why = "the access token was refused, and this program knows no other";
        Box::pin(ready(Err(TokenError::Lost(why.into()))))
    }
}
