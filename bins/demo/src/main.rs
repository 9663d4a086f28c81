//! `baton-demo`: Baton, a Greenhouse, a Lever and a mailbox in one process, on loopback, on SQLite. What `cargo run` starts.

mod assessments;
mod candidate;
mod control;
mod greenhouse;
mod harvest;
mod house;
mod lever;
mod story;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use house::House;
use server::{Failure, settings::Settings};
use story::Story;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio_util::sync::CancellationToken;

/// All of Baton in one process, with a Greenhouse, a Lever and a mailbox to try it on. Everything is thrown away at the end.
#[derive(Debug, Parser)]
#[command(name = "baton-demo", version)]
struct Arguments {
    /// Settings to try, in TOML; where things are is the demo's own business.
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// Walk through one whole round trip with each, then end.
    #[arg(long)]
    walk: bool,
}

fn main() -> ExitCode {
    server::install_tls();
    let arguments = Arguments::parse();
    let (house, settings) = match house::plan(arguments.config) {
        Ok(planned) => planned,
        Err(error) => return told(&error),
    };
    server::run_to_the_end(&settings, async |settings: &Settings| {
        show(house, settings, arguments.walk).await
    })
}

#[expect(clippy::print_stderr, reason = "the demo speaks at the terminal")]
fn told(why: &io::Error) -> ExitCode {
    eprintln!("The demo cannot start: {why}");
    match why.kind() {
        io::ErrorKind::InvalidInput => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}

#[expect(clippy::print_stdout, reason = "the demo speaks at the terminal")]
async fn show(plan: house::Plan, settings: &Settings, walk: bool) -> Result<(), Failure> {
    let stop = server::stop_signal()?;
    let house = House::open(plan, settings)?;
    let story = Story::begin(&house).await.map_err(Failure::from)?;
    println!("{}", story.pages(&house));
    if walk {
        all_round_trips(&house, &story).await?;
    } else {
        until_told_to_stop(&house, &story, &stop).await;
    }
    house.close().await
}

/// One with Greenhouse, one over Harvest, then one with Lever.
async fn all_round_trips(house: &House, story: &Story) -> io::Result<()> {
    greenhouse::round_trip(house, story).await?;
    harvest::round_trip(house, story).await?;
    lever::round_trip(house, story).await
}

/// Walks through the round trips each time somebody asks for them.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the demo speaks at the terminal"
)]
async fn until_told_to_stop(house: &House, story: &Story, stop: &CancellationToken) {
    println!(
        "Type g and Enter to watch one whole round trip with Greenhouse, h over its Harvest, l with Lever, Enter alone for all. Ctrl-C ends."
    );
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let line = tokio::select! {
            () = stop.cancelled() => return,
            line = lines.next_line() => line,
        };
        // Where nobody is at the keyboard (a pipe that has ended), only a signal ends the demo.
        let Ok(Some(line)) = line else {
            return stop.cancelled().await;
        };
        let walked = match line.trim() {
            "g" => greenhouse::round_trip(house, story).await,
            "h" => harvest::round_trip(house, story).await,
            "l" => lever::round_trip(house, story).await,
            _ => all_round_trips(house, story).await,
        };
        if let Err(error) = walked {
            eprintln!("The walk ended early: {error}");
        }
    }
}
