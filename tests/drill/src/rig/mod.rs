//! Everything a drill needs, started: Baton's programs, their database, a Greenhouse, mail relays.

mod customers;
mod front;
mod greenhouse;
mod post;
mod postgres;
mod program;
mod swallowing_proxy;
mod vendor;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ats_http::ClientConfig;
use reqwest::Client;
use storage::DatabaseUrl;
use tempfile::TempDir;
use test_support::Database;

pub(crate) use customers::Customer;
pub(crate) use greenhouse::{Greenhouse, Heard};
pub(crate) use post::{Copy, Post};
pub(crate) use postgres::Postgres;
pub(crate) use program::{Place, Program, Role};
pub(crate) use swallowing_proxy::SwallowingProxy;
pub(crate) use vendor::Vendor;

use crate::arguments::{Engine, Plan, Scenario};
use crate::broken::{Result, broken};
use customers::Admin;
use front::Front;

/// How long the programs may take until they are ready for the first time, on a busy machine with debug builds.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Several organizations: what happens to one must not touch another.
const CUSTOMERS: [&str; 3] = ["Acme", "Globex", "Initech"];

/// What was started. Dropping it ends it all; the folder goes with it unless it is kept.
#[derive(Debug)]
pub(crate) struct Rig {
    pub(crate) programs: Vec<Program>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) greenhouse: Greenhouse,
    pub(crate) post: Post,
    pub(crate) vendor: Vendor,
    pub(crate) http: Client,
    /// None before SQLite.
    pub(crate) postgres: Option<Postgres>,
    /// Between the programs and PostgreSQL, where connections are to be swallowed.
    pub(crate) proxy: Option<SwallowingProxy>,
    /// Looks behind the programs.
    pub(crate) database: Database,
    front: Front,
    folder: TempDir,
}

impl Rig {
    /// Starts everything that `plan` calls for, with Baton's programs from the folder `programs`.
    ///
    /// # Errors
    /// What cannot be started.
    pub(crate) async fn start(plan: &Plan, programs: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("baton-drill-").tempdir()?;
        // PostgreSQL does not run as root, and has to reach its folder.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
        let postgres = match plan.engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Postgres::start(&folder.path().join("postgres"))?),
        };
        let proxy = match (&postgres, plan.scenario) {
            (Some(postgres), Scenario::Swallowed) => {
                Some(SwallowingProxy::start(&postgres.url, plan.seed).await?)
            }
            _ => None,
        };
        let places = places(plan.engine);
        let senders: Vec<Place> = places
            .iter()
            .copied()
            .filter(sends_mail(plan.engine))
            .collect();
        let post = Post::start(&senders)?;
        let front = Front::start(apis(plan.engine)).await?;
        let http = client()?;
        let vendor = Vendor {
            http: http.clone(),
            url: front.url(),
        };
        let database = database(postgres.as_ref(), folder.path());
        let seen = proxy.as_ref().map(SwallowingProxy::url);
        let settings = settings(&front.url(), &database, seen);
        let at = |place: &Place| {
            let mut environment = settings.clone();
            if let Some(relay) = post.smtp_url(*place) {
                environment.push(("BATON__MAIL__SMTP_URL".to_owned(), relay));
            }
            Program::new(*place, programs, folder.path(), environment)
        };
        let mut rig = Self {
            programs: places.iter().map(at).collect(),
            customers: Vec::new(),
            greenhouse: Greenhouse::start(http.clone(), plan.seed)?,
            post,
            vendor,
            http,
            postgres,
            proxy,
            database,
            front,
            folder,
        };
        rig.open(programs, &settings).await?;
        Ok(rig)
    }

    async fn open(&mut self, programs: &Path, settings: &[(String, String)]) -> Result<()> {
        storage::migrate(self.database.url())
            .map_err(|error| crate::broken::Broken(error.to_string()))?;
        let folder = self.folder.path().to_owned();
        let admin = Admin {
            programs,
            folder: &folder,
            environment: settings,
        };
        let mut keys = Vec::new();
        for name in CUSTOMERS {
            keys.push(admin.create(name).await?);
        }
        for program in &self.programs {
            self.launch(program).await?;
        }
        self.until_ready(READY_WITHIN).await?;
        for (name, keys) in CUSTOMERS.into_iter().zip(keys) {
            let customer = Customer::open(&self.vendor, name, keys).await?;
            self.greenhouse
                .connect(&customer, &self.front.url())
                .await?;
            self.customers.push(customer);
        }
        Ok(())
    }

    /// Starts what is to run at a place, unless it runs.
    pub(crate) async fn launch(&self, program: &Program) -> Result<()> {
        if let Some(address) = program.start().await? {
            self.front.lead(program.place.number, address);
        }
        Ok(())
    }

    /// Waits until every api says that it is ready, connection by connection through the front; how long that took.
    pub(crate) async fn until_ready(&self, within: Duration) -> Result<Duration> {
        let begun = Instant::now();
        let apis = self.programs.iter().filter(|it| it.place.role == Role::Api);
        let mut in_a_row = 0;
        let wanted = apis.count();
        while begun.elapsed() < within {
            // A client of its own, so that each look is a connection of its own, and the front leads it to the next.
            let look = client()?.get(format!("{}/readyz", self.front.url()));
            let answer = look.timeout(Duration::from_secs(2)).send().await;
            in_a_row = match answer {
                Ok(answer) if answer.status().is_success() => in_a_row + 1,
                _ => 0,
            };
            if in_a_row >= wanted {
                return Ok(begun.elapsed());
            }
            if in_a_row == 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        broken(format!("not every api is ready within {within:?}"))
    }

    /// Ends it all, but keeps the folder.
    pub(crate) fn keep(mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }
}

