//! What Lever tells webhooks about.

use crate::open::open_enum;

open_enum! {
    /// A kind of event. There is none for tags, notes, owners, postings, or for an app that was switched off.
    Event {
        /// An application was made.
        ApplicationCreated = "applicationCreated",
        /// A person was hired.
        CandidateHired = "candidateHired",
        /// An opportunity went to another stage.
        CandidateStageChange = "candidateStageChange",
        /// An opportunity was archived, un-archived, or archived for another reason.
        CandidateArchiveChange = "candidateArchiveChange",
        /// An opportunity was deleted.
        CandidateDeleted = "candidateDeleted",
        /// An interview was planned.
        InterviewCreated = "interviewCreated",
        /// An interview was changed.
        InterviewUpdated = "interviewUpdated",
        /// An interview was called off.
        InterviewDeleted = "interviewDeleted",
        /// A person was added.
        ContactCreated = "contactCreated",
        /// A person's data changed.
        ContactUpdated = "contactUpdated",
    }
}
