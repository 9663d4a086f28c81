//! From an answer to its effect outside: the mail at the relay, the PATCH at Greenhouse. And how much memory the api holds.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mail::catcher::Catcher;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::client::{Connection, drive, get, post};
use crate::customer::{self, Customer};
use crate::place::{Engine, Place};
use crate::reads::open;
use crate::report::{Bar, head, judged, note, percentile, row, say};
use crate::site::Site;

const SOON: Bar = Bar::AtMost(500.0);
const IDLE: Bar = Bar::AtMost(40.0);
const LOADED: Bar = Bar::AtMost(120.0);
const READY: Bar = Bar::AtMost(300.0);
/// Between an effect and the next ask: longer than any of the queue's own pauses but the poll.
const PAUSE: Duration = Duration::from_millis(150);
/// How long an effect is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Baton with a relay and a Greenhouse.
struct House {
    site: Site,
    customer: Customer,
    relay: Catcher,
    greenhouse: Greenhouse,
}

/// Does `times` of each, prints the table.
///
/// # Errors
/// Where something cannot be started, an answer is no success, or an effect does not come.
pub(crate) async fn measure(
    place: &Place,
    engine: Engine,
    times: usize,
    load: Duration,
) -> io::Result<()> {
    let mut house = House::open(place, engine).await?;
    say(&format!(
        "\n### {}: from the answer to the effect, {times} times, nothing else to do\n",
        engine.name()
    ));
    head(&["effect", "p50", "p99", "bar", ""]);
    let (mut mails, mut patches) = (Vec::new(), Vec::new());
    let mut connection = Connection::open(&house.site.address).await?;
    for number in 0..times {
        if number % 50 == 0 {
            note(&format!("{number} of {times}"));
        }
        let (invite, mail) = house.send(&mut connection, number).await?;
        mails.push(mail);
        tokio::time::sleep(PAUSE).await;
        patches.push(house.complete(&mut connection, &invite, number).await?);
        tokio::time::sleep(PAUSE).await;
    }
    print("`send_test` → mail at the relay", &mails);
    print("completed → PATCH at Greenhouse", &patches);
    drop(connection);
    house.memory(load).await?;
    house.site.stop().await?;
    place.delete(engine, "effects")
}

fn print(name: &str, took: &[f64]) {
    let last = percentile(took, 0.99);
    let [bar, verdict] = judged(SOON, last);
    row(&[
        name.to_owned(),
        format!("{:.1} ms", percentile(took, 0.5)),
        format!("**{last:.1} ms**"),
        format!("p99 {bar} ms"),
        verdict,
    ]);
}

