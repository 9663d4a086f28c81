//! Reads of a large database beside those of a small one: the same calls over HTTP, in turns.

use std::io;
use std::time::Duration;

use app::App;
use domain::OrganizationId;

use crate::client::{drive, get};
use crate::customer;
use crate::fill::{Filled, Sample, fill};
use crate::place::{Engine, Place, settle};
use crate::report::{Bar, head, judged, median, note, row, say, spread};
use crate::site::Site;

/// A read of the large database may take this many times as long.
const BAR: Bar = Bar::AtMost(1.3);
/// From the program's start to the first `/readyz` that says yes, in milliseconds.
const READY: Bar = Bar::AtMost(300.0);
const ORGANIZATIONS: usize = 100;
const CONNECTIONS: usize = 4;
const STARTS: usize = 5;

/// How large, how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) small: usize,
    pub(crate) large: usize,
    pub(crate) rounds: usize,
    pub(crate) seconds: f64,
    pub(crate) seed: u64,
}

/// A filled database with a Baton over it.
struct Side {
    site: Site,
    filled: Filled,
    cookie: String,
}

/// Fills both, takes turns, prints the table.
///
/// # Errors
/// Where something cannot be started, or an answer is no success.
pub(crate) async fn measure(place: &Place, engine: Engine, plan: Plan) -> io::Result<()> {
    let mut small = Side::open(place, engine, "small", plan.small, plan.seed).await?;
    let mut large = Side::open(place, engine, "large", plan.large, plan.seed).await?;
    say(&format!(
        "\n### {}: {} invites beside {}\n",
        engine.name(),
        plan.large,
        plan.small
    ));
    starts(&mut large.site).await?;
    small.site.start_api().await?;
    head(&[
        "call",
        "small, per second",
        "large, per second",
        "times as long (lowest–highest)",
        "bar",
        "",
    ]);
    for call in CALLS {
        compare(&small, &large, &call, plan).await?;
    }
    small.site.stop().await?;
    large.site.stop().await?;
    place.delete(engine, "small")?;
    place.delete(engine, "large")
}

/// How long a start takes on the large database; it runs afterwards.
async fn starts(site: &mut Site) -> io::Result<()> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        site.stop().await?;
        took.push(site.start_api().await?);
    }
    let middle = median(&took);
    let [bar, verdict] = judged(READY, middle);
    say(&format!(
        "Start to ready on the large database: {middle:.0} ms ({bar}: {verdict}); memory (RSS) then {:.1} MiB.\n",
        site.memory("VmRSS")?
    ));
    Ok(())
}

