//! A candidate's feed in Greenhouse: a note for each final revision.

use std::time::Duration;

use ats::Shown;
use ats::greenhouse::harvest::{
    Feed, FeedSubject, Looked, ResultNote, Visibility, result_note, result_reference, visibility,
};
use chrono::{DateTime, Utc};
use domain::{Receipt, Revision};
use jobs::{Held, Verdict};
use storage::invites::InviteRecord;
use storage::places::{self, PlaceRecord};
use storage::{AnyConnection, invites, organizations};

use super::{Names, place_of};
use crate::circuits::FarSide;
use crate::connections::{HARVEST_PARKED, PARKED_FOR, harvest_client};
use crate::links::Links;
use crate::reactions::view;
use crate::worker::Tools;
use crate::{App, Error, Result};

/// Under which names work waits. Whoever connects Harvest anew wakes what is blocked.
pub(in crate::jobs) const NAMES: Names = Names {
    connection: HARVEST_PARKED,
    throttle: "greenhouse_harvest throttle",
    blocked: PARKED_FOR,
    side: Some(FarSide::HARVEST),
};

/// What is needed to show the result.
#[derive(Debug)]
pub(super) struct Due {
    subject: FeedSubject,
    /// The oldest revision that needs a note, and the newer ones.
    notes: (ResultNote, Vec<ResultNote>),
    visibility: Visibility,
    /// How long a note that was begun may still be on its way.
    wait: Option<Duration>,
}

impl Due {
    /// Is Harvest called for it?
    pub(super) fn calls(&self) -> bool {
        self.wait.is_none()
    }
}

/// What there is to show now.
pub(super) fn due(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    place: &PlaceRecord,
) -> Result<Due> {
    let organization = record.invite.organization;
    let owner = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let links = Links::of(app, &owner)?;
    let result_url = links.granted_result_url(record.invite.id, record.grant_number);
    let subject = FeedSubject::parse(&place.place.subject)
        .ok_or(Error::Internal("a place in Greenhouse can be read"))?;
    let invite = record.invite.id;
    let mut revisions = invites::final_revisions(conn, organization, invite, subject.after)?;
    if revisions.is_empty() {
        // Somebody wants it looked at once more.
        revisions.extend(invites::final_revision(conn, organization, invite)?);
    }
    let mut notes = revisions
        .into_iter()
        .map(|revision| result_of(record, revision, &result_url, app.now()));
    let first = notes
        .next()
        .ok_or(Error::Internal("a result that is shown is there"))?;
    Ok(Due {
        wait: subject.wait(first.revision, app.now()),
        subject,
        notes: (first, notes.collect()),
        visibility: visibility(owner.organization.note_visibility),
    })
}

/// The note of a revision.
fn result_of(
    record: &InviteRecord,
    revision: Revision,
    result_url: &str,
    now: DateTime<Utc>,
) -> ResultNote {
    let mut view = view(record, now);
    view.invite.result = Some(revision);
    ResultNote {
        revision: view.revision(),
        text: result_note(&view, result_url),
        reference: result_reference(&view),
    }
}

/// Shows it. A repeat does no harm: each note is looked for first.
///
/// # Errors
/// What to answer where it was not tried.
pub(super) async fn show(
    tools: &Tools,
    held: &Held,
    place: &PlaceRecord,
    due: &Due,
) -> Result<Shown, Verdict> {
    if let Some(wait) = due.wait {
        let why = "the note may still be on its way to Greenhouse";
        return Err(Verdict::wait(why, wait));
    }
    let client = match harvest_client(&tools.app, held.organization).await {
        Ok(client) => client,
        Err(Error::Conflict { message, .. }) => {
            return Ok(Receipt::Blocked { detail: message }.into());
        }
        Err(error) => return Err(Verdict::retry(error)),
    };
    let feed = Feed {
        client: &client,
        visibility: &due.visibility,
    };
    let mut kept = place.clone();
    let (first, others) = &due.notes;
    let mut shown = show_one(tools, held, &feed, (&mut kept, &due.subject), first).await?;
    for note in others {
        let subject = shown.subject.as_deref().and_then(FeedSubject::parse);
        let (Some(known), Receipt::Sent { .. }) = (subject, &shown.receipt) else {
            break;
        };
        shown = show_one(tools, held, &feed, (&mut kept, &known), note).await?;
    }
    Ok(shown)
}

/// Shows one note. `kept` is the place as the database has it, `known` what is known of it now.
async fn show_one(
    tools: &Tools,
    held: &Held,
    feed: &Feed<'_>,
    (kept, known): (&mut PlaceRecord, &FeedSubject),
    note: &ResultNote,
) -> Result<Shown, Verdict> {
    let begun = match feed.look(known, note, tools.app.now()).await {
        Looked::Shown(shown) => return Ok(shown),
        Looked::Write(begun) => begun,
    };
    if !keep_begun(tools, held, kept, &begun).await {
        return Err(Held::lost());
    }
    kept.place.subject = begun.to_text();
    Ok(feed.write(&begun, note).await)
}

/// Keeps that a note is about to be written. Not where somebody else has been at it.
async fn keep_begun(tools: &Tools, held: &Held, place: &PlaceRecord, begun: &FeedSubject) -> bool {
    let (before, text) = (place.clone(), begun.to_text());
    let kept = tools.app.write(move |_, conn| {
        let present = place_of(conn, &before)?;
        if present.is_none_or(|present| present.place.subject != before.place.subject) {
            return Ok(false);
        }
        let (organization, invite) = (before.organization, before.invite);
        places::set_subject(conn, organization, invite, before.place.id, &text)?;
        Ok(true)
    });
    kept.await.unwrap_or(false) && held.may_still_act()
}
