//! The work that waits, and the work that was given up.

use app::{App, Page, connections};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ConnectionKind;
use storage::circuits::OpenCircuit;
use storage::inspection;
use storage::workers::WorkerRecord;

use super::{Finding, failed};

/// Work that has been due for longer has nobody who does it.
const LONG: TimeDelta = TimeDelta::minutes(5);
/// A worker beats every 2 s; the clocks of machines may be some seconds apart.
const SILENT: TimeDelta = TimeDelta::seconds(30);
/// So many circuits are named.
const MOST: i64 = 20;

/// The queue.
pub(super) async fn queue(app: &App) -> Vec<Finding> {
    let found = app.read(|_, conn| {
        Ok((
            storage::jobs::next_due(conn)?,
            inspection::dead_by_kind(conn)?,
        ))
    });
    let (longest, dead) = match found.await {
        Ok(found) => found,
        Err(error) => return failed("queue", &error),
    };
    let mut findings: Vec<Finding> = dead
        .iter()
        .map(|(kind, many)| given_up(kind, *many))
        .collect();
    let late = longest
        .map(|due| app.now() - due)
        .filter(|late| *late > LONG);
    findings.push(match late {
        Some(late) => Finding::warning(
            "queue",
            format!("A job has been due for {} minutes.", late.num_minutes()),
            "See that a worker runs (on SQLite: `worker.embedded` of baton-api), and what its log says.",
        ),
        None => Finding::fine("queue", "Nothing is late."),
    });
    findings
}

fn given_up(kind: &str, many: i64) -> Finding {
    Finding::warning(
        "queue",
        format!("{many} jobs of kind {kind} were given up."),
        format!(
            "See why: baton-admin jobs list --kind {kind}. Once the cause is mended: baton-admin jobs replay --kind {kind}"
        ),
    )
}

/// Who is there to do it. On SQLite the worker is in the api, and beats for nobody.
pub(super) async fn workers(app: &App) -> Vec<Finding> {
    if app.db().is_sqlite() {
        return Vec::new();
    }
    let workers = app.read(|_, conn| Ok(storage::workers::list(conn)?));
    match workers.await {
        Ok(workers) => judge_workers(&workers, app.now()),
        Err(error) => failed("workers", &error),
    }
}

/// By each worker's own clock, which may differ from this one's by a few seconds.
fn judge_workers(workers: &[WorkerRecord], now: DateTime<Utc>) -> Vec<Finding> {
    let silent = |worker: &WorkerRecord| now - worker.beat_at > SILENT;
    let mut findings: Vec<Finding> = workers
        .iter()
        .filter(|worker| silent(worker))
        .map(|worker| {
            let seconds = (now - worker.beat_at).num_seconds();
            Finding::warning(
                "workers",
                format!("The worker on {} has not been heard of for {seconds} s.", worker.name),
                "It has ended or stands still: see its log. Other workers take over what it had, and strike it off.",
            )
        })
        .collect();
    let names: Vec<&str> = workers
        .iter()
        .filter(|worker| !silent(worker))
        .map(|worker| worker.name.as_str())
        .collect();
    findings.push(match names.len() {
        0 => Finding::error(
            "workers",
            "No worker runs: nothing is mailed, and no ATS is told.",
            "Start baton-worker, or set `worker.embedded` to true and restart baton-api.",
        ),
        many => Finding::fine("workers", format!("{many} at work: {}.", names.join(", "))),
    });
    findings
}

/// What waits for something else than its turn.
pub(super) async fn parked(app: &App) -> Vec<Finding> {
    let found = app.read(|_, conn| {
        Ok((
            inspection::parked_by_name(conn)?,
            storage::circuits::all_open(conn, MOST)?,
        ))
    });
    let (parked, open) = match found.await {
        Ok(found) => found,
        Err(error) => return failed("parked", &error),
    };
    let waits = parked.iter().map(|(name, many)| waits(name, *many));
    let mut findings: Vec<Finding> = waits.collect();
    findings.extend(open.iter().map(keeps_failing));
    findings
}

