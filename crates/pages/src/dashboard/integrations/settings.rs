//! How Baton writes in an ATS.

use askama::Template;

use super::{Frame, Section};
use crate::parts::Copy;

/// `GET` and `POST /settings/integrations/lever/settings`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/lever_settings.html")]
pub struct LeverSettingsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// Lever's users, by name.
    pub users: Vec<UserChoice>,
    /// Why there are no users to choose from, where Lever could not be asked.
    pub users_missing: Option<String>,
    /// Is the results note for people with sensitive-information rights only?
    pub note_secret: bool,
    /// Does the results note notify whoever follows the candidate?
    pub note_notify: bool,
    /// What was wrong with what was entered.
    pub error: Option<String>,
}

/// One user of Lever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChoice {
    /// The id there.
    pub id: String,
    /// The name, with the address where names are alike.
    pub name: String,
    /// Is it this one?
    pub chosen: bool,
}

/// `GET` and `POST /settings/integrations/greenhouse_harvest/settings`.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/harvest_settings.html")]
pub struct HarvestSettingsPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// What is, or was just, entered.
    pub created_by_email: String,
    /// Is there a secret for webhooks from Greenhouse already?
    pub has_secret: bool,
    /// What was wrong with it.
    pub error: Option<String>,
}

/// The answer to **Make secret**: shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "dashboard/integrations/webhook_secret.html")]
pub struct WebhookSecretPage {
    /// The dashboard around it.
    pub frame: Frame,
    /// The endpoint's address.
    pub url: Copy,
    /// The secret key.
    pub secret: Copy,
}

impl LeverSettingsPage {
    fn nobody_chosen(&self) -> bool {
        self.users.iter().all(|user| !user.chosen)
    }
}
