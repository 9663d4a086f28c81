//! What an ATS asks for, in our words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AssessmentId, CandidateDetails, Origin, Target, Traceparent};

/// What the ATS told with its ask.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtsFacts {
    /// The person's page there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_url: Option<String>,
    /// The person's id there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<String>,
    /// The application's id there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// Lever's opportunity: one candidacy of the person there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity_id: Option<String>,
    /// Is the candidacy kept from most eyes there?
    #[serde(default, skip_serializing_if = "is_false")]
    pub confidential: bool,
    /// Who pressed Send Test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<String>,
    /// The trace that its call belonged to: what is shown there later is part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<Traceparent>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

// They name a person and a colleague.
impl fmt::Debug for AtsFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtsFacts(…)")
    }
}

/// One ask of an ATS that a candidate takes an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What names the ask: a later one with the same key is the same ask, or takes its place.
    pub key: String,
    /// Which assessment; `None` where the text given is no id of ours.
    pub assessment: Option<AssessmentId>,
    /// Who is to take it.
    pub candidate: CandidateDetails,
    /// Which ATS.
    pub origin: Origin,
    /// What else it told.
    pub ats: AtsFacts,
    /// Where the ATS wants to see the invite, as [`crate::Place`] has it.
    pub place: Option<(Target, String)>,
}
