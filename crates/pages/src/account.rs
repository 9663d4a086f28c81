//! Signing in, and choosing the first password.

use askama::Template;

use crate::parts::{ErrorSummary, FieldError};

/// `GET` and `POST /sign-in`.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sign_in.html")]
pub struct SignInPage {
    /// The vendor's name.
    pub platform: String,
    /// Where to go afterwards: starts with one `/`.
    pub next: String,
    /// As typed before.
    pub email: String,
    /// Why not.
    pub errors: ErrorSummary,
    /// Why the person is here: "You were signed out".
    pub notice: Option<String>,
}

impl SignInPage {
    /// The page after a wrong address or password: the same words for both, so that it tells nobody who has an account.
    #[must_use]
    pub fn refused(self, email: &str) -> Self {
        let message = "Address or password is not right. Check both, then try again.";
        Self {
            email: email.to_owned(),
            errors: ErrorSummary {
                errors: vec![FieldError::new("email", message)],
            },
            ..self
        }
    }
}

/// `GET` and `POST /setup/{token}`: choose a password, once.
#[derive(Debug, Clone, Template)]
#[template(path = "account/setup.html")]
pub struct SetupPage {
    /// The vendor's name.
    pub platform: String,
    /// `/setup/{token}`.
    pub action: String,
    /// The account's address.
    pub email: String,
    /// The organization's name; none for an operator.
    pub organization: Option<String>,
    /// Why not.
    pub errors: ErrorSummary,
}

/// Why a password (with its repetition) can't be taken: 12 to 128 characters, twice the same, no composition rules.
/// Whether it is a common one is for the caller to check.
pub fn password_errors(password: &str, repeated: &str) -> Vec<FieldError> {
    let length = password.chars().count();
    if length < 12 {
        let message = format!(
            "The password has {length} characters. Take at least 12; a few words in a row do well."
        );
        vec![FieldError::new("password", message)]
    } else if length > 128 {
        vec![FieldError::new(
            "password",
            "The password is longer than 128 characters. Take a shorter one.",
        )]
    } else if password != repeated {
        vec![FieldError::new(
            "repeated",
            "The two passwords differ. Type the same one twice.",
        )]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_by_length_and_repetition_only() {
        assert!(password_errors("aaaaaaaaaaaa", "aaaaaaaaaaaa").is_empty());
        assert!(password_errors("größer als zwölf", "größer als zwölf").is_empty());
        assert_eq!(password_errors("kurz", "kurz")[0].field, "password");
        assert_eq!(
            password_errors(&"x".repeat(129), &"x".repeat(129))[0].field,
            "password"
        );
        assert_eq!(
            password_errors("aaaaaaaaaaaa", "aaaaaaaaaaab")[0].field,
            "repeated"
        );
    }
}
