//! Who may be named as the author of what Baton writes in Lever.

use domain::OrganizationId;
use futures_util::TryStreamExt;
use lever::User;
use lever::client::UserFilter;

use super::lever::{lever_client, refusal};
use crate::{App, Result};

/// A user of Lever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeverUser {
    /// The id there.
    pub id: String,
    /// The name, and the address behind it where there is one.
    pub name: String,
}

/// Lever's active users, by name.
///
/// # Errors
/// [`Error::Conflict`](crate::Error::Conflict) where Lever is not connected or does not let us read users,
/// [`Error::FarSide`](crate::Error::FarSide) where it does not answer as it should.
pub async fn lever_users(app: &App, organization: OrganizationId) -> Result<Vec<LeverUser>> {
    let client = lever_client(app, organization).await?;
    let users: Vec<User> = client
        .users(&UserFilter::default())
        .try_collect()
        .await
        .map_err(|error| refusal("read users", &error))?;
    let mut users: Vec<LeverUser> = users.iter().map(named).collect();
    users.sort_by_cached_key(|user| user.name.to_lowercase());
    Ok(users)
}

fn named(user: &User) -> LeverUser {
    let name = match (user.name.trim(), user.email.as_deref()) {
        ("", email) => email.unwrap_or("Somebody without a name").to_owned(),
        (name, Some(email)) => format!("{name} ({email})"),
        (name, None) => name.to_owned(),
    };
    LeverUser {
        id: user.id.as_str().to_owned(),
        name,
    }
}
