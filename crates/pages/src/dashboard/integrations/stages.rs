//! **Add Trigger Stage**: a page, and with scripts a dialog.

use askama::Template;

use super::{Frame, Section};
use crate::parts::Empty;

/// `GET /settings/integrations/lever/trigger-stages/add`: Lever's own stages to choose from, in the order of its pipeline.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/add_stage.html")]
pub struct AddTriggerStagePage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What Lever has.
    pub stages: Vec<StageChoice>,
    /// What was wrong with the choice.
    pub error: Option<String>,
}

/// One stage in Lever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChoice {
    /// Its id there.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// Does it invite already?
    pub chosen: bool,
}

impl AddTriggerStagePage {
    fn empty() -> Empty {
        Empty {
            heading: "Lever has no stages".into(),
            text: "Stages are made in Lever, under Settings › Pipeline. Add one there, then come back.".into(),
            link: Some(("Back to integrations".into(), "/settings/integrations#lever".into())),
        }
    }

    fn all_chosen(&self) -> bool {
        self.stages.iter().all(|stage| stage.chosen)
    }
}
