//! Mail to people: the message, the words of an invitation, of a reminder, of a request for consent and of a notice, the sender that hands them to an
//! SMTP relay, and the reader of what mail servers report afterwards.
//!
//! Knows nothing of invites or databases. With the feature `catcher` there is also a mail server that keeps what it is
//! given and shows it on a page, for the demo and for tests.

#[cfg(feature = "catcher")]
pub mod catcher;
mod consent;
mod deadline;
mod header_text;
mod html;
mod invitation;
mod message;
mod notice;
mod relay;
mod reminder;
pub mod reports;
mod send_error;
mod sender;
mod template;

pub use consent::ConsentRequest;
pub use deadline::{deadline_words, minutes_words};
pub use header_text::{header_text, plain_name};
pub use invitation::{Invitation, RenderError, Rendered};
pub use message::{Message, is_mailable};
pub use notice::Notice;
pub use relay::RelayError;
pub use send_error::SendError;
pub use sender::{Accepted, SmtpSender};
pub use template::{UnknownPlaceholder, check_template};