/// Names are those of connections; what waits for a connection's throttle or circuit says so behind it.
fn waits(name: &str, many: i64) -> Finding {
    let (connection, what_for) = name.split_once(' ').unwrap_or((name, ""));
    let jobs = format!("{many} jobs wait for {connection}");
    match what_for {
        "throttle" => Finding::fine("parked", format!("{jobs}, which has asked to wait.")),
        "circuit" => Finding::warning(
            "parked",
            format!("{jobs}, which keeps failing."),
            "They go on by themselves once it answers again: see its status page, and whether this machine reaches it.",
        ),
        _ => Finding::warning(
            "parked",
            format!("{jobs}, which refuses us or is not connected."),
            "See which in the organizations' invites (write-backs that are `blocked` say why): the customer hands over an active \
             key, or connects again. They go on by themselves then.",
        ),
    }
}

fn keeps_failing(open: &OpenCircuit) -> Finding {
    Finding::warning(
        "circuits",
        format!(
            "{} of organization {} keeps failing: {}.",
            open.name, open.organization, open.why
        ),
        format!(
            "It is tried once more at {}.",
            open.until.format("%H:%M:%S UTC")
        ),
    )
}

/// People who are still to be erased.
pub(super) async fn erasures(app: &App) -> Vec<Finding> {
    let open = app.read(|_, conn| Ok(storage::erasures::unfinished(conn, 1000)?));
    let open = match open.await {
        Ok(open) => open,
        Err(error) => return failed("erasures", &error),
    };
    let late = open
        .iter()
        .filter(|one| app.now() - one.asked_at > LONG)
        .count();
    if late == 0 {
        return vec![Finding::fine("erasures", "Whoever asked to be erased is.")];
    }
    vec![Finding::error(
        "erasures",
        format!("{late} people who asked to be erased are not erased to the end."),
        "See that a worker runs: it goes on with them every minute, and its log says what is in the way.",
    )]
}

/// What organizations wait for the operator with, and what can be given to them.
pub(super) async fn requests(app: &App) -> Vec<Finding> {
    let all = Page {
        limit: 100,
        before: None,
    };
    let found = app.read(move |_, conn| connections::requests(conn, all));
    let found = match found.await {
        Ok(found) => found,
        Err(error) => return failed("requests", &error),
    };
    let names: Vec<String> = found
        .iter()
        .filter(|open| open.connection.kind != ConnectionKind::GreenhouseHarvest)
        .map(|open| {
            format!(
                "{} for {}",
                open.organization_name,
                open.connection.kind.title()
            )
        })
        .collect();
    if names.is_empty() {
        return vec![Finding::fine("requests", "No organization waits for you.")];
    }
    vec![Finding::warning(
        "requests",
        format!("Organizations wait for you: {}.", names.join(", ")),
        "Sign in as an operator and answer them under Operator › Requests (/operator/requests).",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;
    use domain::JobId;
    use storage::workers::WorkerId;

    fn worker(name: &str, silent_for: i64) -> WorkerRecord {
        let id = "01920000-0000-7000-8000-000000000000".parse::<JobId>();
        let (id, beat_at) = (
            id.expect("an id"),
            DateTime::UNIX_EPOCH - TimeDelta::seconds(silent_for),
        );
        WorkerRecord {
            id: WorkerId(id.0),
            name: name.into(),
            started_at: beat_at,
            beat_at,
        }
    }

    fn severities(workers: &[WorkerRecord]) -> Vec<Severity> {
        let findings = judge_workers(workers, DateTime::UNIX_EPOCH);
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn a_silent_worker_is_named_and_none_at_all_is_an_error() {
        assert_eq!(severities(&[]), [Severity::Error]);
        assert_eq!(severities(&[worker("one 1", 2)]), [Severity::Fine]);
        let one_silent = [worker("one 1", 2), worker("two 2", 300)];
        assert_eq!(severities(&one_silent), [Severity::Warning, Severity::Fine]);
        assert_eq!(
            severities(&one_silent[1..]),
            [Severity::Warning, Severity::Error]
        );
    }

    #[test]
    fn what_waits_is_told_by_what_it_waits_for() {
        assert_eq!(
            waits("greenhouse_assessment throttle", 3).severity,
            Severity::Fine
        );
        let refused = waits("greenhouse_assessment", 3);
        assert_eq!(
            (refused.severity, refused.what.as_str()),
            (
                Severity::Warning,
                "3 jobs wait for greenhouse_assessment, which refuses us or is not connected."
            )
        );
    }
}
