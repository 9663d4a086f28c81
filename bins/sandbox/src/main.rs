//! `baton-sandbox`: stand-ins for applicant-tracking systems with a page to play recruiter.

mod check;
mod config_file;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config_file::ConfigFile;
use sandbox::{Sandbox, SandboxConfig};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use url::Url;

/// Plays Greenhouse, which sends candidates to an assessment partner, takes its results and judges its answers; and
/// Lever, which is authorised, called and sends webhooks.
#[derive(Debug, Parser)]
#[command(
    name = "baton-sandbox",
    version,
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    /// Settings in TOML: listen, state, public_url. What stands on the command line wins.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one. Else 127.0.0.1:8090.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Keep the state in this file, so that it outlives a restart.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Base of the links handed to vendors, if they reach the sandbox at another address.
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge a vendor's endpoints; exit code 1 when something breaks the contract. Sends a few invitations to
    /// addresses that do not exist.
    Check(check::Check),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let outcome = match arguments.command {
        Some(Command::Check(check)) => check::run(check).await,
        None => serve(arguments).await,
    };
    outcome.unwrap_or_else(|error| {
        // Nobody may be listening there either; then there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{error}");
        ExitCode::from(2)
    })
}

async fn serve(arguments: Arguments) -> std::io::Result<ExitCode> {
    let set = match &arguments.config {
        Some(file) => ConfigFile::read(file)?,
        None => ConfigFile::default(),
    };
    let usual = SocketAddr::from(([127, 0, 0, 1], 8090));
    let listen = arguments.listen.or(set.listen).unwrap_or(usual);
    let running = Sandbox::start(SandboxConfig {
        public_url: arguments.public_url.or(set.public_url),
        state_file: arguments.state.or(set.state),
        ..SandboxConfig::on(listen)
    });
    let running = running.map_err(|error| {
        std::io::Error::other(format!("The sandbox cannot start on {listen}: {error}"))
    })?;
    writeln!(
        std::io::stdout(),
        "The sandbox is ready. Open {}",
        running.url()
    )?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}
