//! Looks at one opportunity in Lever, and invites where that is what it calls for.

use ats::lever::{OpportunityId, Reason, Seen};
use chrono::{DateTime, Utc};
use domain::{ConnectionId, OrganizationId};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::AnyConnection;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::ConnectionRecord;
use storage::jobs::NewJob;

use super::at_lever::{AtLever, standing};
use crate::App;
use crate::intake::{Facts, Look, carry_out, note, of_reason};
use crate::jobs::{finish_with, why_given_up};
use crate::worker::Tools;

/// Decides what an opportunity calls for, from what Lever says of it when this runs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LeverOpportunity {
    connection: ConnectionId,
    opportunity: String,
    /// Nobody told us of it: a sweep found it.
    #[serde(default)]
    swept: bool,
}

impl Job for LeverOpportunity {
    const KIND: &'static str = "lever_opportunity";
}

impl LeverOpportunity {
    /// A look at what a delivery names.
    pub(crate) fn heard_of(connection: ConnectionId, opportunity: &str) -> Self {
        Self {
            connection,
            opportunity: opportunity.to_owned(),
            swept: false,
        }
    }

    /// A look at what a sweep found.
    pub(crate) fn swept(connection: ConnectionId, opportunity: &str) -> Self {
        Self {
            swept: true,
            ..Self::heard_of(connection, opportunity)
        }
    }

    /// The job. Its key is the opportunity: ten deliveries that nobody has looked into yet are one look.
    pub(crate) fn job(self, app: &App, organization: OrganizationId, now: DateTime<Utc>) -> NewJob {
        let key = format!("{} {}", self.connection, self.opportunity);
        self.queued(app.draw(), organization, key, now)
    }

    fn source(&self) -> Source {
        if self.swept {
            Source::Sweep
        } else {
            Source::Webhook
        }
    }
}

impl Handler<Tools> for LeverOpportunity {
    /// A repeat does no harm: an invite that was made is found by the next look, and a live one under the same name is the only
    /// one there can be.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let app = &tools.app;
        let connection = match standing(app, held.organization).await {
            Ok(Some(connection)) => connection,
            Ok(None) => return self.end(tools, held, Reason::Disconnected).await,
            Err(error) => return Verdict::retry(error),
        };
        let lever = match AtLever::open(app, held).await {
            Ok(lever) => lever,
            Err(verdict) => return verdict,
        };
        let id = OpportunityId::from(self.opportunity.as_str());
        let read = lever.client.opportunity_with(&id, &[]).await;
        let reason = match read {
            Ok(read) => {
                lever.answered().await;
                let there = read.sent_at.map(DateTime::<Utc>::from);
                let now = there.unwrap_or_else(|| app.now());
                let seen = read.value.into();
                return self.decide(tools, held, connection, seen, now).await;
            }
            Err(error) if error.is_not_found() => Reason::Gone,
            Err(error) if error.is_forbidden() => Reason::NotReadable,
            Err(error) => return lever.later(&error).await,
        };
        lever.answered().await;
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
        let about = Some(self.opportunity.as_str());
        let entry = ActivityRecord {
            reason: Some("given_up".to_owned()),
            detail: Some(why_given_up(reason)),
            ..note(
                &tools.app,
                held.organization,
                self.source(),
                about,
                Decision::Failed,
            )
        };
        activities::insert(conn, &[entry])
    }
}

impl LeverOpportunity {
    async fn decide(
        self,
        tools: &Tools,
        held: &Held,
        connection: ConnectionRecord,
        seen: Seen,
        now: DateTime<Utc>,
    ) -> Verdict {
        let source = self.source();
        finish_with(&tools.app, held, move |app, conn| {
            let facts = Facts::load(app, conn, &connection, &seen.id)?;
            let outcomes = facts.decide(&seen, now);
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
        finish_with(&tools.app, held, move |app, conn| {
            let about = Some(self.opportunity.as_str());
            let entry = of_reason(app, organization, source, about, &reason);
            Ok(activities::insert(conn, &[entry])?)
        })
        .await
    }
}
