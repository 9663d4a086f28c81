//! Greenhouse's Assessment Partner API: what its words mean to Baton, and Baton's to Greenhouse.

mod ask;
mod completion;
mod status;

pub use ask::{AskFault, Rules, ask};
pub use completion::complete;
pub use status::status;

pub use greenhouse_assessment::client::CompletionClient;
pub use greenhouse_assessment::{Credential, Key};

use domain::{InviteView, Writeback};

/// Greenhouse is told once: when the invite is first finished. It then fetches what there is to know.
pub fn calls_for(view: &InviteView, done: Option<&Writeback>) -> bool {
    done.is_none() && view.is_finished()
}
