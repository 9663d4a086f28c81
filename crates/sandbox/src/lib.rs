//! Stand-ins for applicant-tracking systems, to play recruiter with: real HTTP in both directions, with faults.
//!
//! Two stand here. Greenhouse's side of the Assessment Partner API calls a vendor's `list_tests`, `send_test`, `test_status` and
//! `response_error`, takes the vendor's PATCH and judges every answer; the same organizations have Harvest v3 with its
//! authorization server. Lever has its authorisation server, its Data API and the webhooks it
//! sends. A log holds every call. A recruiter uses the pages at `/`, a script the control API under `/control` (see
//! `/control/openapi.json`).
//!
//! It knows nothing of any vendor and of none of Baton's crates but `ats-http`: everything here comes from what the two
//! publish and from what vendors saw. So it may judge.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use sandbox::{Sandbox, SandboxConfig};
//!
//! let running = Sandbox::start(SandboxConfig::on("127.0.0.1:0".parse().expect("an address")))?;
//! println!("Open {}", running.url());
//! running.stop().await;
//! # Ok(())
//! # }
//! ```

mod answer;
mod call_log;
mod clock;
mod control;
mod faults;
mod greenhouse;
mod harvest;
mod lever;
mod outbox;
mod pages;
mod refusal;
mod secret;
mod server;
mod shared;
mod socket;
mod state_file;
mod world;

pub use clock::{SystemTimeSource, TimeSource};
pub use greenhouse::check::{CheckConfig, Report, Row, Verdict, check};
pub use server::{RunningSandbox, Sandbox, SandboxConfig};