async fn compare(small: &Side, large: &Side, call: &Call, plan: Plan) -> io::Result<()> {
    note(call.name);
    let mut rates = [Vec::new(), Vec::new()];
    for round in 0..=plan.rounds {
        // The first one only warms up.
        let seconds = if round == 0 { 0.2 } else { plan.seconds };
        for (side, rates) in [small, large].into_iter().zip(&mut rates) {
            let rate = side
                .take_turn(call, Duration::from_secs_f64(seconds))
                .await?;
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let [small, large] = rates;
    let ratios: Vec<f64> = small.iter().zip(&large).map(|(a, b)| a / b).collect();
    let [bar, verdict] = judged(BAR, median(&ratios));
    row(&[
        format!("`{}`", call.name),
        format!("{:.0}", median(&small)),
        format!("{:.0}", median(&large)),
        spread(&ratios),
        bar,
        verdict,
    ]);
    Ok(())
}

impl Side {
    async fn open(
        place: &Place,
        engine: Engine,
        name: &str,
        invites: usize,
        seed: u64,
    ) -> io::Result<Self> {
        let database = place.create(engine, name)?;
        let site = Site::new(&place.folder, &database, &[])?;
        let app = open(&site)?;
        let filled = fill(&app, ORGANIZATIONS, invites, seed).await?;
        let cookie = customer::sign_in(&app, filled.customers[0].organization).await?;
        drop(app);
        settle(&database)?;
        Ok(Self {
            site,
            filled,
            cookie,
        })
    }

    async fn take_turn(&self, call: &Call, lasting: Duration) -> io::Result<f64> {
        let request =
            |connection: usize, turn: usize| (call.request)(self, turn * CONNECTIONS + connection);
        let turn = drive(&self.site.address, CONNECTIONS, lasting, request).await?;
        Ok(turn.rate())
    }

    /// The nth of the largest customer's invites, in no order.
    fn sample(&self, number: usize) -> &Sample {
        let samples = &self.filled.samples[0];
        &samples[number.wrapping_mul(7919) % samples.len()]
    }

    fn v1(&self, path: &str) -> Vec<u8> {
        get(path, &self.filled.customers[0].platform)
    }

    fn page(&self, path: &str) -> Vec<u8> {
        get(path, &self.cookie)
    }
}

/// Opens a site's database in this process, its schema brought up to date.
pub(crate) fn open(site: &Site) -> io::Result<App> {
    server::open(&site.settings()?).map_err(io::Error::other)
}

/// One read, as many calls are made of it.
struct Call {
    name: &'static str,
    request: fn(&Side, usize) -> Vec<u8>,
}

const CALLS: [Call; 15] = [
    Call {
        name: "test_status, any of all",
        request: |side, number| {
            let of = number % side.filled.customers.len();
            let samples = &side.filled.samples[of];
            let invite = samples[number.wrapping_mul(31) % samples.len()].invite;
            let path = format!("/api/greenhouse/test_status?partner_interview_id={invite}");
            get(&path, &side.filled.customers[of].greenhouse)
        },
    },
    Call {
        name: "list_tests",
        request: |side, number| {
            let of = number % side.filled.customers.len();
            get(
                "/api/greenhouse/list_tests",
                &side.filled.customers[of].greenhouse,
            )
        },
    },
    Call {
        name: "/take/{token}",
        request: |side, number| {
            let open: Vec<&Sample> = side.filled.samples[0].iter().filter(|it| it.open).collect();
            let invite = open[number % open.len()].invite;
            let token = side.filled.customers[0].links.take_token(invite, 1);
            get(&format!("/take/{token}"), "")
        },
    },
    Call {
        name: "/v1/invites/{id}",
        request: |side, number| side.v1(&format!("/v1/invites/{}", side.sample(number).invite)),
    },
    Call {
        name: "/v1/invites",
        request: |side, _| side.v1("/v1/invites"),
    },
    Call {
        name: "/v1/invites?cursor=, in the middle",
        request: |side, _| {
            let samples = &side.filled.samples[0];
            let middle = uuid::Uuid::from(samples[samples.len() / 2].invite);
            side.v1(&format!("/v1/invites?cursor={}", cursor(middle)))
        },
    },
    Call {
        name: "/v1/invites?status=completed",
        request: |side, _| side.v1("/v1/invites?status=completed"),
    },
    Call {
        name: "/v1/invites?status=submitted",
        request: |side, _| side.v1("/v1/invites?status=submitted"),
    },
    Call {
        name: "/v1/invites?origin=dashboard",
        request: |side, _| side.v1("/v1/invites?origin=dashboard"),
    },
    Call {
        name: "/v1/invites?assessment_id=",
        request: |side, number| {
            let of = &side.filled.customers[0].assessments;
            let id = of[number % of.len()].id;
            side.v1(&format!("/v1/invites?assessment_id={id}"))
        },
    },
    Call {
        name: "/v1/invites?email=",
        request: |side, number| {
            side.v1(&format!("/v1/invites?email={}", side.sample(number).email))
        },
    },
    Call {
        name: "/v1/invites?q=, a first name",
        request: |side, _| side.v1("/v1/invites?q=katherine"),
    },
    Call {
        name: "/v1/invites?q=, somebody's last name",
        request: |side, number| {
            side.v1(&format!("/v1/invites?q={}", side.sample(number).last_name))
        },
    },
    Call {
        name: "/candidates, the dashboard's list",
        request: |side, _| side.page("/candidates"),
    },
    Call {
        name: "/candidates?q=, what nobody is called",
        request: |side, _| side.page("/candidates?q=nobodyatall"),
    },
];

fn cursor(id: uuid::Uuid) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id.as_bytes())
}

/// Fills a database that stays, and says how to get in.
///
/// # Errors
/// Where the database cannot be reached.
pub(crate) async fn keep(
    place: &Place,
    database: &str,
    plan: Plan,
) -> io::Result<Vec<(OrganizationId, String, String)>> {
    let site = Site::new(&place.folder, database, &[])?;
    let app = open(&site)?;
    let filled = fill(&app, ORGANIZATIONS, plan.large, plan.seed).await?;
    settle(database)?;
    let keys = filled.customers.into_iter();
    Ok(keys
        .map(|it| (it.organization, it.platform, it.greenhouse))
        .collect())
}
