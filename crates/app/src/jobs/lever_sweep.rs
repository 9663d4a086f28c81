//! Looks through the trigger stages of one connection for opportunities that no delivery told of.

use ats::lever::{
    Client, ConfidentialityFilter, Error as LeverError, Filter, Lack, Outcome, Seen, moment,
    timestamp,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionId, ConnectionKind, OrganizationId};
use futures_util::TryStreamExt;
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::activities::Source;
use storage::connections::ConnectionRecord;
use storage::jobs::NewJob;
use storage::{sweeps, trigger_stages};

use super::at_lever::{AtLever, standing};
use super::lever_opportunity::LeverOpportunity;
use crate::connections::{asks_for_confidential, found_allowed, note_trouble};
use crate::intake::{Facts, Look, carry_out};
use crate::worker::Tools;
use crate::{AnyConnection, App, Error, Result};

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
        let lever = match AtLever::open(app, held).await {
            Ok(lever) => lever,
            Err(verdict) => return verdict,
        };
        let (looked, lack) = look(app, &connection, &lever.client, filter).await;
        match looked {
            Ok(swept_to) => {
                lever.answered().await;
                match end(app, &connection, swept_to, lack).await {
                    Ok(()) => Verdict::Done,
                    Err(error) => Verdict::retry(error),
                }
            }
            Err(Stopped::Lever(error)) if error.is_forbidden() => {
                lever.answered().await;
                refused(app, &connection).await
            }
            Err(Stopped::Lever(error)) => lever.later(&error).await,
            Err(Stopped::Ours(error)) => Verdict::retry(error),
        }
    }
}

/// Why a look ended before its end.
#[derive(Debug)]
enum Stopped {
    Lever(LeverError),
    Ours(Error),
}

/// Looks through what meets `filter`, and answers up to where. A grant that does not let us see confidential ones, although the
/// operator asks for them by now, is looked through for the others: then that is what it lacks.
async fn look(
    app: &App,
    connection: &ConnectionRecord,
    client: &Client,
    mut filter: Filter,
) -> (Result<Option<DateTime<Utc>>, Stopped>, Option<Lack>) {
    let looked = look_through(app, connection, client, &filter).await;
    match looked {
        Err(Stopped::Lever(error)) if error.is_forbidden() && filter.confidentiality.is_some() => {
            filter.confidentiality = None;
            let looked = look_through(app, connection, client, &filter).await;
            (looked, Some(Lack::Confidential))
        }
        looked => (looked, None),
    }
}

async fn look_through(
    app: &App,
    connection: &ConnectionRecord,
    client: &Client,
    filter: &Filter,
) -> Result<Option<DateTime<Utc>>, Stopped> {
    let mut swept_to = None;
    let mut found = client.opportunities(filter);
    while let Some(opportunity) = found.try_next().await.map_err(Stopped::Lever)? {
        swept_to = swept_to.max(opportunity.updated_at.map(moment));
        let judged = judge(app, connection, opportunity.into()).await;
        judged.map_err(Stopped::Ours)?;
    }
    Ok(swept_to)
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
    // Lists leave out confidential ones unless asked, and asking takes a permission of its own.
    filter.confidentiality = asks_for_confidential(app).then_some(ConfidentialityFilter::All);
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

/// Keeps up to where it was looked, and what the connection lacks or no longer does.
async fn end(
    app: &App,
    connection: &ConnectionRecord,
    swept_to: Option<DateTime<Utc>>,
    lack: Option<Lack>,
) -> Result<()> {
    let (organization, id) = (connection.organization, connection.id);
    let said = connection.detail.clone();
    let allowed = [Lack::Opportunities, Lack::Confidential]
        .into_iter()
        .filter(|it| Some(*it) != lack && said == Some(it.to_string()));
    let allowed: Vec<Lack> = allowed.collect();
    // What keeps results from Lever is more urgent to say.
    let lack = lack.filter(|_| said.is_none());
    app.write(move |app, conn| {
        if let Some(swept_to) = swept_to {
            sweeps::set(conn, organization, id, swept_to)?;
        }
        for lack in &allowed {
            found_allowed(app, conn, organization, *lack)?;
        }
        match lack {
            Some(lack) => note_lack(app, conn, organization, lack),
            None => Ok(()),
        }
    })
    .await
}

fn note_lack(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    lack: Lack,
) -> Result<()> {
    let detail = lack.to_string();
    note_trouble(
        app,
        conn,
        organization,
        ConnectionKind::Lever,
        Some(&detail),
    )
}

/// Nothing may be looked for. The next sweep asks again.
async fn refused(app: &App, connection: &ConnectionRecord) -> Verdict {
    let (organization, lack) = (connection.organization, Lack::Opportunities);
    let noted = app.write(move |app, conn| note_lack(app, conn, organization, lack));
    match noted.await {
        Ok(()) => Verdict::discard(lack),
        Err(error) => Verdict::retry(error),
    }
}
