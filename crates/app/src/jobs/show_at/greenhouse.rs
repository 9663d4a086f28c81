//! The stage in Greenhouse that sent the test: told of completion with an organization's own key.

use ats::Shown;
use ats::greenhouse::partner::{CompletionClient, Credential, Key};
use domain::{ApiKeyKind, OrganizationId};
use jobs::Held;
use storage::AnyConnection;
use storage::api_keys::{self, ApiKeyRecord};
use storage::invites::InviteRecord;
use storage::parkings::{self, Parking};
use storage::places::PlaceRecord;
use storage::secrets::Place;

use super::Names;
use crate::circuits::FarSide;
use crate::reactions::view;
use crate::worker::{PatchCredential, Tools};
use crate::{App, Error, Result, secrets};

/// Under which names work waits.
pub(super) const NAMES: Names = Names {
    connection: "greenhouse_assessment",
    throttle: "greenhouse_assessment throttle",
    blocked: std::time::Duration::from_secs(4 * 60 * 60),
    side: Some(FarSide::GREENHOUSE),
};

/// What is needed to tell Greenhouse.
#[derive(Debug)]
pub(super) struct Due {
    credentials: Vec<Credential>,
    /// Greenhouse has asked this organization to wait.
    pub(super) throttled: Option<Parking>,
}

/// Nothing, where the invite is not finished (any more).
pub(super) fn due(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    credential: &PatchCredential,
) -> Result<Option<Due>> {
    if !view(record, app.now()).is_finished() {
        return Ok(None);
    }
    let organization = record.invite.organization;
    let credentials = match credential {
        PatchCredential::OrganizationKey => organization_keys(app, conn, organization)?,
        PatchCredential::PartnerPair(pair) => vec![pair.clone()],
    };
    Ok(Some(Due {
        credentials,
        throttled: parkings::find(conn, organization, NAMES.throttle, app.now())?,
    }))
}

/// Tells Greenhouse; it takes a second call like the first.
pub(super) async fn show(tools: &Tools, held: &Held, place: &PlaceRecord, due: &Due) -> Shown {
    let (client, url) = (traced(tools, held), &place.place.subject);
    ats::greenhouse::partner::complete(&client, url, &due.credentials).await
}

/// The client whose calls are part of the job's trace.
fn traced(tools: &Tools, held: &Held) -> CompletionClient {
    let Some(trace) = held.trace() else {
        return tools.completion.clone();
    };
    let mut call = [0; 8];
    tools.app.random().fill(&mut call);
    let trace = trace.at(u64::from_be_bytes(call));
    tools.completion.in_trace(&trace.to_string())
}

/// The organization's active keys: first the one that Greenhouse itself last called with, then the newest.
fn organization_keys(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<Credential>> {
    let kind = ApiKeyKind::GreenhouseAssessment;
    let mut keys = api_keys::active(conn, organization, kind, app.now())?;
    // They come newest first, and the sort keeps that order among those never used.
    keys.sort_by_key(|key| std::cmp::Reverse(key.last_used_at));
    keys.iter().map(|key| credential(app, key)).collect()
}

fn credential(app: &App, record: &ApiKeyRecord) -> Result<Credential> {
    let place = Place::ApiKey(record.organization, record.id);
    let stored = record
        .encrypted_key
        .as_deref()
        .ok_or(Error::Internal("a Greenhouse key is kept encrypted"))?;
    let plain = secrets::open(app, &place, stored)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Error::Internal("a key is text"))?;
    let key = Key::new(text).map_err(|_| Error::Internal("a key of ours fits Greenhouse"))?;
    Ok(Credential::OrganizationKey(key))
}
