//! `list_tests`. Calls that come together share their statements.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::{AssessmentId, OrganizationId};
use storage::{AnyConnection, GroupedRead, assessments};

use super::Answered;
use crate::access::{GreenhouseKey, GreenhouseKeys};
use crate::{App, Result};

/// Id and title of the tests that an organization may send, by title.
pub type Titles = Arc<Vec<(AssessmentId, String)>>;

/// One `list_tests`.
#[derive(Debug)]
pub(crate) struct ListTests {
    app: App,
    key: GreenhouseKey,
}

/// Looks up what the organization may send now.
///
/// # Errors
/// [`Error::Unauthorized`](crate::Error::Unauthorized), and those of the database.
pub async fn list_tests(app: &App, key: GreenhouseKey) -> Result<Answered<Titles>> {
    let asked = ListTests {
        app: app.clone(),
        key,
    };
    app.list_tests_lane().ask(asked).await?
}

impl GroupedRead for ListTests {
    type Reply = Result<Answered<Titles>>;

    fn answer(conn: &mut AnyConnection, calls: &[&Self]) -> storage::Result<Vec<Self::Reply>> {
        let mut keys =
            GreenhouseKeys::load(&calls[0].app, conn, calls.iter().map(|call| &call.key))?;
        let callers: Vec<_> = calls.iter().map(|call| keys.admit(&call.key)).collect();
        let organizations: HashSet<OrganizationId> = callers
            .iter()
            .flatten()
            .map(|caller| caller.organization)
            .collect();
        let titles = titles(conn, organizations)?;
        let answers = callers.into_iter().map(|caller| {
            let caller = caller?;
            let outcome = Ok(titles
                .get(&caller.organization)
                .cloned()
                .unwrap_or_default());
            Ok(Answered { caller, outcome })
        });
        Ok(answers.collect())
    }
}

fn titles(
    conn: &mut AnyConnection,
    organizations: HashSet<OrganizationId>,
) -> storage::Result<HashMap<OrganizationId, Titles>> {
    let organizations: Vec<_> = organizations.into_iter().collect();
    let mut titles: HashMap<OrganizationId, Vec<_>> = HashMap::new();
    for (organization, assessment, title) in assessments::published(conn, &organizations)? {
        titles
            .entry(organization)
            .or_default()
            .push((assessment, title));
    }
    Ok(titles
        .into_iter()
        .map(|(organization, titles)| (organization, Arc::new(titles)))
        .collect())
}
