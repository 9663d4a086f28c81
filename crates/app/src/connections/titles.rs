//! What else an assessment's title means in Lever.
//!
//! Lever gives each candidate of a posting the posting's title, team, department, location and work type as tags, in one list with
//! those that people type. An assessment that goes by the same words would invite all of them.

use std::collections::BTreeSet;

use domain::{Assessment, loosely};
use futures_util::TryStreamExt;
use lever::Posting;
use lever::client::PostingFilter;
use storage::assessments;

use super::lever::{lever_client, refusal};
use crate::{App, Result};

/// What in Lever goes by an assessment's title, and what there still goes by an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InLever {
    /// What else the title means there, in order.
    pub namesakes: Vec<Namesake>,
    /// Postings whose tags still name an earlier title, in order.
    pub outdated: Vec<Outdated>,
}

/// Something in Lever that goes by an assessment's title.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Namesake {
    /// What it is.
    pub what: What,
    /// How it is called there.
    pub name: String,
}

/// What a posting gives its candidates as tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Its title.
    Posting,
    /// Its team.
    Team,
    /// Its department.
    Department,
    /// One of its locations.
    Location,
    /// Its work type.
    WorkType,
}

/// A posting that still carries an earlier title as a tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outdated {
    /// The posting's title.
    pub posting: String,
    /// The tag.
    pub tag: String,
}

/// Looks through Lever's postings for an assessment's present and earlier titles.
///
/// # Errors
/// [`Error::Conflict`](crate::Error::Conflict) where Lever is not connected or does not let us read postings,
/// [`Error::FarSide`](crate::Error::FarSide) where it does not answer as it should.
pub async fn titles_in_lever(app: &App, assessment: &Assessment) -> Result<InLever> {
    let (organization, id) = (assessment.organization, assessment.id);
    let titles = app
        .read(move |_, conn| Ok(assessments::titles(conn, organization, id)?))
        .await?;
    let client = lever_client(app, organization).await?;
    let postings: Vec<Posting> = client
        .postings(&PostingFilter::default())
        .try_collect()
        .await
        .map_err(|error| refusal("read postings", &error))?;
    Ok(compare(&assessment.title, &titles, &postings))
}

/// `title` and the titles of all versions against `postings`.
fn compare(title: &str, titles: &[String], postings: &[Posting]) -> InLever {
    let now = loosely(title);
    let former: BTreeSet<String> = titles.iter().map(|title| loosely(title)).collect();
    let namesakes: BTreeSet<Namesake> = postings
        .iter()
        .flat_map(given)
        .filter(|namesake| loosely(&namesake.name) == now)
        .collect();
    let outdated: BTreeSet<Outdated> = postings
        .iter()
        .flat_map(|posting| posting.tags.iter().map(move |tag| (posting, tag)))
        .filter(|(_, tag)| loosely(tag) != now && former.contains(&loosely(tag)))
        .map(|(posting, tag)| Outdated {
            posting: posting.text.clone(),
            tag: tag.clone(),
        })
        .collect();
    InLever {
        namesakes: namesakes.into_iter().collect(),
        outdated: outdated.into_iter().collect(),
    }
}

/// What a posting gives its candidates as tags, besides its additional ones.
fn given(posting: &Posting) -> Vec<Namesake> {
    let namesake = |what, name: &str| Namesake {
        what,
        name: name.to_owned(),
    };
    let mut all = vec![namesake(What::Posting, &posting.text)];
    let Some(categories) = &posting.categories else {
        return all;
    };
    let single = [
        (What::Team, &categories.team),
        (What::Department, &categories.department),
        (What::Location, &categories.location),
        (What::WorkType, &categories.commitment),
    ];
    for (what, name) in single {
        all.extend(name.iter().map(|name| namesake(what, name)));
    }
    let locations = categories.all_locations.iter();
    all.extend(locations.map(|name| namesake(What::Location, name)));
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn posting(tags: &[&str]) -> Posting {
        serde_json::from_value(json!({
            "id": "p-1", "text": "Systems Engineer", "tags": tags,
            "categories": { "team": "Platform", "department": "Engineering", "location": "Lisbon", "allLocations": ["Lisbon", "Porto"], "commitment": "Full-time" },
        }))
        .expect("a posting")
    }

    #[test]
    fn whatever_a_posting_gives_its_candidates_as_a_tag_is_a_namesake() {
        for (title, what) in [
            ("systems  engineer", What::Posting),
            ("PLATFORM", What::Team),
            ("Engineering", What::Department),
            ("Porto", What::Location),
            ("Lisbon", What::Location),
            ("full-time", What::WorkType),
        ] {
            let found = compare(title, &[], &[posting(&[]), posting(&[])]);
            let kinds: Vec<What> = found.namesakes.iter().map(|it| it.what).collect();
            assert_eq!(kinds, [what], "{title}");
        }
        assert_eq!(
            compare("Rust Basics", &[], &[posting(&["Rust Basics"])]),
            InLever::default()
        );
    }

    #[test]
    fn a_posting_with_an_earlier_title_as_a_tag_is_found_and_one_with_the_present_title_is_not() {
        let titles = ["Rust".to_owned(), "Rust Basics".to_owned()];
        let found = compare(
            "Rust Basics",
            &titles,
            &[posting(&["rust ", "Rust Basics"])],
        );
        let outdated = Outdated {
            posting: "Systems Engineer".into(),
            tag: "rust ".into(),
        };
        assert_eq!(found.outdated, [outdated]);
    }
}
