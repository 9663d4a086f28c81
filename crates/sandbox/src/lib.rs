//! Stand-ins for applicant-tracking systems, to play recruiter with: real HTTP in both directions, with faults.
//!
//! Today it is Greenhouse's side of the Assessment Partner API: it calls a vendor's `list_tests`, `send_test`,
//! `test_status` and `response_error`, takes the vendor's PATCH, judges every answer and keeps a log of every call.
//! A recruiter uses the pages at `/`, a script the control API under `/control` (see `/control/openapi.json`).
//!
//! It knows nothing of any vendor and of none of Baton's crates but `ats-http`: everything here comes from
//! Greenhouse's published documents and from what vendors saw. So it may judge.
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

mod call_log;
mod clock;
mod control;
mod greenhouse;
mod pages;
mod refusal;
mod server;
mod shared;
mod state_file;

pub use clock::{SystemTimeSource, TimeSource};
pub use greenhouse::check::{CheckConfig, Report, Row, Verdict, check};
pub use server::{RunningSandbox, Sandbox, SandboxConfig};
