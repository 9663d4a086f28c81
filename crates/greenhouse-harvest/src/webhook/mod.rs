//! Deliveries to your own server (feature `webhook`).
//!
//! ```
//! use greenhouse_harvest::webhook::{self, About};
//! # let keys = ["a long secret key".into()];
//! # let body = br#"{"action":"candidate_stage_change","payload":{"application":{"id":5,"candidate":{"id":4}}}}"#;
//! # let signature = webhook::sign(&keys[0], body);
//!
//! let delivery = webhook::receive(&keys, signature.as_bytes(), body)?;
//! if let About::Application(application) = &delivery.about {
//!     // Nothing promises order, and a delivery may be played again: take the ids, and ask the API what is true.
//!     assert!(application.id.is_some());
//! }
//! # Ok::<(), webhook::Refused>(())
//! ```
//!
//! Answer 200, and nothing else of the 2xx; Greenhouse tries seven times in fifteen hours. Whether a repeat has the same
//! [`EVENT_ID_HEADER`] is not documented, and the signature does not cover it: tell repeats by a digest of the body too.

mod about;
mod action;
mod delivery;
mod signature;

pub use about::{About, AboutApplication, AboutPerson};
pub use action::Action;
pub use delivery::{BadDelivery, Delivery, Refused, parse, receive};
pub use signature::{sign, verify};

/// The header that holds the signature.
pub const SIGNATURE_HEADER: &str = "Signature";

/// The header that tells one delivery from another.
pub const EVENT_ID_HEADER: &str = "Greenhouse-Event-ID";
