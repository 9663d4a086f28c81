//! Looks whether somebody, or an application, is gone in Greenhouse, and does here what follows from that.

use ats::greenhouse::harvest::{Error as HarvestError, Reason};
use chrono::{DateTime, Utc};
use domain::OrganizationId;
use greenhouse_harvest::{ApplicationId, Candidate, CandidateId};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::AnyConnection;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::jobs::NewJob;

use super::at_harvest::{AtHarvest, standing};
use crate::intake::greenhouse::{application, linked, merge, note, of_reason, person, unlink};
use crate::jobs::{finish_with, why_given_up};
use crate::worker::Tools;
use crate::{App, Error, Result, erasure};

/// Who or what is said to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gone {
    /// A person who was deleted or anonymized.
    Person { id: i64 },
    /// A person who has become one with another.
    Merged { id: i64, into: i64 },
    /// An application.
    Application { id: i64 },
}

/// Looks whether that is so.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HarvestPerson {
    gone: Gone,
}

impl Job for HarvestPerson {
    const KIND: &'static str = "harvest_person";
}

impl HarvestPerson {
    pub(crate) fn of(gone: Gone) -> Self {
        Self { gone }
    }

    /// The job. What is said twice is one look.
    pub(crate) fn job(self, app: &App, organization: OrganizationId, now: DateTime<Utc>) -> NewJob {
        let key = format!("{:?}", self.gone);
        self.queued(app.draw(), organization, key, now)
    }
}

impl Gone {
    fn subject(self) -> String {
        match self {
            Self::Person { id } | Self::Merged { id, .. } => person(id),
            Self::Application { id } => application(id),
        }
    }
}

/// What came of it, for the admin to read.
type Said = (Decision, String);

impl Handler<Tools> for HarvestPerson {
    /// A repeat does no harm: whoever was erased is erased, and what was linked anew is no longer linked to the one who is gone.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let app = &tools.app;
        match standing(app, held.organization).await {
            Ok(Some(_)) => {}
            Ok(None) => return end(app, held, self.gone, Err(Reason::Disconnected)).await,
            Err(error) => return Verdict::retry(error),
        }
        let harvest = match AtHarvest::open(app, held).await {
            Ok(harvest) => harvest,
            Err(verdict) => return verdict,
        };
        let is_gone = match is_gone(&harvest, self.gone).await {
            Ok(is_gone) => is_gone,
            Err(error) if error.is_forbidden() => {
                harvest.answered().await;
                return end(app, held, self.gone, Err(Reason::NotReadable)).await;
            }
            Err(error) => return harvest.later(&error).await,
        };
        harvest.answered().await;
        if !held.may_still_act() {
            return Held::lost();
        }
        let done = match is_gone {
            true => follow(app, held.organization, self.gone).await,
            false => Ok(Err(Reason::StillThere)),
        };
        match done {
            Ok(said) => end(app, held, self.gone, said).await,
            Err(error) => Verdict::retry(error),
        }
    }

    /// That nobody could look, for the admin to read: somebody may have to be erased by hand.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let about = self.gone.subject();
        let organization = held.organization;
        let entry = ActivityRecord {
            reason: Some("given_up".to_owned()),
            detail: Some(why_given_up(reason)),
            ..note(
                &tools.app,
                organization,
                Source::Webhook,
                Some(&about),
                Decision::Failed,
            )
        };
        activities::insert(conn, &[entry])
    }
}

/// Is it so? A delivery alone erases nobody.
async fn is_gone(harvest: &AtHarvest, gone: Gone) -> Result<bool, HarvestError> {
    let client = &harvest.client;
    match gone {
        Gone::Person { id } => {
            let entry = client.find(CandidateId::new(id)).await?;
            let candidate = entry.as_ref().and_then(|entry| entry.candidate());
            Ok(entry.is_none() || candidate.is_some_and(is_anonymous))
        }
        Gone::Merged { id, .. } => Ok(client.find(CandidateId::new(id)).await?.is_none()),
        Gone::Application { id } => Ok(client.find(ApplicationId::new(id)).await?.is_none()),
    }
}

/// Is nothing left of who it was? Greenhouse names such a person "Anonymized" and their id.
fn is_anonymous(candidate: &Candidate) -> bool {
    let first = candidate.first_name.as_deref().unwrap_or_default().trim();
    let nameless = first.is_empty() || first == "Anonymized";
    nameless && candidate.email_addresses.is_empty()
}

/// What follows here.
async fn follow(
    app: &App,
    organization: OrganizationId,
    gone: Gone,
) -> Result<Result<Said, Reason>> {
    let said = |many: usize, said: Said| match many {
        0 => Err(Reason::NobodyHere),
        _ => Ok(said),
    };
    match gone {
        Gone::Person { id } => {
            let many = erase(app, organization, id).await?;
            let words = "Gone in Greenhouse: the person's data was erased here too.";
            Ok(said(many, (Decision::Erased, words.to_owned())))
        }
        Gone::Merged { id, into } => {
            let merged = app.write(move |_, conn| merge(conn, organization, id, into));
            let words = format!(
                "One with {} in Greenhouse: what came from the one is now the other's.",
                person(into)
            );
            Ok(said(merged.await?, (Decision::Relinked, words)))
        }
        Gone::Application { id } => {
            let unlinked = app.write(move |_, conn| unlink(conn, organization, id));
            let words = "The application is gone in Greenhouse: its invites no longer name it.";
            Ok(said(
                unlinked.await?,
                (Decision::Relinked, words.to_owned()),
            ))
        }
    }
}

/// Answers how many persons here that was.
async fn erase(app: &App, organization: OrganizationId, id: i64) -> Result<usize> {
    let found = app.read(move |_, conn| linked(conn, organization, id));
    let found = found.await?;
    for candidate in &found {
        match erasure::erase(app, organization, *candidate).await {
            Ok(_) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found.len())
}

async fn end(app: &App, held: &Held, gone: Gone, said: Result<Said, Reason>) -> Verdict {
    let about = gone.subject();
    let (organization, source) = (held.organization, Source::Webhook);
    finish_with(app, held, move |app, conn| {
        let entry = match &said {
            Ok((decision, words)) => ActivityRecord {
                detail: Some(words.clone()),
                ..note(app, organization, source, Some(&about), *decision)
            },
            Err(reason) => of_reason(app, organization, source, Some(&about), reason),
        };
        Ok(activities::insert(conn, &[entry])?)
    })
    .await
}
