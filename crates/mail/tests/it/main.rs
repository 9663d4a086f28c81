//! The crate as its users see it.

mod invitation;
mod sender;
