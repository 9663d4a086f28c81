//! The crate as its users see it.

mod invitation;
mod reminder;
mod reports;
mod sender;
