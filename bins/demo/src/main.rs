//! `baton-demo`: Baton, a Greenhouse and a mailbox in one process, on loopback, on SQLite. What `cargo run` starts.

mod house;
mod story;
mod walk;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use house::House;
use server::{Failure, settings::Settings};
use story::Story;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio_util::sync::CancellationToken;

/// All of Baton in one process, with a Greenhouse and a mailbox to try it on. Everything is thrown away at the end.
#[derive(Debug, Parser)]
#[command(name = "baton-demo", version)]
struct Arguments {
    /// Settings to try, in TOML; where things are is the demo's own business.
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    /// Walk through one whole round trip, then end.
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
        walk::whole_round_trip(&house, &story).await?;
    } else {
        until_told_to_stop(&house, &story, &stop).await;
    }
    house.close().await
}

/// Walks through a round trip each time somebody presses Enter.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the demo speaks at the terminal"
)]
async fn until_told_to_stop(house: &House, story: &Story, stop: &CancellationToken) {
    println!("Press Enter to watch one whole round trip, Ctrl-C to end.");
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    loop {
        let line = tokio::select! {
            () = stop.cancelled() => return,
            line = lines.next_line() => line,
        };
        // Where nobody is at the keyboard (a pipe that has ended), only a signal ends the demo.
        if !matches!(line, Ok(Some(_))) {
            return stop.cancelled().await;
        }
        if let Err(error) = walk::whole_round_trip(house, story).await {
            eprintln!("The walk ended early: {error}");
        }
    }
}
