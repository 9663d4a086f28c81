//! The queue, long and short: how many jobs a second are claimed and finished, straight through `storage::jobs` as a worker
//! does it, with jobs that take no time.

use std::io;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use domain::{Clock, InviteId, OrganizationId, SystemClock};
use jobs::Job;
use serde::{Deserialize, Serialize};
use storage::jobs::{NewJob, Progress, Room, claim, enqueue, finish};
use storage::workers::WorkerId;
use storage::{DatabaseUrl, Db};

use crate::chance::Chance;
use crate::place::{Engine, Place, file, settle};
use crate::report::{Bar, head, judged, median, note, row, say, spread};

/// The long queue's rate beside the short one's.
const LONG: Bar = Bar::AtLeast(0.8);
/// The rate while an old snapshot is held beside the rate before.
const HELD: Bar = Bar::AtLeast(0.33);
/// As many as a worker claims at once when all its hands are free.
const CLAIM: usize = 16;
/// How many jobs go in at once.
const BATCH: usize = 1000;
const ORGANIZATIONS: usize = 500;

/// How long, how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) short: usize,
    pub(crate) long: usize,
    pub(crate) rounds: usize,
    /// Jobs of one turn.
    pub(crate) turn: usize,
}

/// A job as long as that of an invitation's mail.
#[derive(Debug, Serialize, Deserialize)]
struct Nothing {
    invite: InviteId,
    attempt: i32,
    occasion: String,
}

impl Job for Nothing {
    const KIND: &'static str = "nothing";
}

/// A queue that is kept at its length.
struct Line {
    db: Db,
    database: String,
    organizations: Vec<OrganizationId>,
    chance: Chance,
    progress: Progress,
}

/// Fills both, takes turns, prints the table.
///
/// # Errors
/// Those of the database.
pub(crate) async fn measure(place: &Place, engine: Engine, plan: Plan) -> io::Result<()> {
    let mut short = Line::open(place, engine, "short_queue", plan.short).await?;
    let mut long = Line::open(place, engine, "long_queue", plan.long).await?;
    say(&format!(
        "\n### {}: claim and finish, {} queued beside {}\n",
        engine.name(),
        plan.long,
        plan.short
    ));
    head(&[
        "queue",
        "jobs, per second",
        "beside",
        "ratio (lowest–highest)",
        "bar",
        "",
    ]);
    let free = compare(&mut short, &mut long, plan).await?;
    print(
        "long",
        &free.long,
        "short",
        &free.short,
        &free.ratios(),
        LONG,
    );
    if engine == Engine::Postgres {
        let snapshot = hold_snapshot(&long.database)?;
        let held = compare(&mut short, &mut long, plan).await?;
        drop(snapshot);
        // Each beside the short queue of its own turns: a machine that grows slower meanwhile slows both.
        let pairs = held.ratios().into_iter().zip(free.ratios());
        let ratios: Vec<f64> = pairs.map(|(held, free)| held / free).collect();
        let name = format!(
            "long, up to {} jobs into a held snapshot",
            plan.rounds * plan.turn
        );
        print(&name, &held.long, "without", &free.long, &ratios, HELD);
    }
    drop((short, long));
    place.delete(engine, "short_queue")?;
    place.delete(engine, "long_queue")
}

fn print(name: &str, ours: &[f64], beside: &str, theirs: &[f64], ratios: &[f64], bar: Bar) {
    let [words, verdict] = judged(bar, median(ratios));
    row(&[
        name.to_owned(),
        format!("{:.0}", median(ours)),
        format!("{beside}: {:.0}", median(theirs)),
        spread(ratios),
        words,
        verdict,
    ]);
}

/// Rates of both, round by round.
#[derive(Debug, Default)]
struct Rates {
    short: Vec<f64>,
    long: Vec<f64>,
}

impl Rates {
    /// The long one's beside the short one's.
    fn ratios(&self) -> Vec<f64> {
        self.long
            .iter()
            .zip(&self.short)
            .map(|(a, b)| a / b)
            .collect()
    }
}

