//! What tests of several crates share.
//!
//! * [`Database`]: a database of a test's own, on either engine; [`each_database!`] runs one test on both.
//! * [`free_address`]: where a program under test may listen.
//! * [`until`]: waits for a condition, not for time.

mod address;
mod database;
mod each_database;
mod until;

pub use address::free_address;
pub use database::Database;
#[doc(hidden)]
pub use each_database::run;
pub use until::until;
