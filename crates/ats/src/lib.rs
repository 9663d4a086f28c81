//! What Baton does with each ATS, one module per ATS: takes asks in, shows invites there.
//!
//! This is where an ATS's words and Baton's meet. It knows no database, no HTTP server and no other ATS than the one at
//! hand; whoever calls it brings the credentials.

mod clean;
pub mod greenhouse;
pub mod lever;
mod shown;
mod words;

pub use clean::clean_html;
pub use shown::{Shown, calls_for, number};
