//! Tags: made, given, taken away.

use futures_util::{StreamExt as _, TryStreamExt as _, future};
use serde_json::Map;

use super::Client;
use super::candidates::ids;
use super::request::Request;
use crate::{
    AppliedCandidateTag, AppliedCandidateTagFilter, AppliedCandidateTagId, CandidateId,
    CandidateTag, CandidateTagFilter, CandidateTagId, Error,
};

impl Client {
    /// Makes a tag of the organization. Scope `harvest:candidate_tags:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look for it by name.
    pub async fn create_candidate_tag(&self, name: &str) -> Result<CandidateTag, Error> {
        let body = Map::from_iter([("name".to_owned(), name.into())]);
        self.read(Request::act("candidate_tags", &body)).await
    }

    /// Gives a candidate a tag. Whether giving it twice is refused is not documented: see [`ensure_tag`](Self::ensure_tag).
    /// Scope `harvest:applied_candidate_tags:create`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn apply_tag(
        &self,
        candidate: CandidateId,
        tag: CandidateTagId,
    ) -> Result<AppliedCandidateTag, Error> {
        let body = ids([
            ("candidate_id", candidate.get()),
            ("candidate_tag_id", tag.get()),
        ]);
        self.read(Request::act("applied_candidate_tags", &body))
            .await
    }

    /// Takes a tag from a candidate; the organization keeps it. Scope `harvest:applied_candidate_tags:destroy`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_not_found`](Error::is_not_found) when it was taken already.
    pub async fn remove_tag(&self, id: AppliedCandidateTagId) -> Result<(), Error> {
        self.done(Request::delete(format!("applied_candidate_tags/{id}")))
            .await
    }

    /// Sees to it that a candidate has the tag of this very name, which is made where there is none. May be repeated. Besides
    /// the scopes of both writes it takes `harvest:candidate_tags:list` and `harvest:applied_candidate_tags:list`.
    ///
    /// # Errors
    ///
    /// [`Error`]; whatever it is, the same call may be made again.
    pub async fn ensure_tag(&self, candidate: CandidateId, name: &str) -> Result<(), Error> {
        let tag = match self.tag_named(name).await? {
            Some(tag) => tag.id,
            None => self.made_tag(name).await?,
        };
        if self.has_tag(candidate, tag).await? {
            return Ok(());
        }
        match self.apply_tag(candidate, tag).await {
            Err(error) if error.is_invalid() && self.has_tag(candidate, tag).await? => Ok(()),
            Err(error) => Err(error.repeatable()),
            Ok(_) => Ok(()),
        }
    }

    /// Somebody else may have made it just now.
    async fn made_tag(&self, name: &str) -> Result<CandidateTagId, Error> {
        let error = match self.create_candidate_tag(name).await {
            Ok(tag) => return Ok(tag.id),
            Err(error) => error.repeatable(),
        };
        if !error.is_invalid() {
            return Err(error);
        }
        let tag = self.tag_named(name).await?;
        tag.map(|tag| tag.id).ok_or(error)
    }

    async fn tag_named(&self, name: &str) -> Result<Option<CandidateTag>, Error> {
        let tags = self.list(&CandidateTagFilter::new().page_size(500));
        let named = tags.try_filter(|tag| future::ready(tag.name == name));
        named.boxed().try_next().await
    }

    async fn has_tag(&self, candidate: CandidateId, tag: CandidateTagId) -> Result<bool, Error> {
        let filter = AppliedCandidateTagFilter::new();
        let filter = filter.candidates([candidate]).candidate_tags([tag]);
        Ok(self.list(&filter).try_next().await?.is_some())
    }
}
