//! Greenhouse.

pub mod partner;
