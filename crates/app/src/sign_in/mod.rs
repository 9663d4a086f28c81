//! People sign in: a setup link leads to a password, a password to a session, a session to whom it belongs.

mod password;
mod session;
mod users;

pub use session::{SignedIn, choose_password, current, sign_in, sign_out};
pub use storage::users::User;
pub use users::{NewUser, create, list, of_setup_link};

use crate::{Error, Result};

fn too_short_or_known(password: &str) -> Result<()> {
    password::check(password).map_err(|problem| Error::fault("password", problem))
}
