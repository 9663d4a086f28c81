//! Looks through the trigger stages of one connection for opportunities that no delivery told of.

use ats::lever::{Filter, Outcome, Seen, moment, timestamp};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ConnectionId;
use futures_util::TryStreamExt;
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::activities::Source;
use storage::connections::ConnectionRecord;
use storage::jobs::NewJob;
use storage::{sweeps, trigger_stages};

use super::lever_opportunity::{LeverOpportunity, client, later, standing};
use crate::intake::{Facts, Look, carry_out};
use crate::worker::Tools;
use crate::{App, Result};

/// So far a sweep reaches back before the end of the one before: changes may show late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Sweeps one connection.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LeverSweep {
    connection: ConnectionId,
}

impl Job for LeverSweep {
    const KIND: &'static str = "lever_sweep";
}

impl LeverSweep {
    /// The job. Its key is the connection: however late one is, the next does not pile up behind it.
    pub(crate) fn job(app: &App, connection: &ConnectionRecord, now: DateTime<Utc>) -> NewJob {
        let job = Self {
            connection: connection.id,
        };
        let key = connection.id.to_string();
        job.queued(app.draw(), connection.organization, key, now)
    }
}

impl Handler<Tools> for LeverSweep {
    /// A repeat does no harm: what it finds is looked at one by one, like what deliveries tell of.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let app = &tools.app;
        let connection = match standing(app, held.organization).await {
            Ok(Some(connection)) => connection,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        let filter = match filter(app, &connection).await {
            Ok(Some(filter)) => filter,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        let client = match client(app, held.organization).await {
            Ok(client) => client,
            Err(verdict) => return verdict,
        };
        let mut swept_to = None;
        let mut found = client.opportunities(&filter);
        loop {
            match found.try_next().await {
                Ok(Some(opportunity)) => {
                    swept_to = swept_to.max(opportunity.updated_at.map(moment));
                    if let Err(error) = judge(app, &connection, opportunity.into()).await {
                        return Verdict::retry(error);
                    }
                }
                Ok(None) => return end(app, &connection, swept_to).await,
                Err(error) => return later(&error),
            }
        }
    }
}

/// What to look for: what is in a trigger stage and changed since the sweep before. Nothing where there is no trigger stage.
async fn filter(app: &App, connection: &ConnectionRecord) -> Result<Option<Filter>> {
    let (organization, id) = (connection.organization, connection.id);
    let from = connection.connected_at_there;
    let (stages, from) = app
        .read(move |_, conn| {
            let stages = trigger_stages::of(conn, organization)?;
            let swept_to = sweeps::swept_to(conn, organization, id)?;
            Ok((stages, swept_to.or(from)))
        })
        .await?;
    if stages.is_empty() {
        return Ok(None);
    }
    let mut filter = Filter::new().archived(false);
    for stage in stages {
        filter = filter.in_stage(stage.stage_id);
    }
    Ok(Some(match from {
        Some(from) => filter.updated_since(timestamp(from - OVERLAP)),
        None => filter,
    }))
}

/// What seems to call for an invitation is looked at for itself; why another gets none is said once.
async fn judge(app: &App, connection: &ConnectionRecord, seen: Seen) -> Result<()> {
    let (reading, listed) = (connection.clone(), seen.clone());
    let outcomes = app
        .read(move |app, conn| {
            let facts = Facts::load(app, conn, &reading, &listed.id)?;
            Ok(facts.decide(&listed, app.now()))
        })
        .await?;
    let sends = outcomes
        .iter()
        .any(|outcome| !matches!(outcome, Outcome::Nothing(_)));
    let is_missed =
        |outcome: &Outcome| matches!(outcome, Outcome::Nothing(reason) if reason.is_missed());
    if !sends && !outcomes.iter().any(is_missed) {
        return Ok(());
    }
    let connection = connection.clone();
    app.write(move |app, conn| {
        if sends {
            let job = LeverOpportunity::swept(connection.id, &seen.id);
            let job = job.job(app, connection.organization, app.now());
            return Ok(storage::jobs::enqueue(conn, &[job], app.now())?);
        }
        let facts = Facts::load(app, conn, &connection, &seen.id)?;
        let look = Look {
            connection: &connection,
            seen: &seen,
            source: Source::Sweep,
            facts: &facts,
        };
        carry_out(app, conn, &look, outcomes.clone())
    })
    .await
}

async fn end(app: &App, connection: &ConnectionRecord, swept_to: Option<DateTime<Utc>>) -> Verdict {
    let Some(swept_to) = swept_to else {
        return Verdict::Done;
    };
    let (organization, id) = (connection.organization, connection.id);
    let kept = app.write(move |_, conn| Ok(sweeps::set(conn, organization, id, swept_to)?));
    match kept.await {
        Ok(()) => Verdict::Done,
        Err(error) => Verdict::retry(error),
    }
}
