//! One webhook: an event, an address, and the token that signs.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::greenhouse::validator::is_private;
use crate::lever::opportunity::{Actor, By, ORIGINS};
use crate::lever::world::Lever;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// The event of a move in the pipeline.
pub(crate) const STAGE_CHANGE: &str = "candidateStageChange";

/// What can be heard. Nothing is ever told of interviews: the sandbox has none.
pub(crate) const EVENTS: [&str; 10] = [
    "applicationCreated",
    "candidateHired",
    STAGE_CHANGE,
    "candidateArchiveChange",
    "candidateDeleted",
    "interviewCreated",
    "interviewUpdated",
    "interviewDeleted",
    "contactCreated",
    "contactUpdated",
];

/// A webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) event: String,
    pub(crate) url: String,
    /// Candidates of these origins only.
    pub(crate) origins: Vec<String>,
    pub(crate) signature_token: Secret,
    pub(crate) made_by: By,
    /// The app that made it.
    pub(crate) client_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Makes a webhook; its id. Two for the same event and address are two.
///
/// # Errors
/// Event, address or origins cannot be used.
pub(crate) fn create(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    event: &str,
    url: &str,
    origins: Option<Vec<String>>,
    actor: &Actor,
) -> Result<String, Refusal> {
    lever.account(account_id)?;
    if !EVENTS.contains(&event) {
        let known = EVENTS.join(", ");
        let message = format!("There is no event {event}: choose one of {known}.");
        return Err(Refusal::field("event", message));
    }
    let webhook = Webhook {
        id: lever.ids.draw(),
        account_id: account_id.to_owned(),
        event: event.to_owned(),
        url: checked_url(url)?,
        origins: match origins {
            Some(origins) => checked_origins(origins)?,
            None => ORIGINS.map(str::to_owned).to_vec(),
        },
        signature_token: Secret::draw(24),
        made_by: actor.by,
        client_id: actor.client_id.clone(),
        created_at: now,
        updated_at: now,
    };
    let id = webhook.id.clone();
    lever.webhooks.insert(id.clone(), webhook);
    Ok(id)
}

/// An address as it was given. Lever sends over https only; a host of one's own is let off, or nobody could try anything.
///
/// # Errors
/// It is none, or http to a host elsewhere.
pub(crate) fn checked_url(text: &str) -> Result<String, Refusal> {
    let allowed = Url::parse(text).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => is_private(&url),
        _ => false,
    });
    if allowed {
        return Ok(text.to_owned());
    }
    let message = "The URL has to begin with https:// (or http:// on your own machine).";
    Err(Refusal::field("url", message))
}

/// Known origins.
///
/// # Errors
/// One is unknown.
pub(crate) fn checked_origins(origins: Vec<String>) -> Result<Vec<String>, Refusal> {
    if origins
        .iter()
        .all(|origin| ORIGINS.contains(&origin.as_str()))
    {
        return Ok(origins);
    }
    let known = ORIGINS.join(", ");
    Err(Refusal::field(
        "origins",
        format!("Origins are among {known}."),
    ))
}
