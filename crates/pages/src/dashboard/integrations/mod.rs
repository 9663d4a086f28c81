//! Settings › Integrations, `/settings/integrations`: a card for each ATS, and the pages behind its buttons.

mod activity;
mod card;
mod settings;
mod stages;

use askama::Template;

pub use activity::{ActivityFilter, ActivityPage, ActivityRow, activity_href};
pub use card::{
    Button, CardFact, ConnectionCard, DISCONNECT_LEVER, EventsView, Question, SWITCH_IT_ON,
    StageView,
};
pub use settings::{HarvestSettingsPage, LeverSettingsPage, UserChoice, WebhookSecretPage};
pub use stages::{AddTriggerStagePage, StageChoice};

use super::{Frame, Section};

/// `GET /settings/integrations`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/page.html")]
pub struct IntegrationsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// One for each ATS.
    pub cards: Vec<ConnectionCard>,
}
