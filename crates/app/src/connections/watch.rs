//! How connections fare: for metrics, and for people before it is too late.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionKind, GrantLife, Standing};
use storage::grants::Overdue;
use storage::{connect_links, connections, grants, oauth_states};

use super::facts::{GRANTED, facts};
use super::take::fact;
use crate::jobs::{About, tell_admins};
use crate::{AnyConnection, App, Result};

/// How many are told of in one unit of work.
const SLICE: i64 = 20;
/// How long links and ways back that are over are still known to have been there.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// Sets `baton_connections{kind,standing}`, `baton_connection_seconds_left{kind}` (until the first grant is lost if nothing is
/// done) and `baton_connection_refresh_failing_seconds{kind}` (for how long the one that fails longest has), and tells, once
/// each, of grants that end soon.
///
/// # Errors
/// Those of the database.
pub async fn watch(app: &App) -> Result<()> {
    for kind in GRANTED {
        watch_kind(app, kind).await?;
    }
    Ok(())
}

async fn watch_kind(app: &App, kind: ConnectionKind) -> Result<()> {
    let (counts, oldest) = app
        .read(move |_, conn| {
            let mut counts = Vec::new();
            for standing in Standing::ALL {
                counts.push((standing, connections::count(conn, kind, standing)?));
            }
            Ok((counts, grants::oldest(conn, kind)?))
        })
        .await?;
    for (standing, count) in counts {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        metrics::gauge!("baton_connections", "kind" => kind.as_str(), "standing" => standing.as_str())
            .set(count);
    }
    measure(kind, oldest, app.now());
    while app
        .write(move |app, conn| tell_of_ending(app, conn, kind))
        .await?
    {}
    Ok(())
}

fn measure(kind: ConnectionKind, oldest: grants::Oldest, now: DateTime<Utc>) {
    let seconds = |span: TimeDelta| u32::try_from(span.num_seconds()).unwrap_or_default();
    if let (Some(refreshed_at), Some(granted_at)) = (oldest.refreshed_at, oldest.granted_at) {
        let life = GrantLife {
            rules: facts(kind).rules,
            granted_at,
            refreshed_at,
            failing_since: None,
        };
        metrics::gauge!("baton_connection_seconds_left", "kind" => kind.as_str())
            .set(seconds(life.ends_at() - now));
    }
    let failing = oldest
        .failing_since
        .map_or(TimeDelta::zero(), |since| now - since);
    metrics::gauge!("baton_connection_refresh_failing_seconds", "kind" => kind.as_str())
        .set(seconds(failing));
}

/// Answers whether there may be more.
fn tell_of_ending(app: &App, conn: &mut AnyConnection, kind: ConnectionKind) -> Result<bool> {
    let now = app.now();
    let rules = facts(kind).rules;
    let soon = rules.idle / 4;
    let overdue = Overdue {
        idle_since: now - rules.idle + soon,
        given_before: rules.absolute.map(|absolute| now - absolute + soon),
        failing_since: rules.alarm.map(|alarm| now - alarm),
    };
    let ending = grants::ending(conn, kind, overdue, SLICE)?;
    for grant in &ending {
        if !grants::note_told(conn, grant.organization, grant.id)? {
            continue;
        }
        if let Some(record) = connections::find(conn, grant.organization, kind)? {
            fact(app, conn, &record, "connection.expiring")?;
            tell_admins(app, conn, &record, About::Ending)?;
        }
    }
    Ok(!ending.is_empty())
}

/// Forgets links and ways back that are long over.
///
/// # Errors
/// Those of the database.
pub async fn forget_old(app: &App) -> Result<()> {
    app.write(|app, conn| {
        let before = app.now() - REMEMBERED;
        oauth_states::forget_old(conn, before)?;
        Ok(connect_links::forget_old(conn, before)?)
    })
    .await
}
