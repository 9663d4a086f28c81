//! Who may sign in.

use chrono::TimeDelta;
use domain::{Email, OrganizationId, Role, UserId};
use storage::users::{self, User};
use storage::{AnyConnection, organizations};
use vault::{SecretToken, token_hash};

use crate::audit::{self, Action};
use crate::{App, Error, Page, Result};

/// How long a setup link can be used.
const SETUP: TimeDelta = TimeDelta::days(7);

/// A person just added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Where it chooses its password, once.
    pub setup_url: String,
}

/// Adds a person: to an organization, or (without one) an operator. The setup link is shown here only.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization, [`Error::Conflict`] where the address has an account already,
/// [`Error::Unprocessable`] for an address or a role that does not fit.
pub fn create(
    app: &App,
    conn: &mut AnyConnection,
    organization: Option<OrganizationId>,
    email: &str,
    role: Role,
) -> Result<NewUser> {
    let email = Email::parse(email).map_err(|error| Error::fault("email", error.to_string()))?;
    if organization.is_none() != (role == Role::Operator) {
        let problem = "is owner, admin or member in an organization, and operator without one";
        return Err(Error::fault("role", problem));
    }
    if let Some(organization) = organization {
        organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    }
    if users::by_email(conn, email.as_str())?.is_some() {
        return Err(Error::conflict(
            "email_taken",
            "this e-mail address has an account already",
        ));
    }
    let token = SecretToken::generate(app.random());
    let now = app.now();
    let user = User {
        id: app.draw(),
        organization,
        email: email.as_str().to_owned(),
        role,
        password_hash: None,
        setup_hash: Some(token.hash().to_vec()),
        setup_expires_at: Some(now + SETUP),
        created_at: now,
    };
    users::insert(conn, &user)?;
    let (object, detail) = (
        format!("user:{}", user.id),
        serde_json::json!({ "role": role }),
    );
    audit::note(app, conn, organization, Action::UserMade, object, detail)?;
    let base = app.config().public_url.as_str().trim_end_matches('/');
    Ok(NewUser {
        id: user.id,
        setup_url: format!("{base}/setup/{}", token.expose()),
    })
}

/// One page of an organization's people, newest first.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    page: Page,
) -> Result<Vec<User>> {
    Ok(users::list(conn, organization, page)?)
}

/// Whose setup link it is.
///
/// # Errors
/// [`Error::Gone`] for a link that is unknown, used or too old, all alike.
pub fn of_setup_link(app: &App, conn: &mut AnyConnection, token: &str) -> Result<User> {
    users::by_setup(conn, &token_hash(token))?
        .filter(|user| user.setup_expires_at.is_some_and(|end| end > app.now()))
        .ok_or(Error::Gone("setup link"))
}
