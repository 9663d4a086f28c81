//! Greenhouse's own time.

use std::time::SystemTime;

use super::Client;
use super::request::Request;
use crate::{Error, Resource, User};

impl Client {
    /// The time at Greenhouse, by the `Date` of an answer, in whole seconds; `None` where it has none. Moments in records are
    /// to be compared with this one. One call; scope `harvest:users:list`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn server_time(&self) -> Result<Option<SystemTime>, Error> {
        let query = vec![("per_page", "1".to_owned())];
        let answer = self.send(&Request::list(User::PATH, query)).await?;
        Ok(ats_http::date_of(&answer.headers))
    }
}
