//! Kept answers of `POST`s that show a person: they are encrypted, so each has to be looked into.

use domain::{CandidateId, OrganizationId};
use serde_json::{Value, json};
use storage::secrets::{self as store, Field, Place, Sealed};

use crate::{AnyConnection, App, Result, secrets};

/// How many answers one unit of work looks into.
const SLICE: i64 = 100;

/// Takes the person out of every answer that an organization may ask for again.
///
/// # Errors
/// Those of the database.
pub(super) async fn erase(
    app: &App,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<()> {
    let mut after = Some(Place::Answer {
        organization,
        key: String::new(),
        route: String::new(),
    });
    while let Some(place) = after {
        after = app
            .write(move |app, conn| erase_slice(app, conn, organization, candidate, &place))
            .await?;
    }
    Ok(())
}

/// Answers where the next slice begins; none where there is no next one.
fn erase_slice(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    candidate: CandidateId,
    after: &Place,
) -> Result<Option<Place>> {
    let found = store::page(conn, Field::Answer, Some(after), SLICE)?;
    let ours = |sealed: &&Sealed| matches!(&sealed.place, Place::Answer { organization: of, .. } if *of == organization);
    let mut last = None;
    for sealed in found.iter().take_while(ours) {
        if let Some(text) = without(app, sealed, candidate) {
            store::replace(conn, &sealed.place, &sealed.text, &text)?;
        }
        last = Some(sealed.place.clone());
    }
    Ok(last)
}

/// The answer without the person, where it shows them. One that cannot be read can be repeated to nobody.
fn without(app: &App, sealed: &Sealed, candidate: CandidateId) -> Option<String> {
    let plain = secrets::open(app, &sealed.place, &sealed.text).ok()?;
    let mut body: Value = serde_json::from_slice(&plain).ok()?;
    let shown = body["candidate"]["id"] == candidate.to_string();
    if !shown {
        return None;
    }
    let rest = [
        "id",
        "status",
        "attempt",
        "origin",
        "assessment",
        "score",
        "state",
        "advance",
    ];
    let kept: serde_json::Map<String, Value> = rest
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), body.get_mut(name)?.take())))
        .collect();
    let mut body = Value::Object(kept);
    body["candidate"] = json!({ "id": candidate });
    Some(secrets::seal(
        app,
        &sealed.place,
        body.to_string().as_bytes(),
    ))
}
