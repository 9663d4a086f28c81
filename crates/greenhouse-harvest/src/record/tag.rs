//! Tags, and who has them.

use super::CandidateId;
use crate::filter::filters;
use crate::resource::record;

record! {
    /// A tag of the organization.
    #[derive(Debug)]
    CandidateTag (CandidateTagId, CandidateTagFilter) at "candidate_tags" {
        /// Its name. Case counts, and no two are the same.
        name: String,
    }
}

record! {
    /// That a candidate has a tag.
    #[derive(Debug)]
    AppliedCandidateTag (AppliedCandidateTagId, AppliedCandidateTagFilter) at "applied_candidate_tags" {
        /// Who.
        candidate_id: Option<CandidateId>,
        /// Which.
        candidate_tag_id: Option<CandidateTagId>,
    }
}

filters! {
    AppliedCandidateTag {
        /// Those of these candidates.
        ids candidates: CandidateId => "candidate_ids",
        /// Those of these tags.
        ids candidate_tags: CandidateTagId => "candidate_tag_ids",
    }
}
