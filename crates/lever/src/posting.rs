//! Postings.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open::open_enum;
use crate::{Confidentiality, Expandable, Identified, PostingId, Timestamp, Urls, User, lenient};

/// A job that people can apply to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Posting {
    /// Its id.
    pub id: PostingId,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub text: String,
    /// How public it is.
    pub state: Option<PostingState>,
    /// Where it is shown; Lever writes `null` for none.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub distribution_channels: Vec<String>,
    /// Whether it is hidden from most users.
    pub confidentiality: Option<Confidentiality>,
    /// Who made it.
    pub user: Option<Expandable<User>>,
    /// Who is in charge.
    pub owner: Option<Expandable<User>>,
    /// For whom the person will work.
    pub hiring_manager: Option<Expandable<User>>,
    /// Team, department, place and kind of work. These are tags of its opportunities too, but not in `tags`.
    pub categories: Option<Categories>,
    /// The additional tags alone.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub tags: Vec<String>,
    /// Its text, as Lever has it.
    pub content: Option<Value>,
    /// Two letters.
    pub country: Option<String>,
    /// Who follows.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub followers: Vec<Expandable<User>>,
    /// Its requisitions' codes.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub requisition_codes: Vec<String>,
    /// What it pays, as Lever has it.
    pub salary_range: Option<Value>,
    /// Pages in Lever.
    pub urls: Option<Urls>,
    /// Where the work is done.
    pub workplace_type: Option<WorkplaceType>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// What a posting is sorted by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Categories {
    /// The team.
    pub team: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// The main place.
    pub location: Option<String>,
    /// All places.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub all_locations: Vec<String>,
    /// Full-time and the like.
    pub commitment: Option<String>,
    /// The level.
    pub level: Option<String>,
}

open_enum! {
    /// How public a posting is.
    PostingState {
        /// Anyone may see it.
        Published = "published",
        /// "Unlisted" in Lever's own pages.
        Internal = "internal",
        /// No longer open.
        Closed = "closed",
        /// Not yet.
        Draft = "draft",
        /// Waits for approval.
        Pending = "pending",
        /// Was not approved.
        Rejected = "rejected",
    }
}

open_enum! {
    /// Where the work is done.
    WorkplaceType {
        /// There.
        Onsite = "onsite",
        /// Anywhere.
        Remote = "remote",
        /// Both.
        Hybrid = "hybrid",
        /// Not said.
        Unspecified = "unspecified",
    }
}

impl Posting {
    /// Every text that Lever adds to the tags of its opportunities: the additional tags, its title and its categories.
    pub fn inherited_tags(&self) -> Vec<&str> {
        let categories = self.categories.as_ref();
        let named = categories.into_iter().flat_map(|categories| {
            [
                &categories.team,
                &categories.department,
                &categories.location,
                &categories.commitment,
            ]
        });
        let places = categories.into_iter().flat_map(|c| &c.all_locations);
        let texts = self.tags.iter().chain([&self.text]);
        let mut all: Vec<&str> = texts
            .chain(named.flatten())
            .chain(places)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Identified for Posting {
    type Id = PostingId;

    fn id(&self) -> &PostingId {
        &self.id
    }
}
