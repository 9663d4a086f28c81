//! The workers that are alive, as the database knows them.
//!
//! Each has a row and raises its beat. Nobody compares clocks: a worker is dead when others, by their own clocks, have seen its
//! beat stand still for long. Only used on PostgreSQL; on SQLite there is one process.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::schema::workers as t;
use crate::value::{At, Id, at};
use crate::{AnyConnection, Result};

/// Names one run of one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkerId(pub Uuid);

/// A worker, for people to read.
#[derive(Debug, Clone)]
pub struct WorkerRecord {
    /// Which.
    pub id: WorkerId,
    /// The machine and process it runs in.
    pub name: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it last raised its beat, by its own clock.
    pub beat_at: DateTime<Utc>,
}

/// Raises the beat; where the row is gone, since others took the worker for dead, it is made anew. Answers whether the row
/// was there.
///
/// # Errors
/// Those of the database.
pub fn beat(
    conn: &mut AnyConnection,
    worker: WorkerId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let raised = diesel::update(t::table.find(Id(worker.0)))
        .set((t::beat.eq(t::beat + 1), t::beat_at.eq(at(now))))
        .execute(conn)?;
    if raised == 0 {
        diesel::insert_into(t::table)
            .values((
                t::id.eq(Id(worker.0)),
                t::name.eq(name),
                t::beat.eq(0),
                t::started_at.eq(at(now)),
                t::beat_at.eq(at(now)),
            ))
            .execute(conn)?;
    }
    Ok(raised == 1)
}

/// Every worker's beat.
///
/// # Errors
/// Those of the database.
pub fn beats(conn: &mut AnyConnection) -> Result<Vec<(WorkerId, i64)>> {
    let rows: Vec<(Id, i64)> = t::table.select((t::id, t::beat)).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(worker, beat)| (WorkerId(worker.0), beat))
        .collect())
}

/// Strikes a worker off, unless it has raised its beat meanwhile; answers whether that was done. What it had claimed then
/// belongs to nobody: see [`crate::jobs::take_back_lost`].
///
/// # Errors
/// Those of the database.
pub fn strike_off(conn: &mut AnyConnection, worker: WorkerId, beat: i64) -> Result<bool> {
    let silent = t::table
        .filter(t::id.eq(Id(worker.0)))
        .filter(t::beat.eq(beat));
    Ok(diesel::delete(silent).execute(conn)? == 1)
}

/// Takes a worker that ends off the list.
///
/// # Errors
/// Those of the database.
pub fn leave(conn: &mut AnyConnection, worker: WorkerId) -> Result<()> {
    diesel::delete(t::table.find(Id(worker.0))).execute(conn)?;
    Ok(())
}

/// All workers, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<WorkerRecord>> {
    let rows: Vec<(Id, String, At, At)> = t::table
        .order(t::started_at)
        .select((t::id, t::name, t::started_at, t::beat_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(worker, name, started_at, beat_at)| WorkerRecord {
            id: WorkerId(worker.0),
            name,
            started_at: started_at.moment(),
            beat_at: beat_at.moment(),
        })
        .collect())
}
