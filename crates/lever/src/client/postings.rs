//! Postings.

use super::filter::between;
use super::request::Request;
use super::{Between, Client, ConfidentialityFilter, Expand, Listing};
use crate::{Error, Posting, PostingId, PostingState};

/// Which postings a list holds. Values of one member are alternatives. Empty: all that are not confidential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostingFilter {
    /// How public they are. `published` alone gives only those that are publicly listed.
    pub states: Vec<PostingState>,
    /// By how hidden they are.
    pub confidentiality: Option<ConfidentialityFilter>,
    /// Their teams.
    pub teams: Vec<String>,
    /// Their departments.
    pub departments: Vec<String>,
    /// Their places.
    pub locations: Vec<String>,
    /// Their kinds of work.
    pub commitments: Vec<String>,
    /// Their tags; case counts.
    pub tags: Vec<String>,
    /// When they last changed. Lever lets this stand only beside `confidentiality`.
    pub updated_at: Between,
    /// What comes whole.
    pub expand: Vec<Expand>,
    /// `content` and `followers` come only when named here, and everything else only when it is named too.
    pub include: Vec<String>,
}

impl PostingFilter {
    /// All that are not confidential.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more state.
    #[must_use]
    pub fn in_state(mut self, state: PostingState) -> Self {
        self.states.push(state);
        self
    }

    /// One more tag; case counts.
    #[must_use]
    pub fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    fn apply(&self, request: Request) -> Request {
        let request = request
            .with_each("state", &self.states)
            .with_each(
                "confidentiality",
                self.confidentiality.map(ConfidentialityFilter::as_str),
            )
            .with_each("team", &self.teams)
            .with_each("department", &self.departments)
            .with_each("location", &self.locations)
            .with_each("commitment", &self.commitments)
            .with_each("tag", &self.tags);
        between(
            request,
            "updated_at_start",
            "updated_at_end",
            self.updated_at,
        )
        .with_each("expand", &self.expand)
        .with_each("include", &self.include)
    }
}

impl Client {
    /// The postings that meet `filter`. Scope `postings:read:admin`.
    pub fn postings(&self, filter: &PostingFilter) -> Listing<Posting> {
        let request = filter.apply(Request::get(&["postings"]));
        self.listing(request, |posting| posting.id.as_str())
    }

    /// One posting.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn posting(&self, id: &PostingId) -> Result<Posting, Error> {
        self.read(Request::get(&["postings", id.as_str()])).await
    }
}
