//! `baton-sandbox check`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;
use sandbox::CheckConfig;
use url::Url;

/// Whom to judge.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Base of list_tests, send_test, test_status and response_errors.
    #[arg(long, value_name = "URL")]
    base_url: Url,
    /// The vendor's API key.
    #[arg(long, env = "SANDBOX_KEY", hide_env_values = true)]
    key: String,
    /// Base of the callback URLs, where the vendor takes only hosts it knows. Nothing is called there.
    #[arg(long, value_name = "URL", default_value = "https://app.greenhouse.io/")]
    callback_base: Url,
}

/// Prints the table; exit code 1 when a row failed.
///
/// # Errors
/// No HTTP client could be built, or nobody reads the output.
pub(crate) async fn run(check: Check) -> io::Result<ExitCode> {
    let config = CheckConfig {
        base_url: check.base_url,
        key: check.key,
        callback_base: check.callback_base,
    };
    let report = sandbox::check(&config).await.map_err(io::Error::other)?;
    writeln!(io::stdout(), "{report}")?;
    Ok(ExitCode::from(u8::from(report.fails())))
}
