//! One command on one invite: decided by the domain, stored with all that follows from it.

use chrono::{DateTime, Utc};
use domain::{Command, Event, Refusal, Transition, decide};
use storage::invites::InviteRecord;
use storage::{AnyConnection, organizations, places};

use super::feed::place_in_feed;
use crate::changes::Changes;
use crate::erasure::refuse_erased;
use crate::links::Links;
use crate::reactions::react;
use crate::{App, Error, Result};

/// Decides `command` on `record` and stores what it does; answers the invite as it then is. A repeat changes nothing.
///
/// # Errors
/// [`Error::Conflict`] where the state forbids it.
pub(crate) fn carry_out(
    app: &App,
    conn: &mut AnyConnection,
    record: InviteRecord,
    command: Command,
) -> Result<InviteRecord> {
    // Only time goes on for what is left of an erased person's invite.
    if !matches!(command, Command::Tick { .. }) {
        refuse_erased(&record.candidate)?;
    }
    let now = app.now();
    match decide(&record.invite, command, now) {
        Ok(transition) => apply(app, conn, record, transition, Changes::default(), now),
        Err(Refusal::Repeat) => Ok(record),
        Err(refusal) => Err(Error::conflict("invite_state", refusal.to_string())),
    }
}

/// Stores what `transition` does to `before`, together with `changes`; answers the invite as it then is.
///
/// # Errors
/// Those of the database.
pub(crate) fn apply(
    app: &App,
    conn: &mut AnyConnection,
    before: InviteRecord,
    transition: Transition,
    mut changes: Changes,
    now: DateTime<Utc>,
) -> Result<InviteRecord> {
    let (organization, id) = (before.invite.organization, before.invite.id);
    let mut record = InviteRecord {
        invite: transition.invite,
        ..before.clone()
    };
    let extended = |event: &Event| matches!(event, Event::Extended { .. });
    if transition.events.iter().any(extended) {
        // Its link may have been revoked while it was over.
        record.link_hash = new_link(app, conn, &record)?;
    }
    if record.invite.attempt.number != before.invite.attempt.number {
        record.link_hash = new_link(app, conn, &record)?;
        changes.buried.push(before);
    }
    if let Some(revision) = transition.revision {
        changes.revisions.push((organization, id, revision));
    }
    let mut places = places::of_invite(conn, organization, id)?;
    place_in_feed(
        app,
        conn,
        &record,
        &mut places,
        &transition.events,
        &mut changes,
    )?;
    react(
        app,
        now,
        &mut record,
        &places,
        &transition.events,
        &mut changes,
    );
    changes.changed.push(record.clone());
    changes.save(conn, now)?;
    record.edition += 1;
    Ok(record)
}

fn new_link(app: &App, conn: &mut AnyConnection, record: &InviteRecord) -> Result<Vec<u8>> {
    let organization = organizations::find(conn, record.invite.organization)?
        .ok_or(Error::NotFound("organization"))?;
    let links = Links::of(app, &organization)?;
    Ok(links.take_hash(record.invite.id, record.invite.attempt.number))
}
