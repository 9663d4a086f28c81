//! Opportunities: read, found, moved, tagged.

use serde_json::{Value, json};

use super::filter::between;
use super::request::Request;
use super::{Between, Client, Dated, Expand, Filter, Listing};
use crate::{
    ArchiveReasonId, Changed, Error, ErrorKind, NewOpportunity, Opportunity, OpportunityId,
    StageId, UserId,
};

impl Client {
    /// One opportunity. Scope `opportunities:read:admin`, and `confidential:access:admin` for hidden ones.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_not_found`](Error::is_not_found) when there is none, [`is_forbidden`](Error::is_forbidden) for a
    /// hidden one (at times also not found).
    pub async fn opportunity(&self, id: &OpportunityId) -> Result<Opportunity, Error> {
        self.read(Request::get(&["opportunities", id.as_str()]))
            .await
    }

    /// One opportunity with `expand`ed members, and when Lever sent it.
    ///
    /// # Errors
    ///
    /// As [`opportunity`](Self::opportunity).
    pub async fn opportunity_with(
        &self,
        id: &OpportunityId,
        expand: &[Expand],
    ) -> Result<Dated<Opportunity>, Error> {
        let request = Request::get(&["opportunities", id.as_str()]);
        self.read_dated(request.with_each("expand", expand)).await
    }

    /// The opportunities that meet `filter`. Scope as [`opportunity`](Self::opportunity).
    pub fn opportunities(&self, filter: &Filter) -> Listing<Opportunity> {
        let request = filter.apply(Request::get(&["opportunities"]));
        self.listing(request, |opportunity| opportunity.id.as_str())
    }

    /// The opportunities that were deleted in that time.
    pub fn deleted_opportunities(&self, deleted_at: Between) -> Listing<Opportunity> {
        let request = Request::get(&["opportunities", "deleted"]);
        let request = between(request, "deleted_at_start", "deleted_at_end", deleted_at);
        self.listing(request, |opportunity| opportunity.id.as_str())
    }

    /// Makes an opportunity in a user's name. Scope `opportunities:write:admin`, as all that follow.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one look by e-mail address before making it again.
    pub async fn create_opportunity(
        &self,
        opportunity: &NewOpportunity,
        perform_as: &UserId,
    ) -> Result<Changed, Error> {
        let request = Request::create(&["opportunities"]).perform_as(Some(perform_as));
        let body = serde_json::to_value(opportunity)
            .expect("a new opportunity holds only text, numbers and lists");
        self.read(request.json(&body)).await
    }

    /// Moves it to a stage. Archived ones can be moved too, and stay archived.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn change_stage(
        &self,
        id: &OpportunityId,
        stage: &StageId,
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        let request = Request::put(&["opportunities", id.as_str(), "stage"]);
        let request = request.perform_as(perform_as);
        self.read(request.json(&json!({ "stage": stage }))).await
    }

    /// Archives it for a reason; `None` takes it out of the archive.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn archive(
        &self,
        id: &OpportunityId,
        reason: Option<&ArchiveReasonId>,
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        let request = Request::put(&["opportunities", id.as_str(), "archived"]);
        let request = request.perform_as(perform_as);
        self.read(request.json(&json!({ "reason": reason }))).await
    }

    /// Adds tags; those that do not exist yet are made, those that are there already stay. May be repeated without harm.
    ///
    /// # Errors
    ///
    /// [`Error`]; nothing is sent when `tags` is empty.
    pub async fn add_tags(
        &self,
        id: &OpportunityId,
        tags: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "addTags", "tags", tags, perform_as)
            .await
    }

    /// Removes tags: exactly these texts, case and spaces included. A tag that comes from the posting may stay: read again.
    /// May be repeated without harm.
    ///
    /// # Errors
    ///
    /// As [`add_tags`](Self::add_tags).
    pub async fn remove_tags(
        &self,
        id: &OpportunityId,
        tags: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "removeTags", "tags", tags, perform_as)
            .await
    }

    /// Adds links. They are the person's: all their opportunities show them.
    ///
    /// # Errors
    ///
    /// As [`add_tags`](Self::add_tags).
    pub async fn add_links(
        &self,
        id: &OpportunityId,
        links: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "addLinks", "links", links, perform_as)
            .await
    }

    /// Removes links from all opportunities of the person.
    ///
    /// # Errors
    ///
    /// As [`add_tags`](Self::add_tags).
    pub async fn remove_links(
        &self,
        id: &OpportunityId,
        links: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "removeLinks", "links", links, perform_as)
            .await
    }

    /// Adds sources.
    ///
    /// # Errors
    ///
    /// As [`add_tags`](Self::add_tags).
    pub async fn add_sources(
        &self,
        id: &OpportunityId,
        sources: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "addSources", "sources", sources, perform_as)
            .await
    }

    /// Removes sources.
    ///
    /// # Errors
    ///
    /// As [`add_tags`](Self::add_tags).
    pub async fn remove_sources(
        &self,
        id: &OpportunityId,
        sources: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        self.change_set(id, "removeSources", "sources", sources, perform_as)
            .await
    }

    async fn change_set(
        &self,
        id: &OpportunityId,
        verb: &'static str,
        member: &'static str,
        texts: &[impl AsRef<str>],
        perform_as: Option<&UserId>,
    ) -> Result<Changed, Error> {
        if texts.is_empty() {
            return Err(Error::new(
                ErrorKind::Unusable("there is nothing to add or remove"),
                true,
            ));
        }
        let texts: Vec<Value> = texts.iter().map(|text| text.as_ref().into()).collect();
        let request = Request::post(&["opportunities", id.as_str(), verb]);
        self.read(
            request
                .perform_as(perform_as)
                .json(&json!({ member: texts })),
        )
        .await
    }
}
