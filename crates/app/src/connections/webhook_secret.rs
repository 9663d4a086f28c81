//! The secret of the webhooks that a person makes in Greenhouse: made here, shown once, pasted there.

use domain::{ConnectionKind, OrganizationId, Standing};
use secrecy::{ExposeSecret, SecretString};
use storage::connections::{self, ConnectionRecord, WebhookRecord};
use storage::secrets::Place;
use url::Url;
use vault::SecretToken;

use super::take::note;
use super::webhook::address;
use crate::audit::Action;
use crate::{AnyConnection, App, Error, Result, secrets};

/// Those webhooks are Greenhouse's own: it has no ids that we are told.
const MADE_THERE: &str = "made in Greenhouse";

/// What is pasted into Greenhouse.
#[derive(Debug)]
pub struct WebhookSecret {
    /// The endpoint's address.
    pub url: Url,
    /// The secret key.
    pub secret: SecretString,
}

/// Makes a new secret for the webhooks of a connection to Harvest; deliveries that are signed with the one before are refused
/// from now on.
///
/// # Errors
/// [`Error::Conflict`] where Greenhouse is not connected, and where it could not reach this server.
pub fn make_webhook_secret(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<WebhookSecret> {
    let kind = ConnectionKind::GreenhouseHarvest;
    let mut record = connections::hold(conn, organization, kind, app.draw())?;
    if record.standing != Standing::Connected {
        let message = "Greenhouse is not connected; connect to Greenhouse first";
        return Err(Error::conflict("not_connected", message));
    }
    let url = address(app, &record).ok_or_else(|| {
        let message = "Greenhouse delivers only to https addresses, and this server has none (`public_url`): what happens there is found by a look every few minutes";
        Error::conflict("not_reachable", message)
    })?;
    let secret = SecretString::from(SecretToken::generate(app.random()).expose().to_owned());
    keep(app, conn, &mut record, &url, &secret)?;
    Ok(WebhookSecret { url, secret })
}

fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: &mut ConnectionRecord,
    url: &Url,
    secret: &SecretString,
) -> Result<()> {
    let place = Place::WebhookToken(record.organization, record.id);
    record.webhook = Some(WebhookRecord {
        id: MADE_THERE.to_owned(),
        url: url.to_string(),
        token: secrets::seal(app, &place, secret.expose_secret().as_bytes()),
    });
    connections::save(conn, record)?;
    let name = "connection.webhook_secret";
    note(app, conn, record, name, Action::WebhookSecretMade)
}
