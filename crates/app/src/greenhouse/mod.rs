//! What Greenhouse asks of us, as an assessment partner; and jobs of Harvest that become assessments.
//!
//! Each call brings its key, and the unit of work that carries out the call judges the key as well: calls that come together
//! share both look-ups. Nothing is kept of them, so a key that is revoked fails at once.

mod description;
mod import;
mod jobs;
mod list_tests;
mod response_errors;
mod send_test;
mod test_status;

use std::collections::{HashMap, HashSet};

use domain::OrganizationId;
use storage::{AnyConnection, organizations};

use crate::access::GreenhouseCaller;
use crate::links::Links;
use crate::{App, Result};

pub use description::{Description, description_there, is_imported, take_description};
pub use import::{Imported, import};
pub(crate) use jobs::OpenJobs;
pub use jobs::{JobView, Jobs, jobs};
pub(crate) use list_tests::ListTests;
pub use list_tests::{Titles, list_tests};
pub use response_errors::{RESPONSE_ERROR, Report, keep_response_error, response_errors};
pub use send_test::{SendTest, send_test};
pub(crate) use test_status::TestStatus;
pub use test_status::{Reading, note_seen, test_status};

/// What came of a call with a good key.
#[derive(Debug)]
pub struct Answered<T> {
    /// Who called.
    pub caller: GreenhouseCaller,
    /// The answer, or why there is none.
    pub outcome: Result<T>,
}

/// What makes the links of each organization. One whose key cannot be read is left out.
fn links(
    app: &App,
    conn: &mut AnyConnection,
    wanted: impl Iterator<Item = OrganizationId>,
) -> storage::Result<HashMap<OrganizationId, Links>> {
    let wanted: HashSet<OrganizationId> = wanted.collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: Vec<OrganizationId> = wanted.into_iter().collect();
    let mut links = HashMap::new();
    for record in organizations::among(conn, &wanted)? {
        match Links::of(app, &record) {
            Ok(of_it) => {
                links.insert(record.organization.id, of_it);
            }
            Err(error) => {
                tracing::error!(%error, organization = %record.organization.id, "no links can be made");
            }
        }
    }
    Ok(links)
}
