//! An opportunity in Lever: its tags show where the invite is, a note the result.

use std::time::Duration;

use ats::Shown;
use ats::lever::{Lack, NoteSubject, Subject, TagsSubject, Writer};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionKind, InviteView, LeverSettings, Receipt, Status, Target, Writeback};
use jobs::{Held, Verdict};
use storage::invites::InviteRecord;
use storage::places::{self, PlaceRecord};
use storage::{AnyConnection, assessments, connections, invites, organizations};

use super::{Names, place_of};
use crate::circuits::FarSide;
use crate::connections::{PARKED, PARKED_FOR, lever_settings};
use crate::intake::THROTTLE;
use crate::links::Links;
use crate::reactions::view;
use crate::worker::Tools;
use crate::{App, Error, Result};

/// Under which names work waits. Whoever connects Lever anew wakes what is blocked.
pub(super) const NAMES: Names = Names {
    connection: PARKED,
    throttle: THROTTLE,
    blocked: PARKED_FOR,
    side: Some(FarSide::LEVER),
};

/// So long a dead worker's note may still be on its way: it waited for the allowance before the call, which may take 15 s.
const ON_ITS_WAY: TimeDelta = TimeDelta::seconds(30);

/// What is needed to show the invite.
#[derive(Debug)]
pub(super) struct Due {
    view: InviteView,
    settings: LeverSettings,
    /// What the connection was said to lack.
    said: Option<String>,
    what: What,
}

impl Due {
    /// Is Lever called for it?
    pub(super) fn calls(&self) -> bool {
        !matches!(
            self.what,
            What::Superseded | What::Note { wait: Some(_), .. }
        )
    }

    /// What was said to be lacking, and is not where Lever takes this.
    pub(super) fn doubted(&self) -> Option<Lack> {
        let lack = match self.what {
            What::Superseded => return None,
            What::Tags { .. } => Lack::Tags,
            What::Note { .. } => Lack::Notes,
        };
        (self.said == Some(lack.to_string())).then_some(lack)
    }
}

#[derive(Debug)]
enum What {
    /// A later invite to the same assessment shows its own tag there.
    Superseded,
    Tags {
        subject: TagsSubject,
        /// Those of the other published assessments.
        titles: Vec<String>,
    },
    Note {
        subject: NoteSubject,
        result_url: String,
        /// How long a note that was begun may still be on its way.
        wait: Option<Duration>,
    },
}

/// What there is to show now.
pub(super) fn due(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    place: &PlaceRecord,
    writeback: &Writeback,
) -> Result<Due> {
    let organization = record.invite.organization;
    let connection = connections::find(conn, organization, ConnectionKind::Lever)?;
    let mut view = view(record, app.now());
    if view.invite.status == Status::Completed && view.final_result().is_none() {
        // What is revised provisionally after completion is not for Lever: the note goes on showing the final one.
        view.invite.result = invites::final_revision(conn, organization, record.invite.id)?;
    }
    let what = match place.place.target {
        Target::LeverTags if record.ask_key.is_none() => What::Superseded,
        Target::LeverTags => tags(conn, record, place)?,
        _ => note(app, conn, record, place, writeback)?,
    };
    Ok(Due {
        view,
        settings: connection.as_ref().map(lever_settings).unwrap_or_default(),
        said: connection.and_then(|it| it.detail),
        what,
    })
}

fn tags(conn: &mut AnyConnection, record: &InviteRecord, place: &PlaceRecord) -> Result<What> {
    let titles = assessments::published(conn, &[record.invite.organization])?;
    let others = titles
        .into_iter()
        .filter(|(_, id, _)| *id != record.invite.assessment);
    Ok(What::Tags {
        subject: parsed(place)?,
        titles: others.map(|(_, _, title)| title).collect(),
    })
}

fn note(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    place: &PlaceRecord,
    writeback: &Writeback,
) -> Result<What> {
    let organization = organizations::find(conn, record.invite.organization)?
        .ok_or(Error::NotFound("organization"))?;
    let links = Links::of(app, &organization)?;
    let subject: NoteSubject = parsed(place)?;
    Ok(What::Note {
        wait: wait(&subject, writeback, app.now()),
        result_url: links.granted_result_url(record.invite.id, record.grant_number),
        subject,
    })
}

/// A worker that went away over a note may have sent it a moment ago; one that came back has said so in the receipt since.
fn wait(subject: &NoteSubject, writeback: &Writeback, now: DateTime<Utc>) -> Option<Duration> {
    let begun_at = subject.begun_at.filter(|_| subject.note.is_none())?;
    if writeback.detail.is_some() && writeback.at >= begun_at {
        return None;
    }
    (begun_at + ON_ITS_WAY - now)
        .to_std()
        .ok()
        .filter(|wait| !wait.is_zero())
}

fn parsed<S: Subject>(place: &PlaceRecord) -> Result<S> {
    S::parse(&place.place.subject).ok_or(Error::Internal("a place at Lever can be read"))
}

/// Shows it. A repeat does no harm: what is there is looked at first.
///
/// # Errors
/// What to answer where it was not tried.
pub(super) async fn show(
    tools: &Tools,
    held: &Held,
    place: &PlaceRecord,
    due: &Due,
) -> Result<Shown, Verdict> {
    let client = match &due.what {
        What::Superseded => {
            let detail = "a later invite to the same assessment shows its own tag".to_owned();
            return Ok(Receipt::Sent { detail }.into());
        }
        What::Note {
            wait: Some(wait), ..
        } => {
            let why = "the note may still be on its way to Lever";
            return Err(Verdict::wait(why, *wait));
        }
        _ => match crate::connections::lever_client(&tools.app, held.organization).await {
            Ok(client) => client,
            Err(Error::Conflict { message, .. }) => {
                return Ok(Receipt::Blocked { detail: message }.into());
            }
            Err(error) => return Err(Verdict::retry(error)),
        },
    };
    let may_act = || held.may_still_act();
    let shown = match &due.what {
        What::Superseded => None,
        What::Tags { subject, titles } => {
            Writer::new(&client, &subject.opportunity, &due.settings)
                .show_tags(subject, &due.view, titles, &may_act)
                .await
        }
        What::Note {
            subject,
            result_url,
            ..
        } => {
            Writer::new(&client, &subject.opportunity, &due.settings)
                .show_note(
                    subject,
                    &due.view,
                    result_url,
                    begin(tools, held, place, subject),
                )
                .await
        }
    };
    shown.ok_or_else(Held::lost)
}

/// Keeps that a note is about to be made: whoever comes after us looks for it first. Not where somebody else has been at it.
async fn begin(
    tools: &Tools,
    held: &Held,
    place: &PlaceRecord,
    subject: &NoteSubject,
) -> Option<NoteSubject> {
    let begun = NoteSubject {
        begun_at: Some(tools.app.now()),
        note: None,
        ..subject.clone()
    };
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
    let is_kept = kept.await.unwrap_or(false);
    (is_kept && held.may_still_act()).then_some(begun)
}
