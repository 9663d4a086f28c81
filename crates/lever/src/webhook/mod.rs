//! Deliveries to your own server (feature `webhook`).
//!
//! ```
//! use lever::webhook;
//! # let key = "9e27c41f0b6a85d3e2f7104cb98a6d5f31c07ea42d6b8f19".into();
//! # let body = webhook::sample(&key, "4b1d", 1_790_000_000_123, &serde_json::json!({"opportunityId": "5e1d"}));
//!
//! let delivery = webhook::parse(&body)?;
//! assert!(delivery.verify(&key));
//! // The signature covers the token and the time alone: take the ids, and ask the API what is true.
//! let opportunity = delivery.data.opportunity_id;
//! # assert!(opportunity.is_some());
//! # Ok::<(), webhook::BadDelivery>(())
//! ```

mod delivery;
mod signature;

pub use delivery::{BadDelivery, Data, Delivery, parse};
pub use signature::{sample, sign};
