//! Webhooks: who wants to hear, what there is to hear, and on what terms it is brought to them.

pub(crate) mod actions;
pub(crate) mod body;
pub(crate) mod events;
pub(crate) mod payload;
pub(crate) mod sender;
pub(crate) mod webhook;
