//! What an organization's admins choose for a connection.

use domain::{ConnectionKind, LeverSettings, OrganizationId, Standing};
use serde_json::json;
use storage::connections::{self, ConnectionRecord};

use super::lever::{lever_client, refusal};
use super::view::{ConnectionView, show_in};
use crate::audit::{self, Action};
use crate::texts::required;
use crate::{App, Error, Result};

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
        let object = format!("connection:{}", record.id);
        let detail = json!({ "kind": kind });
        audit::note(
            app,
            conn,
            Some(organization),
            Action::ConnectionChanged,
            object,
            detail,
        )?;
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
