//! Passes a candidate on to Greenhouse, once interviewer and candidate have both said yes.

mod due;
mod keep;

use std::time::Duration;

use ats::Shown;
use ats::greenhouse::harvest::{Client, Made, Next, Referred, Referring, Steps, author};
use chrono::{DateTime, Utc};
use domain::{OrganizationId, Receipt, ReferralId, WritebackState};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::AnyConnection;
use storage::jobs::NewJob;
use storage::referrals::{self, ReferralRecord};

use self::due::{Due, Found, due};
use self::keep::{Kept, conclude, finish, keep, keep_steps};
use crate::circuits::FarSide;
use crate::connections::harvest_client;
use crate::jobs::why_given_up;
use crate::worker::Tools;
use crate::{App, Error};

pub(crate) use self::keep::PARKED;

/// How long to leave a person alone whom another interview may be making at this moment.
const BEING_MADE: Duration = Duration::from_secs(30);
/// More steps than there are: whoever takes so many goes in a circle.
const STEPS_MAX: usize = 40;

/// Passes one candidate on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendReferral {
    referral: ReferralId,
}

impl Job for SendReferral {
    const KIND: &'static str = "send_referral";
}

impl SendReferral {
    /// The job for `record`. Those of one person are done one after the other: two at once might make the person twice.
    pub(crate) fn job(app: &App, now: DateTime<Utc>, record: &ReferralRecord) -> NewJob {
        let job = Self {
            referral: record.id,
        };
        job.queued(app.draw(), record.organization, record.id.to_string(), now)
            .in_order(format!("refer {}", record.candidate_id))
    }
}

impl Handler<Tools> for SendReferral {
    /// A repeat does no harm: each step is written down before it is taken, and what may have been made is looked for first.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (app, organization, id) = (&tools.app, held.organization, self.referral);
        let found = app
            .read(move |app, conn| due(app, conn, organization, id))
            .await;
        let due = match found {
            Ok(Found::Due(due)) => *due,
            Ok(Found::Nothing) => return Verdict::Done,
            Ok(Found::BeingMade) => {
                let why = "the candidate may be on the way to Greenhouse for another interview";
                return Verdict::wait(why, BEING_MADE);
            }
            Ok(Found::Blocked(detail)) => {
                return conclude(app, held, id, None, Receipt::Blocked { detail }.into()).await;
            }
            Err(error) => return Verdict::retry(error),
        };
        if FarSide::is_in_doubt(due.failing.as_ref()) {
            match keep::is_left_alone(app, held, id).await {
                Ok(false) => {}
                Ok(true) => return Verdict::Finished,
                Err(error) => return Verdict::retry(error),
            }
        }
        let client = match harvest_client(app, organization).await {
            Ok(client) => client,
            Err(Error::Conflict { message, .. }) => {
                let shown = Receipt::Blocked { detail: message }.into();
                return conclude(app, held, id, None, shown).await;
            }
            Err(error) => return Verdict::retry(error),
        };
        match pass_on(app, held, &client, &due).await {
            Ok(verdict) => verdict,
            Err(shown) => conclude(app, held, id, due.failing.as_ref(), shown).await,
        }
    }

    /// It has failed for good, for all to see.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let Some(record) = due::record(conn, held.organization, self.referral)? else {
            return Ok(());
        };
        let detail = why_given_up(reason);
        keep(&tools.app, conn, record, Receipt::Failed { detail })
    }
}

/// Takes step after step.
///
/// # Errors
/// What is to be shown where one could not be taken.
async fn pass_on(app: &App, held: &Held, client: &Client, due: &Due) -> Result<Verdict, Shown> {
    let author = author(client, &due.created_by_email).await?;
    // A walk of many calls of which one fails is no far side that fails in a row: it has just answered.
    keep::answered(app, held.organization, due.failing.as_ref()).await;
    let referred = Referred {
        author,
        candidate: due.record.candidate.clone(),
        job: due.job(),
        note: due.note.clone(),
        reference: due.reference.clone(),
        visibility: due.visibility.clone(),
    };
    let walk = Walk {
        app,
        held,
        id: due.record.id,
        referring: Referring::new(client, &referred),
    };
    walk.all(due.steps.clone(), due.record.steps.clone()).await
}

