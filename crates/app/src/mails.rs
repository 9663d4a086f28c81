//! The mails of an invite: begun, handed over, followed.
//!
//! ```text
//! job ─▶ begin ─▶ `sending` is committed ─▶ the relay ─▶ end ─▶ sent, bounced, failed, or tried again
//!          └─▶ over the day's limit: `held` ─▶ let_go, another day ─▶ job
//! ```
//!
//! Each is a row from its first try on (`storage::mails`), found again by its Message-ID.

mod begin;
mod end;
mod id;
mod letter;
mod limit;
mod mailed;
mod notice;
mod remind;

pub use limit::let_go;
pub use notice::hear;
pub use remind::remind;

pub(crate) use begin::{Begun, begin};
pub(crate) use end::{Ended, end, write_down};
pub(crate) use id::{MailId, Occasion};
