//! Secrets at rest: each is encrypted for the place it is kept in, said once for whoever writes it and whoever reads it.

use storage::secrets::Place;
use uuid::Uuid;
use vault::{Context, body_hash};
use zeroize::Zeroizing;

use crate::{App, Result};

/// Encrypts `plain` for its place.
pub(crate) fn seal(app: &App, place: &Place, plain: &[u8]) -> String {
    app.keyring().encrypt(app.random(), &context(place), plain)
}

/// Decrypts what [`seal`] made for the same place.
///
/// # Errors
/// [`crate::Error::Secret`] for a text that was changed, moved here from elsewhere, or whose key is not there.
pub(crate) fn open(app: &App, place: &Place, stored: &str) -> Result<Zeroizing<Vec<u8>>> {
    Ok(app.keyring().decrypt(&context(place), stored)?)
}

/// What a secret in `place` is bound to.
fn context(place: &Place) -> Context {
    let (organization, row) = match place {
        Place::LinkKey(organization) | Place::SigningSecret(organization) => {
            (*organization, (*organization).into())
        }
        Place::ApiKey(organization, key) => (*organization, (*key).into()),
        Place::AccessToken(organization, grant)
        | Place::RefreshToken(organization, grant)
        | Place::PartingTokens(organization, grant) => (*organization, (*grant).into()),
        Place::WebhookToken(organization, connection) => (*organization, (*connection).into()),
        Place::Answer {
            organization,
            key,
            route,
        } => (*organization, hashed(key, route)),
    };
    let (table, column) = place.field().column();
    Context {
        organization,
        table,
        column,
        row,
    }
}

/// Answers have no id: key and route name them, hashed to the length of one.
fn hashed(key: &str, route: &str) -> Uuid {
    let hash = body_hash(format!("{route}\n{key}").as_bytes());
    let mut row = [0; 16];
    row.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(row)
}
