//! Measures what `docs/benchmarks.md` says of Baton at size: each part starts the release build as processes of its own and
//! prints its figures as tables in Markdown, each beside its bar. `tests/bench/scale` builds and calls it.

mod chance;
mod client;
mod customer;
mod effects;
mod fill;
mod place;
mod queue;
mod raw;
mod reads;
mod report;
mod serve;
mod site;
mod writes;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use place::{Engine, Place};
use report::say;

/// Measures Baton from outside.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct CommandLine {
    /// A folder for what is measured; kept where it is given.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The administrator's URL of a PostgreSQL server to make databases on; without one SQLite alone is measured.
    #[arg(long, env = "BENCH_POSTGRES", value_name = "URL")]
    postgres: Option<String>,
    /// One engine alone.
    #[arg(long)]
    engine: Option<Engine>,
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Fill a database that stays, and print each organization's keys.
    Fill {
        /// As `database.url` has it.
        database: String,
        #[arg(long, default_value_t = 1_000_000)]
        invites: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Reads of a large database beside those of a small one.
    Reads {
        #[arg(long, default_value_t = 1_000_000)]
        large: usize,
        #[arg(long, default_value_t = 10_000)]
        small: usize,
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// How long a turn lasts.
        #[arg(long, default_value_t = 0.5)]
        seconds: f64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// `send_test` on SQLite beside SQLite itself, and grouped beside one by one.
    Writes {
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// How long a turn lasts.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
    },
    /// Jobs claimed and finished a second, from a long queue beside a short one.
    Queue {
        #[arg(long, default_value_t = 1_000_000)]
        long: usize,
        #[arg(long, default_value_t = 1000)]
        short: usize,
        #[arg(long, default_value_t = 20)]
        rounds: usize,
        /// Jobs of one turn.
        #[arg(long, default_value_t = 1000)]
        turn: usize,
    },
    /// From an answer to its effect outside, and the api's memory.
    Effects {
        #[arg(long, default_value_t = 200)]
        times: usize,
        /// How long each call is made on 64 connections before memory is looked at.
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
    },
    /// The api with groups of another size: the other side of `writes`.
    #[command(hide = true)]
    Serve {
        #[arg(long)]
        groups_of: usize,
    },
}

fn main() -> ExitCode {
    server::install_tls();
    let command_line = CommandLine::parse();
    if let Part::Serve { groups_of } = command_line.part {
        return serve::serve(groups_of);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let outcome = runtime.and_then(|runtime| runtime.block_on(run(command_line)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::note(&format!("The bench ends without figures: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(command_line: CommandLine) -> io::Result<()> {
    let scratch = tempfile::tempdir()?;
    let place = Place {
        folder: command_line
            .folder
            .unwrap_or_else(|| scratch.path().to_owned()),
        postgres: command_line.postgres,
    };
    let engines = command_line
        .engine
        .map_or_else(|| place.engines(), |engine| vec![engine]);
    match command_line.part {
        Part::Fill {
            database,
            invites,
            seed,
        } => fill(&place, &database, invites, seed).await,
        Part::Reads {
            large,
            small,
            rounds,
            seconds,
            seed,
        } => {
            let plan = reads::Plan {
                small,
                large,
                rounds,
                seconds,
                seed,
            };
            for engine in engines {
                reads::measure(&place, engine, plan).await?;
            }
            Ok(())
        }
        Part::Writes { rounds, seconds } => {
            writes::measure(&place, writes::Plan { rounds, seconds }).await
        }
        Part::Queue {
            long,
            short,
            rounds,
            turn,
        } => {
            let plan = queue::Plan {
                short,
                long,
                rounds,
                turn,
            };
            for engine in engines {
                queue::measure(&place, engine, plan).await?;
            }
            Ok(())
        }
        Part::Effects { times, seconds } => {
            let load = std::time::Duration::from_secs_f64(seconds);
            for engine in engines {
                effects::measure(&place, engine, times, load).await?;
            }
            Ok(())
        }
        Part::Serve { groups_of } => Err(io::Error::other(format!(
            "groups of {groups_of} are served by themselves"
        ))),
    }
}

async fn fill(place: &Place, database: &str, invites: usize, seed: u64) -> io::Result<()> {
    let plan = reads::Plan {
        small: 0,
        large: invites,
        rounds: 0,
        seconds: 0.0,
        seed,
    };
    for (organization, platform, greenhouse) in reads::keep(place, database, plan).await? {
        say(&format!(
            "{organization}\t{}\t{}",
            platform.trim(),
            greenhouse.trim()
        ));
    }
    Ok(())
}
