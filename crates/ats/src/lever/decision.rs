//! Whether an opportunity in Lever brings invitations: decided from what Lever says of it now, and from what we did before.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AssessmentId, Email, InviteId, Status};

use super::opportunity::{Move, Seen};
use super::reason::Reason;
use super::tags::Level;
use super::titles::{Match, Named, Titled, named};

/// A move so long ago brings no mail: whoever connects again after a long time writes to nobody out of the blue.
pub const REACHES_BACK: TimeDelta = TimeDelta::days(7);

/// A stage into which a move calls for invitations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The stage.
    pub stage: String,
    /// Only moves after this moment count, by Lever's clock.
    pub configured_at: DateTime<Utc>,
}

/// An invite that came of the opportunity before: of each assessment the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Which.
    pub invite: InviteId,
    /// To which assessment.
    pub assessment: AssessmentId,
    /// Its status now.
    pub status: Status,
    /// What its status tag says.
    pub level: Level,
    /// The title that its status tags carry.
    pub title: String,
    /// When the opportunity entered the stage that time, by Lever's clock.
    pub entered_at: DateTime<Utc>,
    /// Was its status tag seen in place?
    pub is_tagged: bool,
    /// Is the tag that called for it one that stays whatever we do?
    pub is_sticky: bool,
}

impl Earlier {
    fn is_open(&self) -> bool {
        matches!(self.status, Status::Invited | Status::Started)
    }
}

/// What is known on our side.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The trigger stages.
    pub triggers: &'a [Trigger],
    /// When Lever was connected, by Lever's clock. A grant that goes on where a broken one ended leaves this moment.
    pub connected_at: DateTime<Utc>,
    /// The present, by Lever's clock.
    pub now: DateTime<Utc>,
    /// The published assessments.
    pub published: &'a [Titled],
    /// What came of this opportunity before.
    pub earlier: &'a [Earlier],
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new invite, in the place of an earlier one that is over, where there is one.
    Invite {
        /// To what, and by which tag.
        by: Match,
        /// Whose place it takes.
        instead_of: Option<InviteId>,
        /// When the opportunity entered the stage, by Lever's clock.
        entered_at: DateTime<Utc>,
    },
    /// The same link once more.
    Resend {
        /// Of which invite.
        invite: InviteId,
        /// By which tag.
        by: Match,
        /// When the opportunity entered the stage this time, by Lever's clock.
        entered_at: DateTime<Utc>,
    },
    /// Nothing, and why.
    Nothing(Reason),
}

/// Decides what an opportunity calls for, by title; never empty. The same look again, or a later one after the same move, calls
/// for nothing more.
pub fn decide(seen: &Seen, known: &Known<'_>) -> Vec<Outcome> {
    let entered_at = match entered(seen, known) {
        Ok(entered_at) => entered_at,
        Err(reason) => return vec![Outcome::Nothing(reason)],
    };
    let ours: Vec<String> = known
        .earlier
        .iter()
        .map(|earlier| earlier.level.tag(&earlier.title))
        .collect();
    let named = named(&seen.tags, known.published, &ours);
    if named.matches.is_empty() && named.ambiguous.is_empty() {
        return unmatched(known);
    }
    outcomes(seen, known, named, entered_at)
}

/// When the opportunity was newly moved into a trigger stage, if that is what happened.
fn entered(seen: &Seen, known: &Known<'_>) -> Result<DateTime<Utc>, Reason> {
    if seen.is_archived {
        return Err(Reason::Archived);
    }
    if seen.is_anonymized {
        return Err(Reason::Anonymized);
    }
    if !seen.may_be_contacted {
        return Err(Reason::MayNotBeContacted);
    }
    if known.triggers.is_empty() {
        return Err(Reason::NoTriggerStages);
    }
    let trigger = known
        .triggers
        .iter()
        .find(|trigger| seen.stage.as_ref() == Some(&trigger.stage))
        .ok_or(Reason::MovedOn)?;
    newly_moved(seen.moves.last(), trigger, known)
}

/// All of these moments are by Lever's own clock.
fn newly_moved(
    last: Option<&Move>,
    trigger: &Trigger,
    known: &Known<'_>,
) -> Result<DateTime<Utc>, Reason> {
    let last = last
        .filter(|last| last.to == trigger.stage)
        .ok_or(Reason::NoMove)?;
    if last.at <= trigger.configured_at {
        return Err(Reason::AlreadyThere);
    }
    if last.at <= known.connected_at {
        return Err(Reason::NotConnected);
    }
    if last.at <= known.now - REACHES_BACK {
        return Err(Reason::TooLongAgo);
    }
    Ok(last.at)
}

fn unmatched(known: &Known<'_>) -> Vec<Outcome> {
    if known.earlier.is_empty() {
        return vec![Outcome::Nothing(Reason::NoTag)];
    }
    let mut titles: Vec<_> = known.earlier.iter().map(|it| it.title.clone()).collect();
    titles.sort();
    let nothing = |title| Outcome::Nothing(Reason::AlreadyInvited(title));
    titles.into_iter().map(nothing).collect()
}

fn outcomes(
    seen: &Seen,
    known: &Known<'_>,
    named: Named,
    entered_at: DateTime<Utc>,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for by in named.matches {
        let earlier = known
            .earlier
            .iter()
            .find(|earlier| earlier.assessment == by.assessment);
        let outcome = match earlier {
            None => invite(by, None, entered_at),
            Some(earlier) => again(seen, earlier, by, entered_at),
        };
        let outcome = addressed(seen, outcome);
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    let ambiguous = named.ambiguous.into_iter().map(Reason::Ambiguous);
    outcomes.extend(ambiguous.map(Outcome::Nothing));
    outcomes
}

fn invite(by: Match, instead_of: Option<InviteId>, entered_at: DateTime<Utc>) -> Outcome {
    Outcome::Invite {
        by,
        instead_of,
        entered_at,
    }
}

/// What the plain title asks for where there is an invite already. Only the recruiter's own hand counts: the opportunity came in
/// again, our status tag had been in place, and is gone.
fn again(seen: &Seen, earlier: &Earlier, by: Match, entered_at: DateTime<Utc>) -> Outcome {
    let title = earlier.title.clone();
    if entered_at <= earlier.entered_at {
        return Outcome::Nothing(Reason::AlreadyInvited(title));
    }
    if earlier.is_sticky {
        return Outcome::Nothing(Reason::Inherited(by.tag));
    }
    if !earlier.is_tagged {
        return Outcome::Nothing(Reason::NotYetTagged(by.tag));
    }
    let mut status_tags = Level::ALL.into_iter().map(|level| level.tag(&title));
    if let Some(tag) = status_tags.find(|tag| seen.tags.contains(tag)) {
        let title = by.title;
        return Outcome::Nothing(Reason::StatusTagStands { title, tag });
    }
    if earlier.is_open() {
        let invite = earlier.invite;
        return Outcome::Resend {
            invite,
            by,
            entered_at,
        };
    }
    invite(by, Some(earlier.invite), entered_at)
}

/// An invitation needs an address; the first is the one.
fn addressed(seen: &Seen, outcome: Outcome) -> Outcome {
    match (&outcome, seen.emails.first()) {
        (Outcome::Invite { .. }, None) => Outcome::Nothing(Reason::NoEmail),
        (Outcome::Invite { .. }, Some(email)) if Email::parse(email).is_err() => {
            Outcome::Nothing(Reason::EmailUnusable)
        }
        _ => outcome,
    }
}
