//! The list of invites, `/candidates`.

use askama::Template;

use super::{Frame, Section};
use crate::badge::Badge;
use crate::parts::Empty;
use crate::when::When;

/// `GET /candidates?status=&origin=&assessment=&q=&cursor=`: a dense table, filters above it, in the URL.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/invites.html")]
pub struct InvitesPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What is picked above the table.
    pub filters: Filters,
    /// One page of invites, newest first.
    pub rows: Vec<InviteRow>,
    /// The next page, see [`href`]; none on the last.
    pub next_href: Option<String>,
    /// Are there older invites that were not looked through yet?
    pub looks_on: bool,
    /// Back to the newest; none on the first page.
    pub first_href: Option<String>,
}

impl InvitesPage {
    fn empty(&self) -> Empty {
        if self.looks_on {
            return Empty {
                heading: "No match yet".into(),
                text: "None of the 2,000 invites looked through here matches. Older ones may."
                    .into(),
                link: self
                    .next_href
                    .clone()
                    .map(|href| ("Look through older invites".into(), href)),
            };
        }
        if self.filters.are_set() {
            return Empty {
                heading: "No invite matches".into(),
                text: "Loosen a filter, or look for a part of the name or address only.".into(),
                link: Some(("Show all invites".into(), "/candidates".into())),
            };
        }
        Empty {
            heading: "No candidates yet".into(),
            text: "They come in when somebody presses Send Test in Greenhouse or moves a tagged candidate into a trigger stage in Lever, or through the API (POST /v1/invites). Publish an assessment first: only published ones are on offer there.".into(),
            link: Some(("See assessments".into(), "/assessments".into())),
        }
    }
}

/// What is picked above the table; an empty text is "any".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// A status's API name.
    pub status: String,
    /// An origin's API name.
    pub origin: String,
    /// An assessment's id.
    pub assessment: String,
    /// Part of a name or address.
    pub q: String,
    /// The assessments to pick from.
    pub assessments: Vec<Choice>,
}

/// One option of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What goes into the URL.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl Filters {
    /// Is anything picked?
    pub fn are_set(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("status", &self.status),
            ("origin", &self.origin),
            ("assessment", &self.assessment),
            ("q", &self.q),
        ]
    }

    fn statuses() -> [(&'static str, &'static str); 6] {
        [
            ("invited", "Invited"),
            ("started", "Started"),
            ("submitted", "Submitted"),
            ("completed", "Completed"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ]
    }

    fn origins() -> [(&'static str, &'static str); 4] {
        [
            ("greenhouse", "Greenhouse"),
            ("lever", "Lever"),
            ("api", "API"),
            ("dashboard", "Dashboard"),
        ]
    }
}

/// The address of the list under `filters`, from `cursor` on.
pub fn href(filters: &Filters, cursor: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let set = filters
        .pairs()
        .into_iter()
        .filter(|(_, value)| !value.is_empty());
    query.extend_pairs(set);
    if let Some(cursor) = cursor {
        query.append_pair("cursor", cursor);
    }
    match query.finish() {
        query if query.is_empty() => "/candidates".to_owned(),
        query => format!("/candidates?{query}"),
    }
}

/// One invite in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// `/invites/{id}`.
    pub href: String,
    /// The candidate's name.
    pub candidate: String,
    /// The candidate's address.
    pub email: String,
    /// The assessment's title.
    pub assessment: String,
    /// Where it is.
    pub state: Badge,
    /// What needs a person, if anything does: "Greenhouse refuses our key".
    pub attention: Option<String>,
    /// "81.5".
    pub score: Option<String>,
    /// "Greenhouse", "API".
    pub origin: &'static str,
    /// When it last moved.
    pub when: When,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_live_in_the_url() {
        let filters = Filters {
            status: "submitted".into(),
            q: "zoë & co".into(),
            ..Filters::default()
        };
        assert_eq!(
            href(&filters, Some("0192")),
            "/candidates?status=submitted&q=zo%C3%AB+%26+co&cursor=0192"
        );
        assert_eq!(href(&Filters::default(), None), "/candidates");
    }
}
