//! Which published assessments the tags of an opportunity name.
//!
//! A tag is always taken whole: a title may hold " - " itself, so status tags are known by building them, never by splitting.

use std::collections::BTreeMap;

use domain::{AssessmentId, loosely};

use super::tags::is_status_of;

/// A published assessment, as its title names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// Which.
    pub assessment: AssessmentId,
    /// Its title now.
    pub title: String,
}

/// A tag that names one assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Which.
    pub assessment: AssessmentId,
    /// Its title now.
    pub title: String,
    /// The tag exactly as it stands on the opportunity: only this very text can be removed there.
    pub tag: String,
}

/// A tag that could mean more than one assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguous {
    /// The tag as it stands there.
    pub tag: String,
    /// The titles it could mean, in order.
    pub titles: Vec<String>,
}

/// What the tags of an opportunity say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// By title, each assessment once.
    pub matches: Vec<Match>,
    /// By tag.
    pub ambiguous: Vec<Ambiguous>,
}

/// Reads `tags` (in any order) against the `published` assessments of the organization. `ours` are the status tags that its
/// invites want there at this moment: those are no titles, whatever is published.
///
/// A tag that is a title to the letter names it, even where it is also what another title's status tag looks like. Else a tag
/// that differs in letter case, white space or composition names the one title that it differs from in nothing else, unless it
/// is a status tag of a published title.
pub fn named(tags: &[String], published: &[Titled], ours: &[String]) -> Named {
    let mut found: BTreeMap<(&str, AssessmentId), Vec<&str>> = BTreeMap::new();
    let mut ambiguous: Vec<Ambiguous> = Vec::new();
    for tag in tags.iter().filter(|tag| !ours.contains(tag)) {
        match meant(tag, published).as_slice() {
            [] => {}
            [one] => found
                .entry((&one.title, one.assessment))
                .or_default()
                .push(tag),
            several => ambiguous.push(Ambiguous {
                tag: tag.clone(),
                titles: sorted(several),
            }),
        }
    }
    ambiguous.sort_by(|one, other| one.tag.cmp(&other.tag));
    ambiguous.dedup();
    let matches = found.into_iter().map(|((title, assessment), tags)| Match {
        assessment,
        title: title.to_owned(),
        tag: best(title, &tags).to_owned(),
    });
    Named {
        matches: matches.collect(),
        ambiguous,
    }
}

fn meant<'a>(tag: &str, published: &'a [Titled]) -> Vec<&'a Titled> {
    let exact: Vec<_> = published.iter().filter(|it| it.title == tag).collect();
    if !exact.is_empty() || published.iter().any(|it| is_status_of(&it.title, tag)) {
        return exact;
    }
    let key = loosely(tag);
    published
        .iter()
        .filter(|it| !key.is_empty() && loosely(&it.title) == key)
        .collect()
}

/// The title itself where it is there to the letter, else the first in the order of their letters: Lever's own order changes.
fn best<'a>(title: &str, tags: &[&'a str]) -> &'a str {
    let exact = tags.iter().find(|tag| **tag == title);
    exact
        .or_else(|| tags.iter().min())
        .copied()
        .unwrap_or_default()
}

fn sorted(several: &[&Titled]) -> Vec<String> {
    let mut titles: Vec<String> = several.iter().map(|it| it.title.clone()).collect();
    titles.sort();
    titles
}
