//! Greenhouse.

pub mod harvest;
pub mod partner;
