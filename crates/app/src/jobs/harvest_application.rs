//! Looks at one application in Greenhouse, and invites where that is what it calls for.

use ats::greenhouse::harvest::{Error as HarvestError, Reason, Seen};
use chrono::{DateTime, Utc};
use domain::{ConnectionId, OrganizationId};
use futures_util::TryStreamExt;
use greenhouse_harvest::{ApplicationId, ApplicationStageFilter};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::AnyConnection;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::ConnectionRecord;
use storage::jobs::NewJob;

use super::at_harvest::{AtHarvest, standing};
use crate::App;
use crate::intake::greenhouse::{Facts, Look, application, carry_out, note, of_reason};
use crate::jobs::{finish_with, why_given_up};
use crate::worker::Tools;

/// Decides what an application calls for, from what Greenhouse says of it when this runs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HarvestApplication {
    connection: ConnectionId,
    application: i64,
    /// Nobody told us of it: a sweep found it.
    #[serde(default)]
    swept: bool,
}

impl Job for HarvestApplication {
    const KIND: &'static str = "harvest_application";
}

impl HarvestApplication {
    /// A look at what a delivery names.
    pub(crate) fn heard_of(connection: ConnectionId, application: i64) -> Self {
        Self {
            connection,
            application,
            swept: false,
        }
    }

    /// A look at what a sweep found.
    pub(crate) fn swept(connection: ConnectionId, application: i64) -> Self {
        Self {
            swept: true,
            ..Self::heard_of(connection, application)
        }
    }

    /// The job. Its key is the application: ten deliveries that nobody has looked into yet are one look.
    pub(crate) fn job(self, app: &App, organization: OrganizationId, now: DateTime<Utc>) -> NewJob {
        let key = format!("{} {}", self.connection, self.application);
        self.queued(app.draw(), organization, key, now)
    }

    fn source(&self) -> Source {
        match self.swept {
            true => Source::Sweep,
            false => Source::Webhook,
        }
    }
}

impl Handler<Tools> for HarvestApplication {
    /// A repeat does no harm: an invite that was made is found by the next look, and a live one under the same name is the only
    /// one there can be.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let app = &tools.app;
        let connection = match standing(app, held.organization).await {
            Ok(Some(connection)) => connection,
            Ok(None) => return self.end(tools, held, Reason::Disconnected).await,
            Err(error) => return Verdict::retry(error),
        };
        let harvest = match AtHarvest::open(app, held).await {
            Ok(harvest) => harvest,
            Err(verdict) => return verdict,
        };
        let reason = match self.look(&harvest).await {
            Ok(Some(seen)) => {
                harvest.answered().await;
                return self.decide(tools, held, connection, seen).await;
            }
            Ok(None) => Reason::Gone,
            Err(error) if error.is_forbidden() => Reason::NotReadable,
            Err(error) => return harvest.later(&error).await,
        };
        harvest.answered().await;
        self.end(tools, held, reason).await
    }

    /// That nobody could look at it, for the admin to read.
    fn give_up(
        self,
        tools: &Tools,
        conn: &mut AnyConnection,
        held: &Held,
        reason: &str,
    ) -> storage::Result<()> {
        let about = application(self.application);
        let (organization, source) = (held.organization, self.source());
        let entry = ActivityRecord {
            reason: Some("given_up".to_owned()),
            detail: Some(why_given_up(reason)),
            ..note(
                &tools.app,
                organization,
                source,
                Some(&about),
                Decision::Failed,
            )
        };
        activities::insert(conn, &[entry])
    }
}

impl HarvestApplication {
    /// What Greenhouse says of the application, the stage it is in, and its candidate; none where it does not show them.
    async fn look(&self, harvest: &AtHarvest) -> Result<Option<Seen>, HarvestError> {
        let id = ApplicationId::new(self.application);
        let client = &harvest.client;
        let Some(application) = client.find(id).await? else {
            return Ok(None);
        };
        let Some(person) = application.candidate_id else {
            return Ok(None);
        };
        let filter = ApplicationStageFilter::new()
            .applications([id])
            .current(true);
        let stages: Vec<_> = client.list(&filter).try_collect().await?;
        let entry = client.find(person).await?;
        let candidate = entry.as_ref().and_then(|entry| entry.candidate());
        Ok(candidate.map(|candidate| Seen::new(&application, &stages, candidate)))
    }

    async fn decide(
        self,
        tools: &Tools,
        held: &Held,
        connection: ConnectionRecord,
        seen: Seen,
    ) -> Verdict {
        let source = self.source();
        finish_with(&tools.app, held, move |app, conn| {
            let facts = Facts::load(app, conn, &connection, seen.application)?;
            let outcomes = facts.decide(&seen);
            let look = Look {
                connection: &connection,
                seen: &seen,
                source,
                facts: &facts,
            };
            carry_out(app, conn, &look, outcomes)
        })
        .await
    }

    /// Nothing can be decided, and trying again does not help.
    async fn end(self, tools: &Tools, held: &Held, reason: Reason) -> Verdict {
        let (organization, source) = (held.organization, self.source());
        let about = application(self.application);
        finish_with(&tools.app, held, move |app, conn| {
            let entry = of_reason(app, organization, source, Some(&about), &reason);
            Ok(activities::insert(conn, &[entry])?)
        })
        .await
    }
}