/// Two apis and two workers; SQLite has the one process.
fn places(engine: Engine) -> Vec<Place> {
    let place = |role, number| Place { role, number };
    match engine {
        Engine::Sqlite => vec![place(Role::Api, 0)],
        Engine::Postgres => vec![
            place(Role::Api, 0),
            place(Role::Api, 1),
            place(Role::Worker, 0),
            place(Role::Worker, 1),
        ],
    }
}

fn apis(engine: Engine) -> usize {
    let places = places(engine);
    places.iter().filter(|it| it.role == Role::Api).count()
}

fn sends_mail(engine: Engine) -> impl Fn(&Place) -> bool {
    move |place| engine == Engine::Sqlite || place.role == Role::Worker
}

fn database(postgres: Option<&Postgres>, folder: &Path) -> Database {
    Database::of_another(match postgres {
        Some(postgres) => DatabaseUrl::Postgres(postgres.url.clone()),
        None => DatabaseUrl::Sqlite(folder.join("baton.db")),
    })
}

/// What a vendor would set, but for the limits: the drill asks more of each key than people do.
fn settings(url: &str, database: &Database, seen: Option<String>) -> Vec<(String, String)> {
    let (database, embedded) = match database.url() {
        DatabaseUrl::Sqlite(path) => (format!("sqlite://{}", path.display()), "true"),
        DatabaseUrl::Postgres(url) => (url.clone(), "false"),
    };
    let database = seen.unwrap_or(database);
    let settings = [
        ("PUBLIC_URL", url),
        ("HTTP__METRICS_LISTEN", "127.0.0.1:0"),
        ("DATABASE__URL", &database),
        ("DATABASE__CONNECTIONS", "4"),
        (
            "SECRETS__KEYS",
            "drill:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
        ("WORKER__EMBEDDED", embedded),
        ("MAIL__FROM", "invitations@vendor.example"),
        ("GREENHOUSE__CALLBACK_HOSTS", "greenhouse.io,127.0.0.1"),
        ("NETWORK__ALLOW_LOOPBACK_HTTP", "true"),
        ("LIMITS__REQUESTS_PER_MINUTE", "1000000"),
        ("LOG__FORMAT", "json"),
    ];
    let named = |(key, value): (&str, &str)| (format!("BATON__{key}"), value.to_owned());
    settings.into_iter().map(named).collect()
}

fn client() -> Result<Client> {
    let config = ClientConfig {
        timeout: Duration::from_secs(60),
        ..ClientConfig::new("baton-drill")
    };
    ats_http::client(config).map_err(|error| crate::broken::Broken(error.to_string()))
}
