//! To whom what is written is attributed.

use domain::Receipt;
use greenhouse_harvest::{Client, UserId};

use super::failure::{Doing, receipt};
use crate::Shown;

/// The user with this address, if something can be attributed to them.
///
/// # Errors
/// What is to be shown: the address is nobody's there, of somebody who was deactivated, or of an agency.
pub async fn author(client: &Client, email: &str) -> Result<UserId, Shown> {
    let found = client.user_with_email(email).await;
    let found = found.map_err(|error| receipt(Doing::LookUpAuthor, &error))?;
    let why = match found {
        None => "is nobody's address in Greenhouse any more",
        Some(user) if user.deactivated => "was deactivated in Greenhouse",
        Some(user) if user.agency_id.is_some() => "belongs to an agency in Greenhouse",
        Some(user) => return Ok(user.id),
    };
    let detail = format!(
        "The person chosen as \"created by\" {why}: choose another one on the Integrations page. It goes on by itself then"
    );
    Err(Receipt::Blocked { detail }.into())
}
