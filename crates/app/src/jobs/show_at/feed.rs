//! A candidate's feed in Greenhouse: a note for each final revision.

use std::time::Duration;

use ats::Shown;
use ats::greenhouse::harvest::{
    Feed, FeedSubject, Visibility, result_note, result_reference, visibility,
};
use domain::{Receipt, Status};
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
    text: String,
    reference: String,
    revision: i32,
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
    let mut view = view(record, app.now());
    if view.invite.status == Status::Completed && view.final_result().is_none() {
        // What is revised provisionally after completion is not for recruiters: the final one is.
        view.invite.result = invites::final_revision(conn, organization, record.invite.id)?;
    }
    let owner = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let links = Links::of(app, &owner)?;
    let result_url = links.granted_result_url(record.invite.id, record.grant_number);
    let subject = FeedSubject::parse(&place.place.subject)
        .ok_or(Error::Internal("a place in Greenhouse can be read"))?;
    let revision = view.revision();
    Ok(Due {
        wait: subject.wait(revision, app.now()),
        subject,
        text: result_note(&view, &result_url),
        reference: result_reference(&view),
        revision,
        visibility: visibility(owner.organization.note_visibility),
    })
}

/// Shows it. A repeat does no harm: the note is looked for first.
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
        text: &due.text,
        reference: &due.reference,
        revision: due.revision,
    };
    let begin = async |begun| begin(tools, held, place, &begun).await;
    let shown = feed.show(&due.subject, tools.app.now(), begin).await;
    shown.ok_or_else(Held::lost)
}

/// Keeps that a note is about to be made: whoever comes after us looks for it first. Not where somebody else has been at it.
async fn begin(tools: &Tools, held: &Held, place: &PlaceRecord, begun: &FeedSubject) -> bool {
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