impl House {
    async fn open(place: &Place, engine: Engine) -> io::Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let relay = Catcher::start(any, any)?;
        let greenhouse = Greenhouse::open().await?;
        let database = place.create(engine, "effects")?;
        let embedded = if engine == Engine::Sqlite {
            "true"
        } else {
            "false"
        };
        let settings = [
            ("WORKER__EMBEDDED", embedded),
            ("MAIL__SMTP_URL", &relay.smtp_url()),
            ("GREENHOUSE__CALLBACK_HOSTS", "greenhouse.io,127.0.0.1"),
            ("NETWORK__ALLOW_LOOPBACK_HTTP", "true"),
        ];
        let mut site = Site::new(&place.folder, &database, &settings)?;
        let app = open(&site)?;
        let customer = customer::make(&app, 1, 1).await?;
        drop(app);
        site.start_api().await?;
        if engine == Engine::Postgres {
            site.start_worker()?;
        }
        Ok(Self {
            site,
            customer,
            relay,
            greenhouse,
        })
    }

    /// Greenhouse sends a test; the invite, and how many milliseconds later the mail is at the relay.
    async fn send(&self, connection: &mut Connection, number: usize) -> io::Result<(String, f64)> {
        let email = format!("ada.{number}@candidate.example");
        let ask = self.ask(&email, &self.greenhouse.url(number));
        let answer = connection.ask(&ask).await?.json()?;
        let answered = Instant::now();
        let came = self
            .relay
            .wait_for(|mail| mail.recipients == [email.as_str()], PATIENCE)
            .await;
        let took = answered.elapsed();
        came.ok_or_else(|| io::Error::other("a mail did not come"))?;
        self.relay.clear();
        let invite = answer["partner_interview_id"].as_str().unwrap_or_default();
        Ok((invite.to_owned(), took.as_secs_f64() * 1000.0))
    }

    /// The candidate hands in; how many milliseconds after that answer Greenhouse is told.
    async fn complete(
        &mut self,
        connection: &mut Connection,
        invite: &str,
        number: usize,
    ) -> io::Result<f64> {
        for step in ["start", "submit"] {
            let path = format!("/v1/invites/{invite}/{step}");
            let call = post(&path, &self.customer.platform, "{}");
            connection.ask(&call).await?.json()?;
        }
        let answered = Instant::now();
        let told = self.greenhouse.told(number).await?;
        Ok(told.saturating_duration_since(answered).as_secs_f64() * 1000.0)
    }

    fn ask(&self, email: &str, url: &str) -> Vec<u8> {
        let body = serde_json::json!({
            "partner_test_id": self.customer.assessments[0].id,
            "candidate": {
                "first_name": "Ada", "last_name": "Lovelace", "resume_url": null, "phone_number": "+44 20 7946 0018",
                "email": email, "greenhouse_profile_url": "https://app.greenhouse.io/people/17681532?application_id=26234709",
            },
            "url": url,
        });
        post(
            "/api/greenhouse/send_test",
            &self.customer.greenhouse,
            &body.to_string(),
        )
    }

    /// Five starts on the database that is there, the memory when idle, and the most under as much load as 64 connections make.
    async fn memory(&mut self, load: Duration) -> io::Result<()> {
        let mut took = Vec::new();
        for _ in 0..5 {
            self.site.stop().await?;
            took.push(self.site.start_api().await?);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        let idle = self.site.memory("VmRSS")?;
        let run = Instant::now().elapsed().as_nanos() + u128::from(std::process::id());
        let send = |connection: usize, turn: usize| {
            let name = format!("{run}-{connection}-{turn}");
            self.ask(
                &format!("load.{name}@candidate.example"),
                &format!("https://app.greenhouse.io/assessments/{name}"),
            )
        };
        let sent = drive(&self.site.address, 64, load, send).await?;
        let list = get("/api/greenhouse/list_tests", &self.customer.greenhouse);
        let listed = drive(&self.site.address, 64, load, |_, _| list.clone()).await?;
        let most = self.site.memory("VmHWM")?;
        note(&format!(
            "Load: {:.0} send_test and {:.0} list_tests a second",
            sent.rate(),
            listed.rate()
        ));
        say("");
        head(&["the api", "figure", "bar", ""]);
        let ready = percentile(&took, 0.5);
        for (name, figure, unit, bar) in [
            ("start to ready on an existing database", ready, "ms", READY),
            ("memory when idle", idle, "MiB", IDLE),
            ("memory at most, 64 connections", most, "MiB", LOADED),
        ] {
            let [bar, verdict] = judged(bar, figure);
            row(&[
                name.to_owned(),
                format!("**{figure:.1} {unit}**"),
                format!("{bar} {unit}"),
                verdict,
            ]);
        }
        Ok(())
    }
}

/// The far end of a take-home test's URL: takes each PATCH and notes when it came.
struct Greenhouse {
    address: SocketAddr,
    came: mpsc::UnboundedReceiver<(String, Instant)>,
}

impl Greenhouse {
    async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (tell, came) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take_in(stream, tell.clone()));
            }
        });
        Ok(Self { address, came })
    }

    fn url(&self, number: usize) -> String {
        format!("http://{}/assessments/{number}", self.address)
    }

    /// When the test with this number was said to be completed.
    async fn told(&mut self, number: usize) -> io::Result<Instant> {
        let wanted = format!("PATCH /assessments/{number} ");
        let told = async {
            loop {
                match self.came.recv().await {
                    Some((line, at)) if line.starts_with(&wanted) => return Ok(at),
                    Some(_) => {}
                    None => return Err(io::Error::other("Greenhouse is gone")),
                }
            }
        };
        let told = tokio::time::timeout(PATIENCE, told).await;
        told.map_err(|_| io::Error::other("Greenhouse was not told"))?
    }
}

/// Answers every request of a connection; they are small enough to come in one piece.
async fn take_in(mut stream: TcpStream, tell: mpsc::UnboundedSender<(String, Instant)>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(1..) = stream.read(&mut buffer).await.inspect(|length| {
        let text = String::from_utf8_lossy(&buffer[..*length]);
        let line = text.lines().next().unwrap_or_default().to_owned();
        // Whoever waited may have gone.
        let _ = tell.send((line, Instant::now()));
    }) {
        let answer =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