/// One candidate's way.
struct Walk<'a> {
    app: &'a App,
    held: &'a Held,
    id: ReferralId,
    referring: Referring<'a>,
}

impl Walk<'_> {
    /// `kept`: the steps as they are kept, which nobody else has changed since.
    async fn all(&self, mut steps: Steps, mut kept: String) -> Result<Verdict, Shown> {
        for _ in 0..STEPS_MAX {
            if !self.held.may_still_act() {
                return Ok(Held::lost());
            }
            let next = self.referring.step(&steps, self.app.now()).await?;
            let (after, making) = match next {
                Next::Done(steps) => return Ok(self.end(&steps, kept).await),
                Next::Wait(steps, wait) => return Ok(self.wait(&steps, &kept, wait).await),
                Next::Known(steps) => (steps, None),
                Next::Make(steps, making) => (steps, Some(making)),
            };
            kept = match self.keep(&after, &kept, making.is_some()).await {
                Ok(kept) => kept,
                Err(verdict) => return Ok(verdict),
            };
            steps = after;
            let Some(making) = making else { continue };
            if !self.held.may_still_act() {
                return Ok(Held::lost());
            }
            let (after, trouble) = match self.referring.make(&steps, making).await {
                Made::Known(steps) => (steps, None),
                Made::Not(steps, shown) => (steps, Some(shown)),
                Made::Perhaps(shown) => return Err(shown),
            };
            kept = match self.keep(&after, &kept, false).await {
                Ok(kept) => kept,
                Err(verdict) => return Ok(verdict),
            };
            steps = after;
            if let Some(shown) = trouble {
                return Err(shown);
            }
        }
        Ok(Verdict::retry("passing the candidate on goes in a circle"))
    }

    /// Keeps what is known; the steps as they are kept then, or what to answer where there is nothing more to do.
    async fn keep(&self, steps: &Steps, kept: &str, begins: bool) -> Result<String, Verdict> {
        let text = steps.to_text();
        if text == kept && !begins {
            return Ok(text);
        }
        let outcome = keep_steps(self.app, self.held, self.id, (kept, &text), begins).await;
        match outcome {
            Ok(Kept::Yes) => Ok(text),
            Ok(Kept::NotDue) => Err(Verdict::Done),
            Ok(Kept::ByOthers) => Err(Held::lost()),
            Err(error) => Err(Verdict::retry(error)),
        }
    }

    async fn wait(&self, steps: &Steps, kept: &str, wait: Duration) -> Verdict {
        if let Err(verdict) = self.keep(steps, kept, false).await {
            return verdict;
        }
        let why = "What was sent may have arrived in Greenhouse: it is looked for before it is sent again";
        let id = self.id;
        let organization = self.held.organization;
        let told = self.app.write(move |app, conn| {
            let Some(record) = due::record(conn, organization, id)? else {
                return Ok(());
            };
            let detail = why.to_owned();
            Ok(keep(app, conn, record, Receipt::Retrying { detail })?)
        });
        match told.await {
            Ok(()) => Verdict::wait(why, wait),
            Err(error) => Verdict::retry(error),
        }
    }

    async fn end(&self, steps: &Steps, kept: String) -> Verdict {
        let seen = self.referring.is_seen(steps).await;
        let state = if seen {
            WritebackState::Seen
        } else {
            WritebackState::Sent
        };
        let ended = finish(self.app, self.held, self.id, kept, (state, detail(steps)));
        match ended.await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::retry(error),
        }
    }
}

fn detail(steps: &Steps) -> String {
    let told = "The candidate is in Greenhouse, with the feedback as a note";
    match steps.namesakes {
        Some(many) => format!(
            "{told}. {many} candidates there have this e-mail address: the note is with the one who applied for the job, or to whom \
             something happened last (candidate {})",
            steps.person.unwrap_or_default()
        ),
        None => told.to_owned(),
    }
}

/// What was given up is to be done after all.
pub(crate) fn pass_on_again(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: &SendReferral,
) -> storage::Result<()> {
    match referrals::find(conn, organization, job.referral)? {
        Some(record) if record.referral.is_due() => {
            let detail = "queued again".to_owned();
            keep(app, conn, record, Receipt::Retrying { detail })
        }
        _ => Ok(()),
    }
}
