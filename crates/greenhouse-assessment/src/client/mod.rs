//! Calls out (feature `client`): the completion PATCH to Greenhouse, and Greenhouse's side of the partner API.

mod completion;
mod partner;
mod reading;

pub use completion::{CompletionClient, CompletionOutcome};
pub use partner::{BadBaseUrl, Endpoints, PartnerClient};
pub use reading::{CallError, SeenStatus};
