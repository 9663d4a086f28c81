//! What is to be drilled, and how hard.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Kills Baton's programs at random while tests are sent, taken and reported, and then checks that nothing that was
/// answered is lost. Ends with status 1 where something is, and keeps what it saw.
#[derive(Debug, Clone, Parser)]
#[command(name = "drill", version)]
pub(crate) struct Arguments {
    /// On which database. All but `kills` are for PostgreSQL alone.
    #[arg(long, value_enum, default_value_t = On::Both)]
    pub(crate) database: On,
    /// What happens to it; may be given several times. Else `kills`.
    #[arg(long, value_enum, value_name = "NAME")]
    scenario: Vec<Scenario>,
    /// Every scenario, one after the other.
    #[arg(long)]
    all: bool,
    /// The long form: 500 kills in 20,000 sends; 20 restarts; 30 s frozen.
    #[arg(long)]
    long: bool,
    /// How many tests are sent.
    #[arg(long, value_name = "N")]
    sends: Option<usize>,
    /// How many processes are killed (`kills`).
    #[arg(long, value_name = "N")]
    kills: Option<usize>,
    /// Sends a second, at most.
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// Every Nth test is taken by its candidate; the others stay invited.
    #[arg(long, value_name = "N")]
    take_every: Option<usize>,
    /// Where chance begins; the one drawn is printed.
    #[arg(long)]
    seed: Option<u64>,
    /// The folder with baton-api, baton-worker and baton-admin; else the drill's own.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) programs: Option<PathBuf>,
    /// Keep logs and database in any case.
    #[arg(long)]
    pub(crate) keep: bool,
}

/// Which databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum On {
    Sqlite,
    Postgres,
    Both,
}

/// One database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// As people write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What happens to Baton meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Its processes are killed at random.
    Kills,
    /// PostgreSQL is stopped at once and started again, again and again.
    Restarts,
    /// A worker is frozen for so long that another takes over, and then thawed.
    Frozen,
    /// Connections to PostgreSQL end between a COMMIT and its answer.
    Swallowed,
}

impl Scenario {
    /// As it is written on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kills => "kills",
            Self::Restarts => "restarts",
            Self::Frozen => "frozen",
            Self::Swallowed => "swallowed",
        }
    }
}

/// One drill: everything that decides how it goes.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) scenario: Scenario,
    pub(crate) engine: Engine,
    pub(crate) seed: u64,
    pub(crate) sends: usize,
    /// Kills, restarts or freezes; of the swallowed COMMITs, how many.
    pub(crate) blows: usize,
    /// Between two sends.
    pub(crate) pace: Duration,
    pub(crate) take_every: usize,
    /// How long a frozen worker stays so.
    pub(crate) frozen_for: Duration,
    /// How long it may take, once all is well again, until everything is done.
    pub(crate) settles_within: Duration,
}

impl Plan {
    /// How long the sends take, at least.
    pub(crate) fn sending_time(&self) -> Duration {
        self.pace * u32::try_from(self.sends).unwrap_or(u32::MAX)
    }
}

impl Arguments {
    /// What to do, in order. `drawn` is the seed where none is given.
    pub(crate) fn plans(&self, drawn: u64) -> Vec<Plan> {
        let seed = self.seed.unwrap_or(drawn);
        let scenarios = self.scenarios().into_iter();
        let pairs = scenarios.flat_map(|scenario| {
            let engines = self.engines(scenario).into_iter();
            engines.map(move |engine| (scenario, engine))
        });
        pairs
            .map(|(scenario, engine)| self.plan(scenario, engine, seed))
            .collect()
    }

    fn scenarios(&self) -> Vec<Scenario> {
        match (self.all, self.scenario.is_empty()) {
            (true, _) => Scenario::value_variants().to_vec(),
            (false, true) => vec![Scenario::Kills],
            (false, false) => self.scenario.clone(),
        }
    }

    fn engines(&self, scenario: Scenario) -> Vec<Engine> {
        let wanted = match self.database {
            On::Sqlite => vec![Engine::Sqlite],
            On::Postgres => vec![Engine::Postgres],
            On::Both => vec![Engine::Sqlite, Engine::Postgres],
        };
        let able = |engine: &Engine| scenario == Scenario::Kills || *engine == Engine::Postgres;
        wanted.into_iter().filter(able).collect()
    }

    fn plan(&self, scenario: Scenario, engine: Engine, seed: u64) -> Plan {
        let usual = Usual::of(scenario, self.long);
        let rate = self.rate.unwrap_or(usual.rate).max(1);
        Plan {
            scenario,
            engine,
            seed,
            sends: self.sends.unwrap_or(usual.sends),
            blows: self.kills.unwrap_or(usual.blows),
            pace: Duration::from_secs(1) / rate,
            take_every: self.take_every.unwrap_or(usual.take_every).max(1),
            frozen_for: Duration::from_secs(if self.long { 30 } else { 12 }),
            settles_within: Duration::from_secs(if self.long { 300 } else { 120 }),
        }
    }
}

/// The figures of a scenario, where none are given. Two cores bear them with debug builds.
struct Usual {
    sends: usize,
    blows: usize,
    rate: u32,
    take_every: usize,
}

impl Usual {
    fn of(scenario: Scenario, long: bool) -> Self {
        let figures = match (scenario, long) {
            (Scenario::Kills, false) => (250, 12, 15, 1),
            (Scenario::Kills, true) => (20_000, 500, 40, 4),
            (Scenario::Restarts, false) => (120, 3, 10, 1),
            (Scenario::Restarts, true) => (1_000, 20, 10, 2),
            (Scenario::Frozen, false) => (150, 1, 10, 1),
            (Scenario::Frozen, true) => (400, 1, 10, 1),
            (Scenario::Swallowed, false) => (150, 20, 15, 1),
            (Scenario::Swallowed, true) => (2_000, 200, 20, 2),
        };
        let (sends, blows, rate, take_every) = figures;
        Self {
            sends,
            blows,
            rate,
            take_every,
        }
    }
}
