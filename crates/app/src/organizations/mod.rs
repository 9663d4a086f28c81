//! The vendor's customers.

mod sample;

use domain::{Email, NoteVisibility, Organization, OrganizationId};
use secrecy::{ExposeSecret, SecretString};
use storage::organizations as store;
use storage::secrets::Place;
use vault::{LinkKey, generate_signing_secret};

use crate::audit::{self, Action};
use crate::texts::{Faults, required, web_link};
use crate::{AnyConnection, App, Error, Fault, Page, Result, secrets};

pub use sample::{Sample, create_sample};
pub use storage::organizations::OrganizationRecord;

/// Makes an organization, with its own link key and signing secret.
///
/// # Errors
/// [`Error::Unprocessable`] for a name that is empty or longer than 200 characters.
pub fn create(app: &App, conn: &mut AnyConnection, name: &str) -> Result<OrganizationRecord> {
    let organization = Organization {
        id: app.draw(),
        name: required("name", name, 200)?,
        logo_url: None,
        privacy_url: None,
        reply_to: None,
        note_visibility: NoteVisibility::default(),
    };
    let link_key = LinkKey::generate(app.random());
    let signing_secret = generate_signing_secret(app.random());
    let record = OrganizationRecord {
        link_key: seal_link_key(app, organization.id, &link_key),
        signing_secret: seal_signing_secret(app, organization.id, &signing_secret),
        organization,
        created_at: app.now(),
    };
    store::insert(conn, &record)?;
    note(app, conn, record.organization.id, Action::OrganizationMade)?;
    Ok(record)
}

/// One page of all organizations, newest first: for the operator.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut AnyConnection, page: Page) -> Result<Vec<OrganizationRecord>> {
    Ok(store::list(conn, page)?)
}

/// One organization.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id.
pub fn find(conn: &mut AnyConnection, organization: OrganizationId) -> Result<OrganizationRecord> {
    store::find(conn, organization)?.ok_or(Error::NotFound("organization"))
}

/// Changes what people may change of an organization: `change` gets it as it is.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id, [`Error::Unprocessable`] naming each member that `change` left at fault.
pub fn patch(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    change: &dyn Fn(&mut Organization),
) -> Result<OrganizationRecord> {
    let mut record = find(conn, organization)?;
    change(&mut record.organization);
    check(&mut record.organization)?;
    store::update(conn, &record.organization)?;
    Ok(record)
}

/// Makes a new secret for the signatures on launch links; the old one signs nothing any more. Shown once.
///
/// # Errors
/// [`Error::NotFound`] for an unknown organization.
pub fn rotate_signing_secret(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<SecretString> {
    let secret = generate_signing_secret(app.random());
    let sealed = seal_signing_secret(app, organization, &secret);
    if !store::set_signing_secret(conn, organization, &sealed)? {
        return Err(Error::NotFound("organization"));
    }
    note(app, conn, organization, Action::SigningSecretRotated)?;
    Ok(secret)
}

fn note(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    action: Action,
) -> Result<()> {
    let object = format!("organization:{organization}");
    let detail = serde_json::json!({});
    audit::note(app, conn, Some(organization), action, object, detail)
}

fn seal_signing_secret(app: &App, organization: OrganizationId, secret: &SecretString) -> String {
    let plain = secret.expose_secret().as_bytes();
    secrets::seal(app, &Place::SigningSecret(organization), plain)
}

pub(crate) fn seal_link_key(app: &App, organization: OrganizationId, key: &LinkKey) -> String {
    secrets::seal(app, &Place::LinkKey(organization), key.expose())
}

/// Trims what is good and names all that is at fault.
fn check(organization: &mut Organization) -> Result<()> {
    let mut faults = Faults::default();
    let name = required("name", &organization.name, 200);
    faults.place(name, &mut organization.name);
    for (field, link) in [
        ("logo_url", &mut organization.logo_url),
        ("privacy_url", &mut organization.privacy_url),
    ] {
        if let Some(text) = link {
            faults.place(web_link(field, text, false), text);
        }
    }
    if let Some(text) = &mut organization.reply_to {
        faults.place(address("reply_to", text), text);
    }
    faults.into_result()
}

fn address(field: &str, text: &str) -> Result<String, Fault> {
    let email = Email::parse(text).map_err(|error| Fault::new(field, error.to_string()))?;
    Ok(email.as_str().to_owned())
}
