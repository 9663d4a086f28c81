//! Baton as it is shipped, as processes of their own over one database, with the settings that a vendor would start with.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use server::settings::Settings;

use crate::client::{Connection, get};

/// How long a program may take to be ready, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a Baton is and what its settings say.
#[derive(Debug)]
pub(crate) struct Site {
    /// Host and port.
    pub(crate) address: String,
    pub(crate) database: String,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    programs: Vec<Child>,
    /// The first of `programs`.
    api: Option<u32>,
}

impl Site {
    /// A site that is not running yet, on `database` (as in `database.url`); `more` are further settings.
    pub(crate) fn new(folder: &Path, database: &str, more: &[(&str, &str)]) -> io::Result<Self> {
        let address = free_address()?;
        let own = [
            ("PUBLIC_URL", format!("http://{address}")),
            ("HTTP__LISTEN", address.clone()),
            ("HTTP__METRICS_LISTEN", "127.0.0.1:0".to_owned()),
            ("DATABASE__URL", database.to_owned()),
            ("LIMITS__REQUESTS_PER_MINUTE", "4000000000".to_owned()),
            // One key for every site of a bench: it protects nothing.
            (
                "SECRETS__KEYS",
                "bench:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned(),
            ),
        ];
        let more = more.iter().map(|(key, value)| (*key, (*value).to_owned()));
        let environment = own
            .into_iter()
            .chain(more)
            .map(|(key, value)| (format!("BATON__{key}"), value))
            .collect();
        Ok(Self {
            address,
            database: database.to_owned(),
            environment,
            folder: folder.to_owned(),
            programs: Vec::new(),
            api: None,
        })
    }

    /// Its settings, for work in this process.
    pub(crate) fn settings(&self) -> io::Result<Settings> {
        let file = self.folder.join("none.toml");
        std::fs::write(&file, "")?;
        Settings::load(Some(&file), self.environment.iter().cloned())
            .map_err(|faults| io::Error::other(faults.to_string()))
    }

    /// Starts the api and waits until it is ready; answers after how many milliseconds.
    pub(crate) async fn start_api(&mut self) -> io::Result<f64> {
        let program = self.program("baton-api");
        self.start(program).await
    }

    /// Starts this program's own api, in which at most so many asks share a transaction; with a library loaded before its
    /// own, where one is given.
    pub(crate) async fn start_serving(
        &mut self,
        most: usize,
        preload: Option<&Path>,
    ) -> io::Result<f64> {
        let mut program = self.program("bench");
        program.args(["serve", "--groups-of", &most.to_string()]);
        if let Some(library) = preload {
            program.env("LD_PRELOAD", library);
        }
        self.start(program).await
    }

    async fn start(&mut self, mut program: Command) -> io::Result<f64> {
        let begun = Instant::now();
        let child = program.spawn()?;
        self.api = Some(child.id());
        self.programs.push(child);
        while !self.is_ready().await {
            if begun.elapsed() > PATIENCE {
                return Err(io::Error::other("the api is not ready after a minute"));
            }
            if let Some(status) = self.programs.last_mut().and_then(|it| it.try_wait().ok()?) {
                return Err(io::Error::other(format!("the api ended with {status}")));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(begun.elapsed().as_secs_f64() * 1000.0)
    }

    /// Starts a worker beside the api.
    pub(crate) fn start_worker(&mut self) -> io::Result<()> {
        let child = self.program("baton-worker").spawn()?;
        self.programs.push(child);
        Ok(())
    }

    /// Ends every program and waits for it.
    pub(crate) async fn stop(&mut self) -> io::Result<()> {
        for mut program in self.programs.drain(..).rev() {
            let id = program.id().to_string();
            Command::new("kill").args(["-TERM", &id]).status()?;
            let begun = Instant::now();
            while program.try_wait()?.is_none() {
                if begun.elapsed() > PATIENCE {
                    program.kill()?;
                    return Err(io::Error::other(
                        "a program did not end when it was told to",
                    ));
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        self.api = None;
        Ok(())
    }

    async fn is_ready(&self) -> bool {
        let Ok(mut connection) = Connection::open(&self.address).await else {
            return false;
        };
        let answer = connection.ask(&get("/readyz", "")).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// The api's memory in MiB; `what` is `VmRSS` (now) or `VmHWM` (at most so far).
    pub(crate) fn memory(&self, what: &str) -> io::Result<f64> {
        let id = self.api.ok_or(io::ErrorKind::NotFound)?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kib = status.lines().find_map(|line| {
            let value = line.strip_prefix(what)?.strip_prefix(':')?;
            value.split_whitespace().next()?.parse::<f64>().ok()
        });
        kib.map(|kib| kib / 1024.0)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(path_of(name));
        program
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        program
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for program in &mut self.programs {
            // What has ended already cannot be killed.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// Beside this binary, where cargo puts what it builds.
fn path_of(name: &str) -> PathBuf {
    let this = std::env::current_exe().unwrap_or_default();
    this.with_file_name(name)
}

fn free_address() -> io::Result<String> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Ok(TcpListener::bind(any)?.local_addr()?.to_string())
}
