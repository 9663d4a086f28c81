//! `send_test` on SQLite, beside what SQLite itself can do, and what grouping brings.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::client::{Connection, drive, post};
use crate::customer::{self, Customer};
use crate::place::{Engine, Place, file};
use crate::raw::{self, MARKER, Raw};
use crate::reads::open;
use crate::report::{Bar, head, judged, median, note, row, say, spread};
use crate::site::Site;

/// Over HTTP beside the raw limit for as many rows in each transaction.
const SHARE: Bar = Bar::AtLeast(0.35);
/// Grouped beside one by one: a client alone, and 64 where each fsync takes a millisecond more.
const ALONE: Bar = Bar::AtLeast(0.9);
const TOGETHER: Bar = Bar::AtLeast(8.0);
/// As `storage` has it.
const MOST: usize = 64;

const SLOW_FSYNC: &str = include_str!("slow_fsync.c");

/// How long, how often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) seconds: f64,
}

/// Where everybody starts from: a database with one customer and one `send_test`.
struct Model {
    database: String,
    customer: Customer,
    before: raw::Ends,
}

/// Takes turns, prints the tables.
///
/// # Errors
/// Where something cannot be started, or an answer is no success.
pub(crate) async fn measure(place: &Place, plan: Plan) -> io::Result<()> {
    let model = Model::make(place).await?;
    against_raw(place, &model, plan).await?;
    say("\n### SQLite: grouped beside one by one\n");
    head(&[
        "fsync",
        "clients",
        "one by one, per second",
        "grouped",
        "ratio (lowest–highest)",
        "bar",
        "",
    ]);
    grouped(place, &model, plan, None, &[(1, ALONE)]).await?;
    let slow = compile(&place.folder)?;
    grouped(
        place,
        &model,
        plan,
        Some(&slow),
        &[(1, ALONE), (64, TOGETHER)],
    )
    .await
}

async fn against_raw(place: &Place, model: &Model, plan: Plan) -> io::Result<()> {
    let mut site = model.site(place, "grouped")?;
    site.start_serving(MOST, None).await?;
    let mut limit = model.raw(place)?;
    say(&format!(
        "\n### SQLite: `send_test` beside the raw limit ({} rows an ask)\n",
        limit.rows()
    ));
    head(&[
        "clients, asks in a transaction",
        "raw, per second",
        "`send_test` over HTTP",
        "share (lowest–highest)",
        "p99",
        "bar",
        "",
    ]);
    for clients in [1, 8, 64] {
        note(&format!("{clients} clients beside the raw limit"));
        let (mut raw, mut over_http, mut last) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=plan.rounds {
            // A third as long, so that both files grow alike. The first round only warms up.
            let lasting = Duration::from_secs_f64(plan.seconds);
            let limited = limit.take_turn(clients, lasting / 3)?.rate();
            let turn = model.take_turn(&site, clients, lasting).await?;
            if round > 0 {
                raw.push(limited);
                over_http.push(turn.rate());
                last.push(crate::report::percentile(&turn.latencies, 0.99));
            }
        }
        let shares: Vec<f64> = over_http.iter().zip(&raw).map(|(a, b)| a / b).collect();
        let [bar, verdict] = judged(SHARE, median(&shares));
        row(&[
            clients.to_string(),
            format!("{:.0}", median(&raw)),
            format!("{:.0}", median(&over_http)),
            spread(&shares),
            format!("{:.1} ms", median(&last)),
            bar,
            verdict,
        ]);
    }
    site.stop().await
}

