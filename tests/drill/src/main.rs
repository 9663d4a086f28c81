//! `drill`: kills Baton at random under load, and checks that nothing that was answered is lost. See docs/drill.md.

mod arguments;
mod broken;
mod check;
mod chronicle;
mod drill;
mod ledger;
mod report;
mod rig;
mod traffic;
mod trouble;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use broken::{Broken, Result};

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the drill speaks at the terminal"
)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut good = true;
    for plan in arguments.plans(fastrand::u64(1..1_000_000)) {
        let (scenario, engine) = (plan.scenario.name(), plan.engine.name());
        println!(
            "{scenario} on {engine}: {} sends, seed {} …",
            plan.sends, plan.seed
        );
        match one(plan, &arguments).await {
            Ok(report) => {
                println!("{report}");
                good &= report.is_good();
            }
            Err(why) => {
                eprintln!("drill: {scenario} on {engine} cannot be drilled: {why}");
                good = false;
            }
        }
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn one(plan: arguments::Plan, arguments: &Arguments) -> Result<report::Report> {
    let programs = match &arguments.programs {
        Some(folder) => std::path::absolute(folder)?,
        None => beside_this()?,
    };
    drill::run(plan, &programs, arguments.keep).await
}

/// Where cargo puts what it builds: beside this program.
fn beside_this() -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().map(PathBuf::from);
    folder.ok_or_else(|| Broken("this program is in no folder".to_owned()))
}
