//! Looks through the stages that invite of one connection for applications that no delivery told of.

use std::collections::{HashMap, HashSet};

use ats::greenhouse::harvest::{Client, Error as HarvestError, REACHES_BACK};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ConnectionId;
use futures_util::TryStreamExt;
use greenhouse_harvest::{
    Application, ApplicationFilter, ApplicationStageFilter, ApplicationStatus, JobInterviewStageId,
    TimeRange, Timestamp, VALUES_MAX,
};
use jobs::{Handler, Held, Job, Verdict};
use serde::{Deserialize, Serialize};
use storage::connections::ConnectionRecord;
use storage::jobs::NewJob;
use storage::{stage_mappings, sweeps};

use super::at_harvest::{AtHarvest, standing};
use super::harvest_application::HarvestApplication;
use crate::connections::{not_allowed, note_trouble};
use crate::intake::greenhouse::known_among;
use crate::worker::Tools;
use crate::{App, Error, Result};

/// So far a sweep reaches back before the end of the one before: changes may show late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// As many as Harvest gives in one call.
const PAGE: u16 = 500;
/// What a sweep does, where it may not.
const READING: &str = "read applications";

/// Sweeps one connection.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HarvestSweep {
    connection: ConnectionId,
}

impl Job for HarvestSweep {
    const KIND: &'static str = "harvest_sweep";
}

impl HarvestSweep {
    /// The job. Its key is the connection: however late one is, the next does not pile up behind it.
    pub(crate) fn job(app: &App, connection: &ConnectionRecord, now: DateTime<Utc>) -> NewJob {
        let job = Self {
            connection: connection.id,
        };
        let key = connection.id.to_string();
        job.queued(app.draw(), connection.organization, key, now)
    }
}

