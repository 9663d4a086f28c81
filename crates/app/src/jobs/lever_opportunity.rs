//! Looks at one opportunity in Lever, and invites where that is what it calls for.

use std::time::Duration;

use ats::lever::{Client, Error as LeverError, LOST, OpportunityId, Reason, Seen, is_lost};
use chrono::{DateTime, Utc};
use domain::{ConnectionId, ConnectionKind, OrganizationId, Standing};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::AnyConnection;
use storage::activities::{self, ActivityRecord, Decision, Source};
use storage::connections::{self, ConnectionRecord};
use storage::jobs::NewJob;

use crate::connections::{PARKED, PARKED_FOR};
use crate::intake::{Facts, Look, THROTTLE, carry_out, note, of_reason};
use crate::jobs::why_given_up;
use crate::worker::Tools;
use crate::{App, Error, Result};

/// How long to wait where Lever does not say.
pub(super) const ASKED_TO_WAIT: Duration = Duration::from_secs(5);

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
        let client = match client(app, held.organization).await {
            Ok(client) => client,
            Err(verdict) => return verdict,
        };
        let id = OpportunityId::from(self.opportunity.as_str());
        match client.opportunity_with(&id, &[]).await {
            Ok(read) => {
                let there = read.sent_at.map(DateTime::<Utc>::from);
                let now = there.unwrap_or_else(|| app.now());
                self.decide(tools, held, connection, read.value.into(), now)
                    .await
            }
            Err(error) if error.is_not_found() => self.end(tools, held, Reason::Gone).await,
            Err(error) if error.is_forbidden() => self.end(tools, held, Reason::NotReadable).await,
            Err(error) => later(&error),
        }
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
        let (held, source) = (held.clone(), self.source());
        let done = tools.app.write(move |app, conn| {
            let facts = Facts::load(app, conn, &connection, &seen.id)?;
            let outcomes = facts.decide(&seen, now);
            let look = Look {
                connection: &connection,
                seen: &seen,
                source,
                facts: &facts,
            };
            carry_out(app, conn, &look, outcomes)?;
            Ok(held.finish_in(conn)?)
        });
        match done.await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::retry(error),
        }
    }

    /// Nothing can be decided, and trying again does not help.
    async fn end(self, tools: &Tools, held: &Held, reason: Reason) -> Verdict {
        let (held, source) = (held.clone(), self.source());
        let done = tools.app.write(move |app, conn| {
            let about = Some(self.opportunity.as_str());
            let entry = of_reason(app, held.organization, source, about, &reason);
            activities::insert(conn, &[entry])?;
            Ok(held.finish_in(conn)?)
        });
        match done.await {
            Ok(()) => Verdict::Finished,
            Err(error) => Verdict::retry(error),
        }
    }
}

/// The connection, unless somebody ended it.
pub(super) async fn standing(
    app: &App,
    organization: OrganizationId,
) -> Result<Option<ConnectionRecord>> {
    app.read(move |_, conn| {
        let found = connections::find(conn, organization, ConnectionKind::Lever)?;
        let ended = [Standing::NotConfigured, Standing::Disconnected];
        Ok(found.filter(|it| !ended.contains(&it.standing)))
    })
    .await
}

/// A client, or what to answer where there is none for now.
pub(super) async fn client(app: &App, organization: OrganizationId) -> Result<Client, Verdict> {
    match crate::connections::lever_client(app, organization).await {
        Ok(client) => Ok(client),
        Err(Error::Conflict { message, .. }) => Err(Verdict::park(PARKED, message, PARKED_FOR)),
        Err(error) => Err(Verdict::retry(error)),
    }
}

/// What to answer to an error that says nothing about what was asked for.
pub(super) fn later(error: &LeverError) -> Verdict {
    if is_lost(error) {
        return Verdict::park(PARKED, LOST, PARKED_FOR);
    }
    if error.is_throttled() {
        let wait = error.retry_after().unwrap_or(ASKED_TO_WAIT);
        return Verdict::park(THROTTLE, error, wait);
    }
    Verdict::Retry {
        why: error.to_string(),
        not_before: error.retry_after(),
    }
}
