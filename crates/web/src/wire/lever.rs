//! Lever's stages on the wire.

use app::connections::{self, StageChoice};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A stage of the pipeline in Lever.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stage {
    /// Its id in Lever: a UUID or a word.
    id: String,
    name: String,
    /// Is it a trigger stage already?
    trigger: bool,
}

impl From<StageChoice> for Stage {
    fn from(stage: StageChoice) -> Self {
        Self {
            id: stage.id,
            name: stage.name,
            trigger: stage.is_trigger,
        }
    }
}

/// A stage to choose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTriggerStage {
    /// Its id in Lever.
    pub(crate) stage_id: String,
}

/// A stage whose newcomers are invited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriggerStage {
    id: Uuid,
    /// Its id in Lever.
    stage_id: String,
    /// Its name there, looked at daily.
    name: String,
    /// Is it gone from there?
    missing: bool,
    /// By Lever's clock: only moves after it count.
    configured_at: DateTime<Utc>,
}

impl From<&connections::TriggerStage> for TriggerStage {
    fn from(stage: &connections::TriggerStage) -> Self {
        Self {
            id: stage.id.into(),
            stage_id: stage.stage_id.clone(),
            name: stage.name.clone(),
            missing: stage.missing,
            configured_at: stage.configured_at,
        }
    }
}
