//! `baton-admin`: what the operator does from a terminal.

mod answer;
mod commands;
mod doctor;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use commands::Command;

/// The operator's command line for Baton.
#[derive(Debug, Parser)]
#[command(name = "baton-admin", version, about)]
struct Arguments {
    /// Settings in TOML; else ./baton.toml if it is there. The environment (BATON__SECTION__KEY) wins.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line answers at the terminal"
)]
async fn main() -> ExitCode {
    server::install_tls();
    let arguments = Arguments::parse();
    let settings = server::settings_or_exit(arguments.config.as_deref());
    match commands::run(&settings, arguments.command).await {
        Ok(answer) => {
            println!("{}", answer.written(arguments.json));
            ExitCode::from(answer.status())
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
