//! Webhooks: who wants to hear, what there is to hear, and how it is brought to them.

pub(crate) mod actions;
pub(crate) mod delivery;
pub(crate) mod events;
pub(crate) mod sender;
pub(crate) mod webhook;
