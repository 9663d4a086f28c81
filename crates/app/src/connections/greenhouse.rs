//! Greenhouse's side of assessments: it calls us with keys, and how it fares follows from those and from the write-backs.

use domain::{ApiKeyKind, ConnectionState, Target};
use storage::api_keys::{self as keys, ApiKeyRecord};
use storage::connections::ConnectionRecord;
use storage::places;

use super::view::{ConnectionView, untold};
use crate::{AnyConnection, App, Page, Result};

/// So many of an organization's newest keys are looked at.
const KEYS: i64 = 100;

/// The connection, as the organization's keys and write-backs have it.
pub(super) fn view(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
) -> Result<ConnectionView> {
    let newest = Page {
        limit: KEYS,
        before: None,
    };
    let mut found = keys::list(conn, record.organization, newest)?;
    found.retain(|key| key.kind == ApiKeyKind::GreenhouseAssessment);
    let now = app.now();
    let (active, ended): (Vec<_>, Vec<_>) = found.into_iter().partition(|key| key.is_active(now));
    let blocked = places::any_blocked(conn, record.organization, Target::GreenhouseStatus)?;
    let (state, detail) = judge(&active, &ended, blocked, record.requested_at.is_some());
    let connected = matches!(
        state,
        ConnectionState::Connected | ConnectionState::NeedsAttention
    );
    Ok(ConnectionView {
        state,
        detail: detail.map(str::to_owned),
        connected_at: active
            .iter()
            .map(|key| key.created_at)
            .min()
            .filter(|_| connected),
        ..untold(record)
    })
}

/// Its state, and why.
fn judge(
    active: &[ApiKeyRecord],
    ended: &[ApiKeyRecord],
    blocked: bool,
    requested: bool,
) -> (ConnectionState, Option<&'static str>) {
    use ConnectionState as State;
    let called = active.iter().filter_map(|key| key.last_used_at).max();
    let called_dead = ended.iter().filter_map(called_after_its_end).max();
    if blocked && !(active.is_empty() && ended.is_empty()) {
        let why = "Greenhouse refuses our keys when we tell it of results: make a key and give it to Greenhouse";
        return (State::NeedsAttention, Some(why));
    }
    if called_dead.is_some_and(|dead| called.is_none_or(|called| dead > called)) {
        let why = "Greenhouse calls with a key that has ended: give it an active one";
        return (State::NeedsAttention, Some(why));
    }
    match (active.is_empty(), called) {
        (false, Some(_)) => (State::Connected, None),
        (false, None) => (
            State::Waiting,
            Some("waiting for Greenhouse's first call with the key"),
        ),
        (true, _) if requested => (
            State::Requested,
            Some("whoever runs this server was asked to set it up; you are told by mail"),
        ),
        (true, _) if ended.is_empty() => (State::NotConfigured, None),
        (true, _) => (State::Disconnected, None),
    }
}

/// When a key that has ended was last called with, if that was after its end.
fn called_after_its_end(key: &ApiKeyRecord) -> Option<chrono::DateTime<chrono::Utc>> {
    key.last_used_at
        .filter(|at| key.ends_at.is_some_and(|end| *at >= end))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use domain::ApiKeyScope;

    use super::*;

    fn key(ends_at: Option<i64>, used_at: Option<i64>) -> ApiKeyRecord {
        let at = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).expect("a moment");
        ApiKeyRecord {
            id: uuid::Uuid::nil().into(),
            organization: uuid::Uuid::nil().into(),
            kind: ApiKeyKind::GreenhouseAssessment,
            name: "Greenhouse".into(),
            scopes: vec![ApiKeyScope::Assess],
            public_id: "a".into(),
            secret_hash: Vec::new(),
            encrypted_key: None,
            created_at: at(0),
            ends_at: ends_at.map(at),
            last_used_at: used_at.map(at),
        }
    }

    #[test]
    fn its_state_follows_from_keys_and_calls() {
        use ConnectionState as State;
        let state = |active: &[ApiKeyRecord], ended: &[ApiKeyRecord], blocked| {
            judge(active, ended, blocked, false).0
        };
        assert_eq!(state(&[], &[], false), State::NotConfigured);
        assert_eq!(state(&[key(None, None)], &[], false), State::Waiting);
        assert_eq!(state(&[key(None, Some(5))], &[], false), State::Connected);
        assert_eq!(
            state(&[key(None, Some(5))], &[], true),
            State::NeedsAttention
        );
        assert_eq!(
            state(&[], &[key(Some(5), Some(4))], false),
            State::Disconnected
        );
        assert_eq!(
            state(&[], &[key(Some(5), Some(6))], false),
            State::NeedsAttention
        );
        let (new, old) = (key(None, Some(9)), key(Some(5), Some(6)));
        assert_eq!(state(&[new], &[old], false), State::Connected);
        assert_eq!(judge(&[], &[], false, true).0, State::Requested);
    }
}
