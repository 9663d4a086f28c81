//! What goes on around Baton meanwhile: recruiters send, candidates take, the drill watches.

mod candidates;
mod recruiters;
mod watch;

pub(crate) use candidates::{attend, receive};
pub(crate) use recruiters::send_all;
pub(crate) use watch::{hear, hear_out, supervise};