impl Handler<Tools> for HarvestSweep {
    /// A repeat does no harm: what it finds is looked at one by one, like what deliveries tell of.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let app = &tools.app;
        let connection = match standing(app, held.organization).await {
            Ok(Some(connection)) => connection,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        let wanted = match Wanted::of(app, &connection).await {
            Ok(Some(wanted)) => wanted,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        let harvest = match AtHarvest::open(app, held).await {
            Ok(harvest) => harvest,
            Err(verdict) => return verdict,
        };
        match look_through(app, &connection, &harvest.client, &wanted).await {
            Ok(swept_to) => {
                harvest.answered().await;
                end(app, &connection, swept_to).await
            }
            Err(Stopped::Harvest(error)) if error.is_forbidden() => {
                harvest.answered().await;
                refused(app, &connection).await
            }
            Err(Stopped::Harvest(error)) => harvest.later(&error).await,
            Err(Stopped::Ours(error)) => Verdict::retry(error),
        }
    }
}

/// Why a look ended before its end.
#[derive(Debug)]
enum Stopped {
    Harvest(HarvestError),
    Ours(Error),
}

impl From<HarvestError> for Stopped {
    fn from(error: HarvestError) -> Self {
        Self::Harvest(error)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

/// What is looked for.
struct Wanted {
    /// From when on each stage invites, the earliest moment of each.
    stages: HashMap<JobInterviewStageId, DateTime<Utc>>,
    /// What changed since then.
    since: Option<DateTime<Utc>>,
}

impl Wanted {
    /// Nothing, where no stage invites.
    async fn of(app: &App, connection: &ConnectionRecord) -> Result<Option<Self>> {
        let (organization, id) = (connection.organization, connection.id);
        let (mappings, since) = app
            .read(move |_, conn| {
                let mappings = stage_mappings::of(conn, organization)?;
                Ok((mappings, sweeps::swept_to(conn, organization, id)?))
            })
            .await?;
        let mut stages = HashMap::new();
        for mapping in mappings {
            if let Ok(number) = mapping.stage.parse() {
                let from = stages
                    .entry(JobInterviewStageId::new(number))
                    .or_insert(mapping.configured_at);
                *from = mapping.configured_at.min(*from);
            }
        }
        let first = stages.values().min().copied();
        Ok((!stages.is_empty()).then_some(Self {
            stages,
            since: since.or(first),
        }))
    }

    /// Did it enter a stage at a moment that may invite?
    fn is_new(
        &self,
        stage: JobInterviewStageId,
        entered_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> bool {
        let since = self.stages.get(&stage);
        since.is_some_and(|since| entered_at > *since) && entered_at > now - REACHES_BACK
    }
}

/// Answers up to where it was looked.
async fn look_through(
    app: &App,
    connection: &ConnectionRecord,
    client: &Client,
    wanted: &Wanted,
) -> Result<Option<DateTime<Utc>>, Stopped> {
    let stages: Vec<JobInterviewStageId> = wanted.stages.keys().copied().collect();
    let mut swept_to = None;
    for some in stages.chunks(VALUES_MAX) {
        let mut filter = ApplicationFilter::new()
            .job_interview_stages(some.iter().copied())
            .status(&ApplicationStatus::InProcess)
            .page_size(PAGE);
        if let Some(since) = wanted.since {
            let since = Timestamp::from(since - OVERLAP);
            filter = filter.last_activity(TimeRange::since(since));
        }
        let found: Vec<Application> = client.list(&filter).try_collect().await?;
        swept_to = swept_to.max(found.iter().filter_map(|it| it.last_activity_at).max());
        for some in found.chunks(VALUES_MAX) {
            look_at(app, connection, client, wanted, some).await?;
        }
    }
    Ok(swept_to.map(Timestamp::utc))
}

/// Those that newly came into a stage, and that no invite came of, are looked at one by one.
async fn look_at(
    app: &App,
    connection: &ConnectionRecord,
    client: &Client,
    wanted: &Wanted,
    some: &[Application],
) -> Result<(), Stopped> {
    let ids = some.iter().map(|it| it.id);
    let filter = ApplicationStageFilter::new()
        .applications(ids)
        .current(true)
        .page_size(PAGE);
    let rows: Vec<_> = client.list(&filter).try_collect().await?;
    let now = app.now();
    let new: HashSet<i64> = rows
        .iter()
        .filter(|row| row.current)
        .filter_map(|row| {
            let (stage, entered_at) = (row.job_interview_stage_id?, row.entered_at?.utc());
            let is_new = wanted.is_new(stage, entered_at, now);
            Some(row.application_id?.get()).filter(|_| is_new)
        })
        .collect();
    let (connection, new) = (connection.clone(), new.into_iter().collect::<Vec<_>>());
    let queued = app.write(move |app, conn| {
        let known = known_among(conn, &connection, &new)?;
        let jobs: Vec<NewJob> = new
            .iter()
            .filter(|id| !known.contains(id))
            .map(|id| HarvestApplication::swept(connection.id, *id))
            .map(|job| job.job(app, connection.organization, now))
            .collect();
        Ok(storage::jobs::enqueue(conn, &jobs, now)?)
    });
    Ok(queued.await?)
}

/// Keeps up to where it was looked; and what could not be read is not said any longer.
async fn end(app: &App, connection: &ConnectionRecord, swept_to: Option<DateTime<Utc>>) -> Verdict {
    let (organization, id, kind) = (connection.organization, connection.id, connection.kind);
    let was_refused = connection.detail == Some(not_allowed(READING));
    let kept = app.write(move |app, conn| {
        if let Some(swept_to) = swept_to {
            sweeps::set(conn, organization, id, swept_to)?;
        }
        if was_refused {
            note_trouble(app, conn, organization, kind, None)?;
        }
        Ok(())
    });
    match kept.await {
        Ok(()) => Verdict::Done,
        Err(error) => Verdict::retry(error),
    }
}

/// Nothing may be looked for. The next sweep asks again.
async fn refused(app: &App, connection: &ConnectionRecord) -> Verdict {
    let (organization, kind) = (connection.organization, connection.kind);
    let lack = not_allowed(READING);
    let said = lack.clone();
    let noted =
        app.write(move |app, conn| note_trouble(app, conn, organization, kind, Some(&said)));
    match noted.await {
        Ok(()) => Verdict::discard(lack),
        Err(error) => Verdict::retry(error),
    }
}
