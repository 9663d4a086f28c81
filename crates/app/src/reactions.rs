//! What follows from what happened: the one table from events to jobs.
//!
//! | event | what follows |
//! |---|---|
//! | created, where Baton mails | the invitation |
//! | resent | one more mail with the same link |
//! | extended, where Baton mails | one more mail |
//! | reset, where Baton mails and the ask did not come from Greenhouse | the new attempt's invitation |
//! | reset | earlier write-backs are forgotten: the new attempt calls for its own |
//! | created, any change of status or result | for each place that calls for it, a write-back |

use chrono::{DateTime, Utc};
use domain::{Event, InviteId, InviteView, OrganizationId, Origin, Writeback};
use storage::events::EventRecord;
use storage::invites::{EmailState, InviteRecord};
use storage::places::PlaceRecord;

use crate::App;
use crate::changes::Changes;
use crate::jobs::{MailInvite, ShowAt};
use crate::mails::{MailId, Occasion};

/// Adds to `changes` the facts that `events` are for the timeline of `record`, and the work they call for.
pub(crate) fn react(
    app: &App,
    now: DateTime<Utc>,
    record: &mut InviteRecord,
    places: &[PlaceRecord],
    events: &[Event],
    changes: &mut Changes,
) {
    for event in events {
        changes.events.push(fact(app, now, record, event));
        if let Some(occasion) = mail_for(record, event) {
            record.email_state = EmailState::Queued;
            let mail = MailId::of(&record.invite, occasion);
            let organization = record.invite.organization;
            changes
                .jobs
                .push(MailInvite::job(app, now, organization, mail));
        }
    }
    if events.contains(&Event::Reset) {
        let invite = &record.invite;
        changes.forgotten.push((invite.organization, invite.id));
    }
    if events.iter().any(changes_what_is_shown) {
        show(app, now, record, places, changes);
    }
}

fn mail_for(record: &InviteRecord, event: &Event) -> Option<Occasion> {
    let from_greenhouse = record.invite.origin == Origin::Greenhouse;
    match event {
        Event::Created if record.mails => Some(Occasion::Invitation),
        Event::Reset if record.mails && !from_greenhouse => Some(Occasion::Invitation),
        Event::Extended { number } if record.mails => Some(Occasion::Resend(*number)),
        Event::Resent { number } => Some(Occasion::Resend(*number)),
        _ => None,
    }
}

fn changes_what_is_shown(event: &Event) -> bool {
    !matches!(event, Event::Resent { .. } | Event::Extended { .. })
}

fn show(
    app: &App,
    now: DateTime<Utc>,
    record: &InviteRecord,
    places: &[PlaceRecord],
    changes: &mut Changes,
) {
    if places.is_empty() {
        return;
    }
    let view = view(record, now);
    let calling = places
        .iter()
        .filter(|record| ats::calls_for(&record.place, &view, record.writeback.as_ref()));
    for place in calling {
        call_for(app, now, record, &view, place, changes);
    }
}

/// A write-back at `place`, and the job that makes it.
pub(crate) fn call_for(
    app: &App,
    now: DateTime<Utc>,
    record: &InviteRecord,
    view: &InviteView,
    place: &PlaceRecord,
    changes: &mut Changes,
) {
    let target = place.place.target;
    let writeback = Writeback::pending(target, ats::number(target, view), now);
    changes.writebacks.push((place.clone(), writeback));
    // Where nobody says of which trace the change is, it is part of the ask's.
    let job = ShowAt::job(app, now, place).or_in_trace(record.ats.traceparent.as_ref());
    changes.jobs.push(job);
}

/// What of `record` an ATS may show at `now`.
pub(crate) fn view(record: &InviteRecord, now: DateTime<Utc>) -> InviteView {
    let mut invite = record.invite.clone();
    invite.status = invite.status_at(now);
    InviteView {
        invite,
        assessment_title: record.assessment_title.clone(),
        complete_on: record.complete_on,
    }
}

fn fact(app: &App, now: DateTime<Utc>, record: &InviteRecord, event: &Event) -> EventRecord {
    use serde_json::json;
    let detail = match event {
        Event::Submitted { time_ran_out } => json!({ "time_ran_out": time_ran_out }),
        Event::Revised { revision, is_final } => json!({ "revision": revision, "final": is_final }),
        Event::Cancelled { reason } => json!({ "reason": reason }),
        Event::Reset => json!({ "attempt": record.invite.attempt.number }),
        Event::Created => json!({ "origin": record.invite.origin, "mails": record.mails }),
        Event::Extended { .. } => json!({ "expires_at": record.invite.expires_at }),
        Event::Started | Event::Completed | Event::Expired | Event::Resent { .. } => json!({}),
    };
    note(app, now, record, event.name(), detail)
}

/// One fact for the timeline of `record`.
pub(crate) fn note(
    app: &App,
    now: DateTime<Utc>,
    record: &InviteRecord,
    name: &str,
    detail: serde_json::Value,
) -> EventRecord {
    let invite = &record.invite;
    note_about(app, now, (invite.organization, invite.id), name, detail)
}

/// One fact for the timeline of an invite, or of what is kept beside invites under an id of its own.
pub(crate) fn note_about(
    app: &App,
    now: DateTime<Utc>,
    (organization, of): (OrganizationId, InviteId),
    name: &str,
    detail: serde_json::Value,
) -> EventRecord {
    EventRecord {
        id: app.draw(),
        organization,
        invite: Some(of),
        name: name.to_owned(),
        detail,
        at: now,
    }
}
