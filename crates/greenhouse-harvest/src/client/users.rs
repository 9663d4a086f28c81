//! Users, found by address.

use futures_util::TryStreamExt as _;

use super::Client;
use crate::{Error, User, UserEmailFilter, UserFilter};

impl Client {
    /// The user with this e-mail address, whether it is their main one or not; case does not count. Whether they may stand for
    /// something is for you to say: look at `deactivated` and `agency_id`. Scopes `harvest:users:list` and
    /// `harvest:user_emails:list`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn user_with_email(&self, email: &str) -> Result<Option<User>, Error> {
        let email = email.trim().to_lowercase();
        if email.is_empty() {
            return Ok(None);
        }
        let mut users = self.list(&UserFilter::new().primary_email(&email));
        if let Some(user) = users.try_next().await? {
            return Ok(Some(user));
        }
        let mut emails = self.list(&UserEmailFilter::new().emails([email]));
        match emails.try_next().await?.and_then(|it| it.user_id) {
            Some(id) => self.find(id).await,
            None => Ok(None),
        }
    }
}
