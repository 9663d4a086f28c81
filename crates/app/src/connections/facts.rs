//! What is particular to each ATS that lets us in by a grant, and to nobody else.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{ConnectionKind, GrantRules};

use crate::App;

/// An ATS that gives grants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// What people call it.
    pub(super) people: &'static str,
    /// What a person is told to do when its grant is gone.
    pub(super) again: &'static str,
    /// Jobs that need it are parked under this name while it is not connected; a connection wakes them.
    pub(super) parked: &'static str,
    /// Does a refresh token that is used again at once give the next tokens once more?
    pub(super) gives_the_same_again: bool,
    /// How long it lets a grant live.
    pub(super) rules: GrantRules,
}

/// Lever: 90 idle days, a year in all.
const LEVER: Facts = Facts {
    people: "Lever",
    again: "log in to Lever again",
    parked: "lever",
    gives_the_same_again: true,
    rules: GrantRules {
        idle: TimeDelta::days(90),
        absolute: Some(TimeDelta::days(365)),
        alarm: None,
    },
};

/// Greenhouse's Harvest: a refresh token lives for 24 hours, so that four hours of failure are a sixth of all the time there is.
const HARVEST: Facts = Facts {
    people: "Greenhouse",
    again: "connect to Greenhouse again",
    parked: "greenhouse_harvest",
    gives_the_same_again: false,
    rules: GrantRules {
        idle: TimeDelta::hours(24),
        absolute: None,
        alarm: Some(TimeDelta::hours(4)),
    },
};

/// The kinds that have grants.
pub(super) const GRANTED: [ConnectionKind; 2] =
    [ConnectionKind::GreenhouseHarvest, ConnectionKind::Lever];

/// Those of a kind. What Greenhouse calls with keys has no grant, and is asked for none.
pub(super) fn facts(kind: ConnectionKind) -> Facts {
    match kind {
        ConnectionKind::Lever => LEVER,
        ConnectionKind::GreenhouseHarvest | ConnectionKind::GreenhouseAssessment => HARVEST,
    }
}

/// A grant that was idle for so long is refreshed.
pub(super) fn keep_alive_after(app: &App, kind: ConnectionKind) -> TimeDelta {
    let config = app.config();
    let (wanted, otherwise): (Duration, _) = match kind {
        ConnectionKind::Lever => (config.lever.keep_alive, TimeDelta::days(7)),
        _ => (config.harvest.keep_alive, TimeDelta::hours(6)),
    };
    TimeDelta::from_std(wanted).unwrap_or(otherwise)
}

/// Is a code bound to a verifier (PKCE)? Neither ATS documents it.
pub(super) fn uses_verifier(app: &App, kind: ConnectionKind) -> bool {
    match kind {
        ConnectionKind::Lever => app.config().lever.pkce,
        _ => app.config().harvest.pkce,
    }
}
