//! Starting and stopping the sandbox.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use ats_http::ClientConfig;
use url::Url;

use crate::clock::{SystemTimeSource, TimeSource};
use crate::greenhouse::{patch, reading};
use crate::outbox::sender::deliver_on;
use crate::shared::Shared;
use crate::socket::Socket;
use crate::world::World;
use crate::{control, harvest, lever, pages, state_file};

/// Threads that serve.
const WORKERS: usize = 2;

/// How often legacy partners are looked at.
const TICK: Duration = Duration::from_secs(30);

/// The state file is written at most this often.
const SAVES_EVERY: Duration = Duration::from_millis(500);

/// How the sandbox is to run.
#[derive(Debug)]
pub struct SandboxConfig {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Base of the links handed to vendors; unset: `http://` and the address it listens on.
    pub public_url: Option<Url>,
    /// Where the state is kept over restarts; unset: in memory only.
    pub state_file: Option<PathBuf>,
    /// Where the time comes from; the control API can move it on.
    pub clock: Arc<dyn TimeSource>,
    /// Decides at which number the twelve-digit ids begin; unset: chance.
    pub first_id_seed: Option<u64>,
}

impl SandboxConfig {
    /// On `listen`, in memory, with the machine's clock.
    pub fn on(listen: SocketAddr) -> Self {
        Self {
            listen,
            public_url: None,
            state_file: None,
            clock: Arc::new(SystemTimeSource),
            first_id_seed: None,
        }
    }
}

/// The sandbox; see [`Sandbox::start`].
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Starts serving, on threads of its own.
    ///
    /// # Errors
    /// The address is taken, or the state file cannot be read.
    pub fn start(config: SandboxConfig) -> io::Result<RunningSandbox> {
        let listener = TcpListener::bind(config.listen)?;
        let url = match config.public_url {
            Some(url) => url,
            None => own_url(listener.local_addr()?)?,
        };
        let world = match &config.state_file {
            Some(path) => state_file::load(path)?,
            None => None,
        };
        let world = match world {
            Some(world) => world,
            None => World::empty(seed(config.first_id_seed)?),
        };
        let http = ats_http::client(ClientConfig::new("Greenhouse-Sandbox/1"))
            .map_err(io::Error::other)?;
        let shared = web::Data::new(Shared::new(world, config.clock, http, url.clone()));
        serve(listener, shared, config.state_file, url)
    }
}

fn own_url(address: SocketAddr) -> io::Result<Url> {
    Url::parse(&format!("http://{address}/")).map_err(io::Error::other)
}

fn seed(given: Option<u64>) -> io::Result<u64> {
    given.map_or_else(|| getrandom::u64().map_err(io::Error::other), Ok)
}

fn serve(
    listener: TcpListener,
    shared: web::Data<Shared>,
    state_file: Option<PathBuf>,
    url: Url,
) -> io::Result<RunningSandbox> {
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new()
        .name("sandbox".to_owned())
        .spawn(move || {
            actix_web::rt::System::new().block_on(run(listener, shared, state_file, &tell));
        })?;
    let handle = told
        .recv()
        .map_err(|_| io::Error::other("the sandbox's server did not come up"))??;
    Ok(RunningSandbox {
        url,
        handle,
        thread: Some(thread),
    })
}

async fn run(
    listener: TcpListener,
    shared: web::Data<Shared>,
    state_file: Option<PathBuf>,
    tell: &std::sync::mpsc::Sender<io::Result<ServerHandle>>,
) {
    let server = match server(listener, shared.clone()) {
        Ok(server) => server,
        Err(error) => {
            let _ = tell.send(Err(error));
            return;
        }
    };
    let _ = tell.send(Ok(server.handle()));
    actix_web::rt::spawn(poll_on(shared.clone()));
    actix_web::rt::spawn(deliver_on::<lever::webhooks::sender::Sender>(
        shared.clone(),
    ));
    actix_web::rt::spawn(deliver_on::<harvest::webhooks::sender::Sender>(
        shared.clone(),
    ));
    let saver = state_file.clone().map(|path| save_on(shared.clone(), path));
    let saver = saver.map(actix_web::rt::spawn);
    if let Err(error) = server.await {
        tracing::error!(%error, "the sandbox's server ended");
    }
    if let Some(saver) = saver {
        saver.abort();
    }
    if let Some(path) = state_file {
        save(&shared, &path);
    }
}

fn server(listener: TcpListener, shared: web::Data<Shared>) -> io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::PayloadConfig::new(1024 * 1024))
            .wrap(actix_web::middleware::from_fn(pages::guard))
            .wrap(actix_web::middleware::from_fn(lever::tell_time))
            .configure(greenhouse_routes)
            .configure(harvest::configure)
            .configure(lever::configure)
            .configure(control::configure)
            .configure(pages::configure)
    })
    .on_connect(|connection, data| {
        if let Some(socket) = connection.downcast_ref().and_then(Socket::of) {
            data.insert(socket);
        }
    })
    .workers(WORKERS)
    .shutdown_timeout(1)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// What assessment partners call at Greenhouse. Harvest and its OAuth stand beside it.
fn greenhouse_routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/greenhouse/integrations/testing_partners/take_home_tests/{id}")
                .route(web::patch().to(patch::receive))
                .default_service(web::to(patch::refuse_method)),
        )
        .service(web::resource("/greenhouse/elsewhere").to(patch::elsewhere));
}

/// Lets the hours of legacy partners strike.
async fn poll_on(shared: web::Data<Shared>) {
    loop {
        tokio::time::sleep(TICK).await;
        reading::poll_tick(&shared).await;
    }
}

async fn save_on(shared: web::Data<Shared>, path: PathBuf) {
    let mut saved = 0;
    loop {
        let version = shared.version_after(saved, TICK).await;
        if version > saved {
            save(&shared, &path);
            saved = version;
        }
        tokio::time::sleep(SAVES_EVERY).await;
    }
}

fn save(shared: &Shared, path: &std::path::Path) {
    let text = shared.read(serde_json::to_vec);
    let kept = text
        .map_err(io::Error::from)
        .and_then(|text| state_file::save(path, &text));
    if let Err(error) = kept {
        tracing::error!(%error, "the sandbox's state could not be kept: check that the folder of --state exists");
    }
}

/// A sandbox that serves until it is stopped or dropped.
#[derive(Debug)]
pub struct RunningSandbox {
    url: Url,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl RunningSandbox {
    /// The page to open, and the base of all its URLs.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Stops serving and writes the state file a last time.
    pub async fn stop(mut self) {
        self.handle.stop(false).await;
        if let Some(thread) = self.thread.take() {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        // The command is sent at once; the future only waits for it.
        drop(self.handle.stop(false));
    }
}
