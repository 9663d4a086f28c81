//! Stages of the pipeline.

use serde::{Deserialize, Serialize};

use crate::{Identified, StageId};

/// A stage of the pipeline. `GET /stages` lists them in the pipeline's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stage {
    /// Its id: a word for the built-in ones (`lead-new`, `applicant-new`, `offer` …), else mostly a UUID.
    pub id: StageId,
    /// Its name, which each customer chooses and may edit.
    #[serde(default)]
    pub text: String,
}

impl Identified for Stage {
    type Id = StageId;

    fn id(&self) -> &StageId {
        &self.id
    }
}
