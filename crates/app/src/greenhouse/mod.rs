//! What Greenhouse asks of us, as an assessment partner.

mod list_tests;
mod response_errors;
mod send_test;
mod test_status;

pub use list_tests::list_tests;
pub use response_errors::{RESPONSE_ERROR, Report, keep_response_error, response_errors};
pub use send_test::{SendTest, send_test};
pub use test_status::{Reading, note_seen, test_status};
