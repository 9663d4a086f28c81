//! What an app may ask a Lever Super Admin for. `write` holds `read` of the same resource.

/// A refresh token. Without it access ends after an hour.
pub const OFFLINE_ACCESS: &str = "offline_access";
/// Reads opportunities.
pub const OPPORTUNITIES_READ: &str = "opportunities:read:admin";
/// Changes opportunities, their tags too: there is no scope of its own for those.
pub const OPPORTUNITIES_WRITE: &str = "opportunities:write:admin";
/// Confidential records too.
pub const CONFIDENTIAL_ACCESS: &str = "confidential:access:admin";
/// Reads applications.
pub const APPLICATIONS_READ: &str = "applications:read:admin";
/// Reads archive reasons.
pub const ARCHIVE_REASONS_READ: &str = "archive_reasons:read:admin";
/// Reads persons. The only scope that is singular.
pub const CONTACT_READ: &str = "contact:read:admin";
/// Changes persons.
pub const CONTACT_WRITE: &str = "contact:write:admin";
/// Reads feedback.
pub const FEEDBACK_READ: &str = "feedback:read:admin";
/// Writes feedback.
pub const FEEDBACK_WRITE: &str = "feedback:write:admin";
/// Reads files.
pub const FILES_READ: &str = "files:read:admin";
/// Adds and deletes files.
pub const FILES_WRITE: &str = "files:write:admin";
/// Reads notes.
pub const NOTES_READ: &str = "notes:read:admin";
/// Writes notes.
pub const NOTES_WRITE: &str = "notes:write:admin";
/// Reads postings.
pub const POSTINGS_READ: &str = "postings:read:admin";
/// Changes postings.
pub const POSTINGS_WRITE: &str = "postings:write:admin";
/// Reads résumés.
pub const RESUMES_READ: &str = "resumes:read:admin";
/// Reads sources.
pub const SOURCES_READ: &str = "sources:read:admin";
/// Reads stages.
pub const STAGES_READ: &str = "stages:read:admin";
/// Reads tags.
pub const TAGS_READ: &str = "tags:read:admin";
/// Reads users.
pub const USERS_READ: &str = "users:read:admin";
/// Reads webhooks.
pub const WEBHOOKS_READ: &str = "webhooks:read:admin";
/// Makes, changes and deletes webhooks.
pub const WEBHOOKS_WRITE: &str = "webhooks:write:admin";

/// What Lever tells partners who run assessments to ask for.
pub const ASSESSMENT: [&str; 6] = [
    OFFLINE_ACCESS,
    OPPORTUNITIES_WRITE,
    NOTES_WRITE,
    STAGES_READ,
    TAGS_READ,
    WEBHOOKS_WRITE,
];

/// Which of `needed` are not among `granted`; a granted `write` stands for `read` too.
///
/// ```
/// use lever::scope::{NOTES_READ, NOTES_WRITE, OFFLINE_ACCESS, missing};
///
/// assert_eq!(missing(&[NOTES_READ, OFFLINE_ACCESS], &[NOTES_WRITE]), [OFFLINE_ACCESS]);
/// ```
pub fn missing<'a>(needed: &[&'a str], granted: &[impl AsRef<str>]) -> Vec<&'a str> {
    let has = |scope: &str| granted.iter().any(|one| one.as_ref() == scope);
    let covered = |scope: &str| has(scope) || has(&scope.replace(":read:", ":write:"));
    needed
        .iter()
        .copied()
        .filter(|scope| !covered(scope))
        .collect()
}
