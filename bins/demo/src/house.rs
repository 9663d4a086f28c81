//! The parts, each on a free port of this machine.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use app::App;
use mail::catcher::Catcher;
use sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use server::settings::Settings;
use server::{Failure, Running};
use tempfile::TempDir;

/// Baton's application at the sandbox's Lever.
pub(crate) const LEVER_CLIENT_ID: &str = "baton-demo";
/// Its secret; it opens nothing but this demo.
pub(crate) const LEVER_CLIENT_SECRET: &str = "the-demo-keeps-no-secrets";

/// Baton's application at the sandbox's Greenhouse, for Harvest. Greenhouse's ids end in a number.
pub(crate) const HARVEST_CLIENT_ID: &str = "baton-demo-1";
/// Its secret; it opens nothing but this demo.
pub(crate) const HARVEST_CLIENT_SECRET: &str = "the-demo-keeps-no-secrets";

/// What has to be there before the settings can be written: the folder and the ports.
#[derive(Debug)]
pub(crate) struct Plan {
    folder: TempDir,
    listener: TcpListener,
    mail: Catcher,
    /// Where the sandbox will listen.
    sandbox: SocketAddr,
}

/// Everything, running.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) app: App,
    pub(crate) url: String,
    pub(crate) mail: Catcher,
    pub(crate) sandbox: RunningSandbox,
    running: Running,
    // Goes last: it deletes the database.
    _folder: TempDir,
}

fn any_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// Takes a folder and ports, and says in settings where everything is. Settings of the environment do not count here: the
/// demo is the same everywhere.
///
/// # Errors
/// Where the operating system gives no folder or port, and of kind `InvalidInput` where settings are at fault.
pub(crate) fn plan(config: Option<PathBuf>) -> io::Result<(Plan, Settings)> {
    let plan = Plan {
        folder: tempfile::Builder::new().prefix("baton-demo").tempdir()?,
        listener: TcpListener::bind(any_port())?,
        mail: Catcher::start(any_port(), any_port())?,
        sandbox: free_port()?,
    };
    let lever = format!("http://{}/lever", plan.sandbox);
    let greenhouse = format!("http://{}/greenhouse", plan.sandbox);
    let database = plan.folder.path().join("baton.db");
    let pairs = [
        (
            "PUBLIC_URL",
            format!("http://{}", plan.listener.local_addr()?),
        ),
        ("DATABASE__URL", format!("sqlite://{}", database.display())),
        ("WORKER__EMBEDDED", "true".to_owned()),
        ("MAIL__SMTP_URL", plan.mail.smtp_url()),
        ("MAIL__FROM", "invitations@vendor.example".to_owned()),
        ("PLATFORM__NAME", "Baton".to_owned()),
        ("GREENHOUSE__CALLBACK_HOSTS", "127.0.0.1".to_owned()),
        ("GREENHOUSE__API_BASE_URL", format!("{greenhouse}/harvest")),
        ("GREENHOUSE__AUTH_BASE_URL", format!("{greenhouse}/auth")),
        ("GREENHOUSE__CLIENT_ID", HARVEST_CLIENT_ID.to_owned()),
        (
            "GREENHOUSE__CLIENT_SECRET",
            HARVEST_CLIENT_SECRET.to_owned(),
        ),
        ("LEVER__API_BASE_URL", format!("{lever}/v1")),
        ("LEVER__AUTH_BASE_URL", format!("{lever}/auth")),
        ("LEVER__AUDIENCE", format!("{lever}/v1/")),
        ("LEVER__CLIENT_ID", LEVER_CLIENT_ID.to_owned()),
        ("LEVER__CLIENT_SECRET", LEVER_CLIENT_SECRET.to_owned()),
        ("LEVER__REDIRECT_HOSTS", "127.0.0.1".to_owned()),
        ("NETWORK__ALLOW_LOOPBACK_HTTP", "true".to_owned()),
        ("LOG__FORMAT", "pretty".to_owned()),
        ("LOG__FILTER", "error".to_owned()),
    ];
    let env = pairs
        .into_iter()
        .map(|(key, value)| (format!("BATON__{key}"), value));
    let file = match config {
        Some(file) => file,
        None => empty_file(&plan.folder)?,
    };
    let settings = Settings::load(Some(&file), env)
        .map_err(|faults| io::Error::new(io::ErrorKind::InvalidInput, faults.to_string()))?;
    Ok((plan, settings))
}

/// An address that is free now: the settings name it before the sandbox can start.
fn free_port() -> io::Result<SocketAddr> {
    TcpListener::bind(any_port())?.local_addr()
}

/// A file to name, so that no ./baton.toml is read.
fn empty_file(folder: &TempDir) -> io::Result<PathBuf> {
    let file = folder.path().join("demo.toml");
    std::fs::write(&file, "")?;
    Ok(file)
}

impl House {
    /// Starts everything. To be called inside a Tokio runtime.
    ///
    /// # Errors
    /// [`Failure`], for whatever part cannot start.
    pub(crate) fn open(plan: Plan, settings: &Settings) -> Result<Self, Failure> {
        let app = server::open(settings)?;
        let running = Running::start(settings, &app, plan.listener)?;
        Ok(Self {
            app,
            url: settings.public_url.clone(),
            mail: plan.mail,
            sandbox: Sandbox::start(SandboxConfig::on(plan.sandbox))?,
            running,
            _folder: plan.folder,
        })
    }

    /// Stops everything, in order.
    ///
    /// # Errors
    /// [`Failure`], where a part had ended before.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        self.running.stop().await?;
        self.sandbox.stop().await;
        Ok(())
    }
}