async fn compare(short: &mut Line, long: &mut Line, plan: Plan) -> io::Result<Rates> {
    let mut rates = Rates::default();
    short.turn(plan.turn / 4).await?;
    long.turn(plan.turn / 4).await?;
    for round in 1..=plan.rounds {
        note(&format!("Round {round} of {}", plan.rounds));
        rates.short.push(short.turn(plan.turn).await?);
        rates.long.push(long.turn(plan.turn).await?);
    }
    Ok(rates)
}

/// A transaction that sees the queue as it now is: while it lasts, no dead row of that time can be cleaned away.
fn hold_snapshot(database: &str) -> io::Result<PgConnection> {
    let mut conn = PgConnection::establish(database).map_err(io::Error::other)?;
    conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT id FROM jobs LIMIT 1")
        .map_err(io::Error::other)?;
    Ok(conn)
}

impl Line {
    async fn open(place: &Place, engine: Engine, name: &str, length: usize) -> io::Result<Self> {
        note(&format!("Queueing {length} jobs"));
        let database = place.create(engine, name)?;
        let url = match engine {
            Engine::Sqlite => DatabaseUrl::Sqlite(file(&database).to_owned()),
            Engine::Postgres => DatabaseUrl::Postgres(database.clone()),
        };
        storage::migrate(&url).map_err(io::Error::other)?;
        let mut chance = Chance::of(7);
        let now = SystemClock.now();
        let mut line = Self {
            db: Db::open(&url, 8).map_err(io::Error::other)?,
            database,
            organizations: (0..ORGANIZATIONS).map(|_| chance.id(now)).collect(),
            chance,
            progress: Progress::default(),
        };
        line.queue(length).await?;
        settle(&line.database)?;
        Ok(line)
    }

    /// Adds so many jobs, each of any of the organizations.
    async fn queue(&mut self, mut many: usize) -> io::Result<()> {
        let now = SystemClock.now();
        while many > 0 {
            let batch: Vec<NewJob> = (0..many.min(BATCH)).map(|_| self.job()).collect();
            many -= batch.len();
            self.db
                .write(move |conn| enqueue(conn, &batch, now))
                .await
                .map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn job(&mut self) -> NewJob {
        let now = SystemClock.now();
        let invite: InviteId = self.chance.id(now);
        let organization = *self.chance.pick(&self.organizations);
        let key = format!("{invite}.1.invitation");
        let job = Nothing {
            invite,
            attempt: 1,
            occasion: "invitation".to_owned(),
        };
        job.queued(self.chance.id(now), organization, key, now)
    }

    /// Claims and finishes so many jobs; how many a second. Then the queue gets as many new ones, off the clock.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    async fn turn(&mut self, many: usize) -> io::Result<f64> {
        let begun = Instant::now();
        let mut done = 0;
        while done < many {
            match self.claim_and_finish().await? {
                0 => return Err(io::Error::other("nothing was due in a full queue")),
                some => done += some,
            }
        }
        let rate = done as f64 / begun.elapsed().as_secs_f64();
        self.queue(done).await?;
        Ok(rate)
    }

    async fn claim_and_finish(&mut self) -> io::Result<usize> {
        let (now, token) = (SystemClock.now(), self.chance.id(SystemClock.now()));
        let mut room = Room::of(WorkerId(token), CLAIM);
        room.progress = self.progress;
        let claimed = self
            .db
            .write(move |conn| claim(conn, &room, now, token))
            .await
            .map_err(io::Error::other)?;
        self.progress = claimed.progress;
        let finishing = claimed
            .jobs
            .into_iter()
            .map(|held| self.db.write(move |conn| finish(conn, &held)));
        let finished = futures_util::future::join_all(finishing).await;
        let many = finished.len();
        match finished.into_iter().all(|held| matches!(held, Ok(true))) {
            true => Ok(many),
            false => Err(io::Error::other("a job could not be finished")),
        }
    }
}
