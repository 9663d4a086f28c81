//! What every program takes on its command line.

use std::path::PathBuf;

use clap::Parser;
use settings::Settings;

/// Options of a server program.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None)]
pub struct CommandLine {
    /// Settings in TOML; else ./baton.toml if it is there. The environment (BATON__SECTION__KEY) wins.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The settings of `config` and the environment. Where they are at fault the process ends with status 2, all faults listed.
#[expect(
    clippy::print_stderr,
    reason = "faults are for the person at the terminal"
)]
pub fn settings_or_exit(config: Option<&std::path::Path>) -> Settings {
    Settings::load(config, settings::environment()).unwrap_or_else(|faults| {
        eprintln!("{faults}");
        std::process::exit(2);
    })
}
