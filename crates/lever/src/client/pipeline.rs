//! What an account sorts its candidates by: stages, tags, sources, archive reasons.

use super::request::Request;
use super::{Client, Dated, Listing};
use crate::{
    ArchiveReason, ArchiveReasonId, ArchiveReasonKind, Error, Source, Stage, StageId, Tag,
};

impl Client {
    /// All stages, in the pipeline's order. Scope `stages:read:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn stages(&self) -> Result<Vec<Stage>, Error> {
        self.stages_dated().await.map(|dated| dated.value)
    }

    /// All stages, and when Lever sent them: a cheap way to learn Lever's own time.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn stages_dated(&self) -> Result<Dated<Vec<Stage>>, Error> {
        let request = Request::get(&["stages"]);
        self.whole(request, |stage: &Stage| stage.id.as_str()).await
    }

    /// One stage.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_not_found`](Error::is_not_found) for one that was deleted.
    pub async fn stage(&self, id: &StageId) -> Result<Stage, Error> {
        self.read(Request::get(&["stages", id.as_str()])).await
    }

    /// All tags of the account. Scope `tags:read:admin`.
    pub fn tags(&self) -> Listing<Tag> {
        self.listing(Request::get(&["tags"]), |tag| &tag.text)
    }

    /// All sources of the account. Scope `sources:read:admin`.
    pub fn sources(&self) -> Listing<Source> {
        self.listing(Request::get(&["sources"]), |source| &source.text)
    }

    /// All reasons to archive an opportunity, or those of one kind. Scope `archive_reasons:read:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn archive_reasons(
        &self,
        kind: Option<&ArchiveReasonKind>,
    ) -> Result<Vec<ArchiveReason>, Error> {
        let request = Request::get(&["archive_reasons"]).with_each("type", kind);
        let reasons = self.whole(request, |reason: &ArchiveReason| reason.id.as_str());
        reasons.await.map(|dated| dated.value)
    }

    /// One archive reason.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn archive_reason(&self, id: &ArchiveReasonId) -> Result<ArchiveReason, Error> {
        self.read(Request::get(&["archive_reasons", id.as_str()]))
            .await
    }
}
