//! Trigger stages: stages of the pipeline in Lever; whoever is moved into one is invited.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionKind, OrganizationId, TriggerStageId};
use lever::Stage;
use serde_json::json;
use storage::trigger_stages::{self as store, TriggerStage};

use super::lever::{lever_client, refusal};
use super::working::working;
use crate::audit::{self, Action};
use crate::texts::required;
use crate::{AnyConnection, App, Error, Result};

/// The most that an organization can choose.
const MOST: usize = 50;
/// Names are looked at this often.
const CHECKED_EVERY: TimeDelta = TimeDelta::hours(24);
/// How many organizations' stages are looked at in one go.
const SLICE: i64 = 20;

/// A stage that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChoice {
    /// Its id in Lever.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// Was it chosen already?
    pub is_trigger: bool,
}

/// A stage as Lever has it, and when Lever said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundStage {
    id: String,
    name: String,
    /// By Lever's clock, the end of that second.
    at: DateTime<Utc>,
}

/// The stages of the pipeline, as Lever has them now, in its order.
///
/// # Errors
/// [`Error::Conflict`] where Lever is not connected, [`Error::FarSide`] where it cannot be asked.
pub async fn stages(app: &App, organization: OrganizationId) -> Result<Vec<StageChoice>> {
    let client = lever_client(app, organization).await?;
    let found = client.stages().await.map_err(|error| unlisted(&error))?;
    let chosen = app
        .read(move |_, conn| trigger_stages(conn, organization))
        .await?;
    let choice = |stage: Stage| StageChoice {
        is_trigger: chosen.iter().any(|one| stage.id == one.stage_id.as_str()),
        id: stage.id.into(),
        name: stage.text,
    };
    Ok(found.into_iter().map(choice).collect())
}

fn unlisted(error: &lever::Error) -> Error {
    refusal("list the stages", error)
}

/// The stages that an organization chose, oldest first.
///
/// # Errors
/// Those of the database.
pub fn trigger_stages(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<TriggerStage>> {
    Ok(store::of(conn, organization)?)
}

/// The same, for a program that asks about the connection.
///
/// # Errors
/// [`Error::Conflict`] where Lever is not connected.
pub fn trigger_stages_of_connected(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<TriggerStage>> {
    match working(conn, organization, ConnectionKind::Lever) {
        // It is still the account's own stages that are shown.
        Ok(_)
        | Err(Error::Conflict {
            code: "needs_attention",
            ..
        }) => trigger_stages(conn, organization),
        Err(error) => Err(error),
    }
}

/// Looks a stage up in Lever, for [`add_trigger_stage`].
///
/// # Errors
/// [`Error::Unprocessable`] for a stage that is not there, [`Error::Conflict`] where Lever is not connected, [`Error::FarSide`]
/// where it cannot be asked.
pub async fn find_stage(
    app: &App,
    organization: OrganizationId,
    stage: &str,
) -> Result<FoundStage> {
    let stage = required("stage_id", stage, 200)?;
    let client = lever_client(app, organization).await?;
    let listed = client
        .stages_dated()
        .await
        .map_err(|error| unlisted(&error))?;
    let sent_at = listed
        .sent_at
        .map_or_else(|| app.now(), DateTime::<Utc>::from);
    let found = listed
        .value
        .into_iter()
        .find(|one| one.id == stage.as_str());
    let found = found.ok_or_else(|| {
        Error::fault(
            "stage_id",
            "names no stage in Lever; take one of GET /v1/lever/stages",
        )
    })?;
    Ok(FoundStage {
        id: stage,
        name: found.text,
        at: end_of_second(sent_at),
    })
}

/// The clock of an ATS is told in whole seconds: what happened within that one may have been before.
pub(super) fn end_of_second(moment: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = moment.timestamp();
    DateTime::from_timestamp_micros(seconds * 1_000_000 + 999_999).unwrap_or(moment)
}

/// Chooses a stage: whoever is moved into it from now on, by Lever's clock, is invited. The same again is the same.
///
/// # Errors
/// [`Error::Conflict`] for more than 50.
pub fn add_trigger_stage(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    found: &FoundStage,
) -> Result<TriggerStage> {
    let chosen = store::of(conn, organization)?;
    if let Some(same) = chosen.iter().find(|stage| stage.stage_id == found.id) {
        return Ok(same.clone());
    }
    if chosen.len() >= MOST {
        let message = "50 trigger stages are the most; remove one first";
        return Err(Error::conflict("too_many", message));
    }
    let stage = TriggerStage {
        id: app.draw(),
        organization,
        stage_id: found.id.clone(),
        name: found.name.clone(),
        missing: false,
        configured_at: found.at,
        checked_at: app.now(),
    };
    store::insert(conn, &stage)?;
    note(app, conn, organization, Action::TriggerStageAdded, stage.id)?;
    Ok(stage)
}

/// Removes a stage that was chosen; whoever was invited stays so.
///
/// # Errors
/// [`Error::NotFound`] for an unknown one.
pub fn remove_trigger_stage(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    stage: TriggerStageId,
) -> Result<()> {
    if !store::remove(conn, organization, stage)? {
        return Err(Error::NotFound("trigger stage"));
    }
    note(app, conn, organization, Action::TriggerStageRemoved, stage)
}

fn note(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    action: Action,
    stage: TriggerStageId,
) -> Result<()> {
    let object = format!("trigger_stage:{stage}");
    audit::note(app, conn, Some(organization), action, object, json!({}))
}

/// Looks at the names of stages that nobody looked at for a day; those that are gone from Lever are marked. Organizations that
/// are not connected come later.
///
/// # Errors
/// Those of the database.
pub async fn check_trigger_stages(app: &App) -> Result<()> {
    let due = app
        .read(|app, conn| Ok(store::unchecked(conn, app.now() - CHECKED_EVERY, SLICE)?))
        .await?;
    for organization in due {
        let listed = match lever_client(app, organization).await {
            Ok(client) => client.stages().await.map_err(|error| unlisted(&error)),
            Err(error) => Err(error),
        };
        match listed {
            Ok(listed) => keep_found(app, organization, listed).await?,
            Err(Error::Conflict { .. }) => put_off(app, organization).await?,
            Err(error) => {
                tracing::warn!(%error, "the names of trigger stages could not be looked at");
            }
        }
    }
    Ok(())
}

async fn keep_found(app: &App, organization: OrganizationId, listed: Vec<Stage>) -> Result<()> {
    app.write(move |app, conn| {
        for chosen in store::of(conn, organization)? {
            let found = listed.iter().find(|one| one.id == chosen.stage_id.as_str());
            let name = found.map(|stage| stage.text.as_str());
            store::note_found(conn, organization, chosen.id, name, app.now())?;
        }
        Ok(())
    })
    .await
}

/// Without a connection nothing is known; what was known stays.
async fn put_off(app: &App, organization: OrganizationId) -> Result<()> {
    app.write(move |app, conn| {
        for chosen in store::of(conn, organization)? {
            store::note_checked(conn, organization, chosen.id, app.now())?;
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_later_than_the_second_counts() {
        let told = DateTime::from_timestamp(1_800_000_000, 0).expect("a moment");
        let end = end_of_second(told);
        assert!(told + TimeDelta::milliseconds(999) < end);
        assert!(told + TimeDelta::milliseconds(1000) > end);
    }
}
