//! What is done after the commit: each job's payload and handler in one file.

mod mail_invite;
mod show_at;

pub(crate) use mail_invite::MailInvite;
pub(crate) use show_at::{ShowAt, wake_blocked};
