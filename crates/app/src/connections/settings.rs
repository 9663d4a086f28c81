//! What an organization's admins choose for a connection.

use domain::{ConnectionKind, HarvestSettings, LeverSettings, OrganizationId, Standing};
use serde_json::json;
use storage::connections::{self, ConnectionRecord};
use storage::jobs;

use super::CheckHarvest;
use super::harvest::{harvest_client, harvest_refusal};
use super::lever::{lever_client, refusal};
use super::view::{ConnectionView, show_in};
use crate::audit::{self, Action};
use crate::texts::required;
use crate::{AnyConnection, App, Error, Result};

/// What is to be changed for Lever.
#[derive(Debug, Clone, Default)]
pub struct LeverChange {
    /// The id of the user there whose name our doings carry; the inner none clears it.
    pub perform_as: Option<Option<String>>,
    /// See [`LeverSettings::note_secret`].
    pub note_secret: Option<bool>,
    /// See [`LeverSettings::note_notify`].
    pub note_notify: Option<bool>,
}

/// What was chosen for a connection to Lever.
pub fn lever_settings(record: &ConnectionRecord) -> LeverSettings {
    serde_json::from_value(record.settings.clone()).unwrap_or_default()
}

/// Changes what was chosen for Lever. Who is named in `perform_as` is looked up there.
///
/// # Errors
/// [`Error::Unprocessable`] for a user that Lever does not know, or whose access there was switched off; [`Error::Conflict`] for
/// naming a user while Lever is not connected; [`Error::FarSide`] where Lever cannot be asked.
pub async fn change_lever(
    app: &App,
    organization: OrganizationId,
    change: LeverChange,
) -> Result<ConnectionView> {
    let perform_as = match &change.perform_as {
        Some(Some(user)) => Some(Some(known_user(app, organization, user).await?)),
        other => other.clone(),
    };
    app.write(move |app, conn| {
        let kind = ConnectionKind::Lever;
        let mut record = connections::hold(conn, organization, kind, app.draw())?;
        let mut settings = lever_settings(&record);
        if let Some(user) = &perform_as {
            settings.perform_as.clone_from(user);
        }
        settings.note_secret = change.note_secret.unwrap_or(settings.note_secret);
        settings.note_notify = change.note_notify.unwrap_or(settings.note_notify);
        record.settings = json!(settings);
        if record.standing == Standing::Connected && perform_as.is_some() {
            // A user that is gone from there may be what was amiss.
            record.detail = None;
        }
        connections::save(conn, &record)?;
        note_change(app, conn, &record)?;
        show_in(app, conn, organization, kind)
    })
    .await
}

async fn known_user(app: &App, organization: OrganizationId, user: &str) -> Result<String> {
    const FIELD: &str = "settings.perform_as";
    let user = required(FIELD, user, 200)?;
    let client = lever_client(app, organization).await?;
    match client.user(&user.as_str().into()).await {
        Ok(found) if found.is_active() => Ok(user),
        Ok(_) => Err(Error::fault(
            FIELD,
            "names a user whose access to Lever was switched off",
        )),
        Err(error) if error.is_not_found() || error.status() == Some(400) => {
            Err(Error::fault(FIELD, "names a user that Lever does not know"))
        }
        Err(error) => Err(refusal("look up the user", &error)),
    }
}

/// What is to be changed for Greenhouse's Harvest.
#[derive(Debug, Clone, Default)]
pub struct HarvestChange {
    /// The address of the user there to whom what we write about people is attributed; the inner none clears it.
    pub created_by_email: Option<Option<String>>,
}

/// What was chosen for a connection to Harvest.
pub fn harvest_settings(record: &ConnectionRecord) -> HarvestSettings {
    serde_json::from_value(record.settings.clone()).unwrap_or_default()
}

/// Changes what was chosen for Harvest. Who is named is looked up there, and what waited for a name goes on.
///
/// # Errors
/// [`Error::Unprocessable`] for a user that Greenhouse does not know, one that was deactivated, and one of an agency;
/// [`Error::Conflict`] for naming a user while Greenhouse is not connected; [`Error::FarSide`] where it cannot be asked.
pub async fn change_harvest(
    app: &App,
    organization: OrganizationId,
    change: HarvestChange,
) -> Result<ConnectionView> {
    let created_by_email = match &change.created_by_email {
        Some(Some(email)) => Some(Some(known_author(app, organization, email).await?)),
        other => other.clone(),
    };
    app.write(move |app, conn| {
        let kind = ConnectionKind::GreenhouseHarvest;
        let mut record = connections::hold(conn, organization, kind, app.draw())?;
        let mut settings = harvest_settings(&record);
        if let Some(email) = &created_by_email {
            settings.created_by_email.clone_from(email);
        }
        record.settings = json!(settings);
        connections::save(conn, &record)?;
        if record.standing == Standing::Connected && settings.created_by_email.is_some() {
            let job = CheckHarvest::job(app, &record);
            jobs::enqueue(conn, &[job], app.now())?;
        }
        note_change(app, conn, &record)?;
        show_in(app, conn, organization, kind)
    })
    .await
}

/// The address as Greenhouse has it.
async fn known_author(app: &App, organization: OrganizationId, email: &str) -> Result<String> {
    const FIELD: &str = "settings.created_by_email";
    let email = required(FIELD, email, 254)?;
    let client = harvest_client(app, organization).await?;
    let found = client.user_with_email(&email).await;
    let user = found
        .map_err(|error| harvest_refusal("look up the user", &error))?
        .ok_or_else(|| {
            Error::fault(
                FIELD,
                "is the address of nobody in Greenhouse: name somebody who has an account there",
            )
        })?;
    if user.deactivated {
        let problem =
            "is the address of somebody who was deactivated in Greenhouse: name somebody active";
        return Err(Error::fault(FIELD, problem));
    }
    if user.agency_id.is_some() {
        let problem =
            "is the address of an agency's recruiter: name one of the organization's own people";
        return Err(Error::fault(FIELD, problem));
    }
    Ok(email.to_lowercase())
}

fn note_change(app: &App, conn: &mut AnyConnection, record: &ConnectionRecord) -> Result<()> {
    let object = format!("connection:{}", record.id);
    let detail = json!({ "kind": record.kind });
    let (organization, action) = (Some(record.organization), Action::ConnectionChanged);
    audit::note(app, conn, organization, action, object, detail)
}
