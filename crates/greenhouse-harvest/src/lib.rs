#![doc = include_str!("../README.md")]

mod answer;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod error;
mod filter;
mod id;
mod lenient;
pub mod link;
#[cfg(feature = "oauth")]
pub mod oauth;
mod open;
mod range;
mod record;
mod resource;
pub mod scope;
mod timestamp;
#[cfg(feature = "webhook")]
pub mod webhook;
#[cfg(feature = "client")]
pub mod write;

pub use answer::{Complaint, Detail, Unreadable, read};
#[cfg(any(feature = "client", feature = "oauth"))]
pub use ats_http;
#[cfg(feature = "client")]
pub use client::{Client, CreatedCandidate, Listing};
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind, Refusal};
pub use filter::{BadFilter, Filter, PAGE_SIZE_MAX, VALUES_MAX};
pub use id::Id;
pub use range::TimeRange;
pub use record::*;
pub use resource::Resource;
pub use timestamp::Timestamp;

/// The API's base in production. Paths are joined to it, so it ends without a slash.
pub const API_BASE: &str = "https://harvest.greenhouse.io/v3";
