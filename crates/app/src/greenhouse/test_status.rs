//! `test_status`: the hot read. Reading changes nothing that Greenhouse could see; that it read is a receipt of ours.
//! Calls that come together share their statements.

use std::collections::{HashMap, HashSet};

use domain::{InviteId, InviteView, OrganizationId, Status, Target};
use storage::{AnyConnection, GroupedRead, events, invites, places};

use super::{Answered, links};
use crate::access::{GreenhouseKey, GreenhouseKeys};
use crate::reactions::{note, view};
use crate::{App, Error, Result};

/// What Greenhouse reads of one invite.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The invite as it may be shown.
    pub view: InviteView,
    /// Where its result is read, with the grant; none while it is not finished.
    pub result_url: Option<String>,
    /// Is this the first time that it is read as finished?
    pub is_news: bool,
    grant_number: i32,
}

/// One `test_status`.
#[derive(Debug)]
pub(crate) struct TestStatus {
    app: App,
    key: GreenhouseKey,
    invite: InviteId,
}

/// Looks up what Greenhouse may read.
///
/// # Errors
/// [`Error::Unauthorized`], and those of the database. The outcome is [`Error::NotFound`] where the organization has no
/// such invite.
pub async fn test_status(
    app: &App,
    key: GreenhouseKey,
    invite: InviteId,
) -> Result<Answered<Reading>> {
    let asked = TestStatus {
        app: app.clone(),
        key,
        invite,
    };
    app.test_status_lane().ask(asked).await?
}

impl GroupedRead for TestStatus {
    type Reply = Result<Answered<Reading>>;

    fn answer(conn: &mut AnyConnection, calls: &[&Self]) -> storage::Result<Vec<Self::Reply>> {
        let app = &calls[0].app;
        let mut keys = GreenhouseKeys::load(app, conn, calls.iter().map(|call| &call.key))?;
        let callers: Vec<_> = calls.iter().map(|call| keys.admit(&call.key)).collect();
        let wanted = callers.iter().zip(calls).filter_map(|(caller, call)| {
            let caller = caller.as_ref().ok()?;
            Some((caller.organization, call.invite))
        });
        let readings = read(app, conn, wanted.collect())?;
        let answers = callers.into_iter().zip(calls).map(|(caller, call)| {
            let caller = caller?;
            let reading = readings.get(&(caller.organization, call.invite));
            let outcome = match reading {
                Some(reading) if reading.view.is_finished() && reading.result_url.is_none() => {
                    Err(Error::Internal("no link to a result can be made"))
                }
                found => found.cloned().ok_or(Error::NotFound("interview")),
            };
            Ok(Answered { caller, outcome })
        });
        Ok(answers.collect())
    }
}

type Named = (OrganizationId, InviteId);

/// What there is to read of those that are there.
fn read(
    app: &App,
    conn: &mut AnyConnection,
    wanted: HashSet<Named>,
) -> storage::Result<HashMap<Named, Reading>> {
    let wanted: Vec<Named> = wanted.into_iter().collect();
    let mut readings = HashMap::with_capacity(wanted.len());
    if wanted.is_empty() {
        return Ok(readings);
    }
    let now = app.now();
    for record in invites::among(conn, &wanted)? {
        let reading = Reading {
            view: view(&record, now),
            result_url: None,
            is_news: false,
            grant_number: record.grant_number,
        };
        readings.insert((record.invite.organization, record.invite.id), reading);
    }
    let finished: Vec<Named> = readings
        .iter()
        .filter(|(_, reading)| reading.view.is_finished())
        .map(|(named, _)| *named)
        .collect();
    if !finished.is_empty() {
        finish(app, conn, &finished, &mut readings)?;
    }
    Ok(readings)
}

/// Adds what is read of finished ones alone: the final result, the link to it, and whether it is news.
fn finish(
    app: &App,
    conn: &mut AnyConnection,
    finished: &[Named],
    readings: &mut HashMap<Named, Reading>,
) -> storage::Result<()> {
    let links = links(
        app,
        conn,
        finished.iter().map(|(organization, _)| *organization),
    )?;
    let unseen: HashSet<InviteId> = places::unseen_among(conn, finished)?.into_iter().collect();
    for (organization, invite) in finished {
        let Some(reading) = readings.get_mut(&(*organization, *invite)) else {
            continue;
        };
        let view = &mut reading.view;
        if view.invite.status == Status::Completed && view.final_result().is_none() {
            // What the vendor revises provisionally after completion is not for Greenhouse: it goes on reading the final one.
            view.invite.result = invites::final_revision(conn, *organization, *invite)?;
        }
        reading.result_url = links
            .get(organization)
            .map(|links| links.granted_result_url(*invite, reading.grant_number));
        reading.is_news = unseen.contains(invite);
    }
    Ok(())
}

/// Keeps the receipt: Greenhouse has read the invite as finished.
///
/// # Errors
/// Those of the database.
pub fn note_seen(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invite: InviteId,
) -> Result<()> {
    let now = app.now();
    let target = Target::GreenhouseStatus;
    if !places::note_seen(conn, organization, invite, target, now)? {
        return Ok(());
    }
    if let Some(record) = invites::find(conn, organization, invite)? {
        let detail = serde_json::json!({ "target": target.as_str() });
        events::insert(conn, &[note(app, now, &record, "writeback.seen", detail)])?;
    }
    Ok(())
}
