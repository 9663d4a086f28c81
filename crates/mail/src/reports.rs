//! What mail servers say about a mail after they took it: small JSON objects from a provider's webhook, or a raw report as
//! servers mail it back (RFC 3464; complaints: RFC 5965).
//!
//! One pure function, [`parse`], for bytes that anybody may have written: a report comes from wherever a mail went.

mod delivery_status;
mod json;

use crate::header_text::tell;

/// The most notices in one body.
pub const MOST_NOTICES: usize = 500;

/// What happened to a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// It could not be delivered, for good.
    Bounced,
    /// The recipient called it spam.
    Complained,
    /// It arrived.
    Delivered,
    /// It is still under way.
    Delayed,
}

/// What is said about one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which mail: its Message-ID in angle brackets.
    pub message_id: String,
    /// What happened to it.
    pub kind: NoticeKind,
    /// Why, as far as it is said; without addresses.
    pub detail: Option<String>,
}

/// Why a body says nothing that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It looks like JSON and is none.
    #[error("the body is not JSON: look at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// JSON of another form.
    #[error("{0}")]
    Form(String),
    /// Neither JSON nor a report.
    #[error(
        "the body is neither JSON such as {{\"message_id\": \"<…>\", \"kind\": \"bounced\"}} nor a delivery report (multipart/report, RFC 3464)"
    )]
    NoReport,
    /// A report that names no mail of anybody's.
    #[error("the report does not say which mail it is about: it returns no head with a Message-ID")]
    NoMessageId,
    /// Parts within parts, beyond what any report has.
    #[error("the report is nested too deep")]
    TooDeep,
}

/// Reads a body. What a notice says that is of no concern here, such as that a mail was opened, is left out: the list may be
/// empty.
///
/// `content_type` is the body's declared one. It decides only where a report comes without a head of its own.
///
/// # Errors
///
/// [`Unreadable`], in words for whoever set up the webhook.
///
/// ```
/// use mail::reports::{NoticeKind, parse};
///
/// let body = br#"{"message_id": "<1@vendor.example>", "kind": "bounced", "detail": "550 no such user"}"#;
/// let notices = parse("application/json", body)?;
/// assert_eq!(notices[0].kind, NoticeKind::Bounced);
/// # Ok::<(), mail::reports::Unreadable>(())
/// ```
pub fn parse(content_type: &str, body: &[u8]) -> Result<Vec<Notice>, Unreadable> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{' | b'[') => json::parse(body),
        _ => delivery_status::parse(content_type, body),
    }
}

/// A Message-ID in angle brackets; `None` for what cannot be one.
fn message_id(text: &str) -> Option<String> {
    let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
    let fits = !inner.is_empty()
        && inner.len() <= 300
        && inner
            .chars()
            .all(|c| c.is_ascii_graphic() && !"<>".contains(c));
    fits.then(|| format!("<{inner}>"))
}

fn detail(text: &str) -> Option<String> {
    Some(tell(text)).filter(|text| !text.is_empty())
}
