//! Scorecards: what interviewers say. They can be read only.

use super::{ApplicationId, UserId};
use crate::Timestamp;
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::{id_alone, record};

record! {
    /// What an interviewer says. `Debug` shows only the id.
    Scorecard (ScorecardId, ScorecardFilter) at "scorecards" {
        /// About which application.
        application_id: Option<ApplicationId>,
        /// By whose kit.
        interview_kit_id: Option<i64>,
        /// Who asked.
        interviewer_id: Option<UserId>,
        /// Who wrote.
        submitter_id: Option<UserId>,
        /// Whether it is finished.
        status: Option<ScorecardStatus>,
        /// What they think in all.
        candidate_rating: Option<CandidateRating>,
        /// What they note.
        notes: Option<String>,
        /// The same as HTML.
        notes_with_tags: Option<String>,
        /// What only some may read.
        private_notes: Option<String>,
        /// The same as HTML.
        private_notes_with_tags: Option<String>,
        /// What all may read.
        public_notes: Option<String>,
        /// The same as HTML.
        public_notes_with_tags: Option<String>,
        /// When they asked.
        interviewed_at: Option<Timestamp>,
        /// When it was finished.
        submitted_at: Option<Timestamp>,
    }
}

id_alone!(Scorecard);

open_enum! {
    /// Whether a scorecard is finished.
    ScorecardStatus {
        /// Not yet.
        Draft = "draft",
        /// Finished.
        Complete = "complete",
    }
}

open_enum! {
    /// What an interviewer thinks in all.
    CandidateRating {
        /// By no means.
        StrongNo = "strong_no",
        /// No.
        No = "no",
        /// Yes.
        Yes = "yes",
        /// By all means.
        StrongYes = "strong_yes",
        /// Not said.
        NoDecision = "no_decision",
    }
}

filters! {
    Scorecard {
        /// Those about these applications.
        ids applications: ApplicationId => "application_ids",
        /// Those of these who asked.
        ids interviewers: UserId => "interviewer_ids",
        /// Those of these who wrote.
        ids submitters: UserId => "submitter_ids",
        /// Those by these kits.
        ids interview_kits: i64 => "interview_kit_ids",
        /// Finished ones, or the others.
        word status: ScorecardStatus => "status",
        /// Those about what was asked in that span.
        time interviewed => "interviewed_at",
        /// Those finished in that span.
        time submitted => "submitted_at",
    }
}
