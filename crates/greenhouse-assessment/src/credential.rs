//! What the completion PATCH shows to Greenhouse.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Key;

/// Who we are when we call.
///
/// Greenhouse's documentation shows the organization's own key; some partners are handed a user name and password
/// instead, so a deployment can choose. `Debug` shows neither.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// The key that the organization gave to Greenhouse, as user name with an empty password.
    OrganizationKey(Key),
    /// A user name and password that Greenhouse gave to the vendor.
    PartnerPair {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
}

impl Credential {
    /// The value of the `Authorization` header.
    ///
    /// ```
    /// use greenhouse_assessment::{Credential, Key};
    ///
    /// let credential = Credential::OrganizationKey(Key::new("gh_demo")?);
    /// assert_eq!(credential.authorization(), "Basic Z2hfZGVtbzo=");
    /// # Ok::<(), greenhouse_assessment::BadKey>(())
    /// ```
    pub fn authorization(&self) -> String {
        let pair = match self {
            Self::OrganizationKey(key) => format!("{}:", key.expose()),
            Self::PartnerPair { username, password } => format!("{username}:{password}"),
        };
        format!("Basic {}", STANDARD.encode(pair))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrganizationKey(_) => "OrganizationKey(…)",
            Self::PartnerPair { .. } => "PartnerPair(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_written_as_basic() {
        let pair = Credential::PartnerPair {
            username: "vendor".into(),
            password: "s3cret:x".into(),
        };
        let header = pair.authorization();
        let token = header.strip_prefix("Basic ").expect("the scheme");
        assert_eq!(STANDARD.decode(token).expect("base64"), b"vendor:s3cret:x");
        assert_eq!(format!("{pair:?}"), "PartnerPair(…)");
    }
}