async fn grouped(
    place: &Place,
    model: &Model,
    plan: Plan,
    slow: Option<&Path>,
    bars: &[(usize, Bar)],
) -> io::Result<()> {
    let disk = if slow.is_some() {
        "1 ms more"
    } else {
        "as it is"
    };
    let mut sites = [
        model.site(place, &format!("one by one, {disk}"))?,
        model.site(place, &format!("grouped, {disk}"))?,
    ];
    for (site, most) in sites.iter_mut().zip([1, MOST]) {
        site.start_serving(most, slow).await?;
    }
    for (clients, bar) in bars {
        note(&format!("{clients} clients, fsync {disk}"));
        let mut rates = [Vec::new(), Vec::new()];
        for round in 0..=plan.rounds {
            for (site, rates) in sites.iter().zip(&mut rates) {
                let lasting = Duration::from_secs_f64(plan.seconds);
                let rate = model.take_turn(site, *clients, lasting).await?.rate();
                if round > 0 {
                    rates.push(rate);
                }
            }
        }
        let [one_by_one, together] = rates;
        let ratios: Vec<f64> = together
            .iter()
            .zip(&one_by_one)
            .map(|(a, b)| a / b)
            .collect();
        let [bar, verdict] = judged(*bar, median(&ratios));
        row(&[
            disk.to_owned(),
            clients.to_string(),
            format!("{:.0}", median(&one_by_one)),
            format!("{:.0}", median(&together)),
            spread(&ratios),
            bar,
            verdict,
        ]);
    }
    for site in &mut sites {
        site.stop().await?;
    }
    Ok(())
}

impl Model {
    async fn make(place: &Place) -> io::Result<Self> {
        let database = place.create(Engine::Sqlite, "model")?;
        let mut site = Site::new(&place.folder, &database, &[])?;
        let app = open(&site)?;
        let customer = customer::make(&app, 1, 1).await?;
        drop(app);
        let mut model = Self {
            database,
            customer,
            before: raw::ends(file(&site.database))?,
        };
        site.start_serving(MOST, None).await?;
        let mut connection = Connection::open(&site.address).await?;
        connection.ask(&model.ask(MARKER)).await?.json()?;
        site.stop().await?;
        // Stopped, the write-ahead log is folded into the one file that is copied.
        raw::ends(file(&model.database))?;
        model
            .before
            .retain(|table, _| !table.starts_with("sqlite_"));
        Ok(model)
    }

    /// A Baton on a copy.
    fn site(&self, place: &Place, name: &str) -> io::Result<Site> {
        let database = self.copy(place, name)?;
        Site::new(&place.folder, &database, &[])
    }

    fn raw(&self, place: &Place) -> io::Result<Raw> {
        let database = self.copy(place, "raw")?;
        let tests = self.customer.assessments.iter().map(|it| it.id.into());
        let kept: Vec<_> = tests.chain([self.customer.organization.into()]).collect();
        Raw::open(file(&database), &self.before, &kept)
    }

    fn copy(&self, place: &Place, name: &str) -> io::Result<String> {
        let database = place.create(Engine::Sqlite, &name.replace([' ', ','], "_"))?;
        std::fs::copy(file(&self.database), file(&database))?;
        Ok(database)
    }

    async fn take_turn(
        &self,
        site: &Site,
        clients: usize,
        lasting: Duration,
    ) -> io::Result<crate::client::Turn> {
        // Names that no other turn has.
        let turn = BEGUN.elapsed().as_millis();
        let request = |connection: usize, number: usize| {
            self.ask(&format!("ask-{turn:06}{connection:02}{number:06}"))
        };
        drive(&site.address, clients, lasting, request).await
    }

    /// A `send_test` as long as the model's.
    fn ask(&self, name: &str) -> Vec<u8> {
        let body = format!(
            r#"{{"partner_test_id":"{}","candidate":{{"first_name":"Ada","last_name":"Lovelace","resume_url":null,"phone_number":"+44 20 7946 0018","email":"{name}@candidate.example","greenhouse_profile_url":"https://app.greenhouse.io/people/17681532?application_id=26234709"}},"url":"https://app.greenhouse.io/assessments/{name}"}}"#,
            self.customer.assessments[0].id
        );
        post(
            "/api/greenhouse/send_test",
            &self.customer.greenhouse,
            &body,
        )
    }
}

/// When this bench looked at its clock first.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Compiles the delay; where it is.
fn compile(folder: &Path) -> io::Result<PathBuf> {
    let (source, library) = (folder.join("slow_fsync.c"), folder.join("slow_fsync.so"));
    std::fs::write(&source, SLOW_FSYNC)?;
    let done = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status()?;
    match done.success() {
        true => Ok(library),
        false => Err(io::Error::other("cc cannot compile slow_fsync.c")),
    }
}
