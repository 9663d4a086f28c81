//! One place for a process, which is filled again each time it was killed.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use test_support::free_address;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

use crate::broken::{Broken, Result, broken};

/// What runs at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    Api,
    Worker,
}

/// A place: the second worker, say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) role: Role,
    /// From 0 on.
    pub(crate) number: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let role = match self.role {
            Role::Api => "api",
            Role::Worker => "worker",
        };
        write!(f, "{role} {}", self.number + 1)
    }
}

/// The process at a place.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) place: Place,
    path: PathBuf,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    child: Mutex<Option<Child>>,
}

impl Program {
    /// A place at which nothing runs yet.
    pub(crate) fn new(
        place: Place,
        programs: &Path,
        folder: &Path,
        environment: Vec<(String, String)>,
    ) -> Self {
        let name = match place.role {
            Role::Api => "baton-api",
            Role::Worker => "baton-worker",
        };
        Self {
            place,
            path: programs.join(name),
            folder: folder.to_owned(),
            environment,
            child: Mutex::new(None),
        }
    }

    /// Starts it, unless it runs. An api gets another port each time: the one it had may be somebody else's by now.
    /// Answers where it listens.
    pub(crate) async fn start(&self) -> Result<Option<SocketAddr>> {
        let mut child = self.child.lock().await;
        if child.is_some() {
            return Ok(None);
        }
        let log = open(&self.log())?;
        let mut command = Command::new(&self.path);
        command
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(log.try_clone()?)
            .stdout(log)
            .kill_on_drop(true);
        let address = match self.place.role {
            Role::Api => Some(free_address()),
            Role::Worker => None,
        };
        if let Some(address) = address {
            command.env("BATON__HTTP__LISTEN", address.to_string());
        }
        let path = self.path.display();
        let spawned = command.spawn();
        *child = Some(spawned.map_err(|error| Broken(format!("{path} cannot be run: {error}")))?);
        Ok(address)
    }

    /// Kills it as it is. False where nothing ran.
    pub(crate) async fn kill(&self) -> Result<bool> {
        match self.child.lock().await.take() {
            Some(mut child) => {
                child.kill().await?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Sends it a signal by name: STOP, CONT, TERM.
    pub(crate) async fn signal(&self, name: &str) -> Result<()> {
        let child = self.child.lock().await;
        let Some(id) = child.as_ref().and_then(Child::id) else {
            return broken(format!("{} does not run", self.place));
        };
        let arguments = [format!("-{name}"), id.to_string()];
        if Command::new("kill")
            .args(arguments)
            .status()
            .await?
            .success()
        {
            Ok(())
        } else {
            broken(format!("{} could not be sent {name}", self.place))
        }
    }

    /// How it ended, if it did so by itself since the last look.
    pub(crate) async fn ended(&self) -> Result<Option<ExitStatus>> {
        let mut child = self.child.lock().await;
        let Some(running) = child.as_mut() else {
            return Ok(None);
        };
        let ended = running.try_wait()?;
        if ended.is_some() {
            *child = None;
        }
        Ok(ended)
    }

    /// Where it writes what it has to say.
    pub(crate) fn log(&self) -> PathBuf {
        let name = self.place.to_string().replace(' ', "-");
        self.folder.join(format!("{name}.log"))
    }
}

fn open(log: &Path) -> Result<File> {
    Ok(OpenOptions::new().create(true).append(true).open(log)?)
}
