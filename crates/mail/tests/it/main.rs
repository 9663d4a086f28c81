//! The crate as its users see it.

mod consent;
mod invitation;
mod reminder;
mod reports;
mod sender;
