//! The real programs, as processes that can be killed: Baton as it is shipped, over a test's own database.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use mail::catcher::Catcher;
use serde_json::Value;
use tempfile::TempDir;
use test_support::{Database, free_address};
use tokio::process::{Child, Command};

use super::calls::{basic, text};
use super::eventually;
use super::test_app::{client, database_url, read};

/// How long a program may take to end once it is told to.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// What whoever signs in has chosen.
pub(crate) const PASSWORD: &str = "a long and winding password";

/// An api and, on PostgreSQL, a worker beside it. On SQLite the worker lives in the api.
#[derive(Debug)]
pub(crate) struct Programs {
    pub(crate) url: String,
    /// The api's private listener.
    operations: String,
    pub(crate) mail: Catcher,
    pub(crate) http: reqwest::Client,
    /// The customer.
    pub(crate) organization: String,
    pub(crate) greenhouse_key: String,
    pub(crate) platform_key: String,
    environment: Vec<(String, String)>,
    folder: TempDir,
    api: Option<Child>,
    worker: Option<Child>,
    /// Workers beside that one, which nobody kills.
    others: Vec<Child>,
    // Goes last: it deletes what the others still use.
    pub(crate) database: Database,
}

impl Programs {
    /// Makes a customer with `baton-admin`, and starts.
    pub(crate) async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// As [`start`](Self::start), with the database reached at another address.
    pub(crate) async fn start_at(database: Database, database_url: &str) -> Self {
        Self::start_with(database, &[("DATABASE__URL", database_url)]).await
    }

    /// As [`start`](Self::start), with these further settings (`("LOG__FILTER", "trace")`).
    pub(crate) async fn start_with(database: Database, more: &[(&str, &str)]) -> Self {
        server::install_tls();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mail = Catcher::start(any, any).expect("a mail catcher");
        let url = format!("http://{}", free_address());
        let operations = free_address();
        let folder = tempfile::tempdir().expect("a folder to run in");
        let mut environment = environment(&url, operations, &database_url(&database), &mail);
        environment.extend(named(more));
        let mut programs = Self {
            url,
            operations: format!("http://{operations}"),
            mail,
            http: client(),
            organization: String::new(),
            greenhouse_key: String::new(),
            platform_key: String::new(),
            environment,
            folder,
            api: None,
            worker: None,
            others: Vec::new(),
            database,
        };
        programs.make_customer().await;
        programs.start_api().await;
        if !programs.is_alone() {
            programs.start_worker().await;
        }
        programs
    }

    /// All that the programs have logged so far, and whatever else they said.
    pub(crate) fn log(&self) -> Vec<u8> {
        std::fs::read(self.log_path()).unwrap_or_default()
    }

    /// The end of what they have logged.
    fn last_words(&self) -> String {
        let log = self.log();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("programs.log")
    }

    /// The most memory that the api ever held, in KiB.
    pub(crate) fn api_memory(&self) -> u64 {
        let id = self.api.as_ref().and_then(Child::id).expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let words = line.expect("a line").split_whitespace().next();
        words.and_then(|number| number.parse().ok()).expect("KiB")
    }

    /// Is there only the api?
    pub(crate) fn is_alone(&self) -> bool {
        matches!(self.database.url(), storage::DatabaseUrl::Sqlite(_))
    }

    /// Starts the api.
    pub(crate) fn spawn_api(&mut self) {
        self.api = Some(self.program("baton-api").spawn().expect("it starts"));
    }

    /// Starts the api, and waits until it may be sent work.
    pub(crate) async fn start_api(&mut self) {
        let mut api = self.program("baton-api").spawn().expect("it starts");
        let ready = format!("{}/readyz", self.url);
        eventually("baton-api is ready", async || {
            let ended = api.try_wait().expect("it can be asked");
            assert!(
                ended.is_none(),
                "baton-api ended with {ended:?}: {}",
                self.last_words()
            );
            let answer = self.http.get(&ready).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        self.api = Some(api);
    }

    /// Kills the api as it is.
    pub(crate) async fn kill_api(&mut self) {
        kill(self.api.take()).await;
    }

    /// Tells the api to end (SIGTERM).
    pub(crate) async fn tell_api_to_end(&self) {
        terminate(self.api.as_ref().expect("it runs")).await;
    }

    /// Waits until the api has ended; its status.
    pub(crate) async fn api_ends(&mut self) -> Option<i32> {
        ended(self.api.take().expect("it runs")).await
    }

    /// Does every process that was started still run?
    pub(crate) fn all_run(&mut self) -> bool {
        let mut started = [&mut self.api, &mut self.worker].into_iter().flatten();
        started.all(|program| matches!(program.try_wait(), Ok(None)))
    }

    /// What `/readyz` answers on the public listener.
    pub(crate) async fn readyz(&self) -> (u16, Value) {
        let answer = self.http.get(format!("{}/readyz", self.url)).send().await;
        read(answer.expect("an answer")).await
    }

    /// The status of `/healthz` on the public listener.
    pub(crate) async fn healthz(&self) -> u16 {
        let answer = self.http.get(format!("{}/healthz", self.url)).send().await;
        answer.expect("an answer").status().as_u16()
    }

    /// What the api answers on its private listener, once that is open.
    pub(crate) async fn try_operations(&self, path: &str) -> Option<(u16, Value)> {
        let url = format!("{}/{path}", self.operations);
        Some(read(self.http.get(url).send().await.ok()?).await)
    }

    /// Runs a program that ends by itself, with these settings changed.
    pub(crate) async fn run_to_its_end(&self, name: &str, changed: &[(&str, &str)]) -> Output {
        let mut program = self.program(name);
        program
            .envs(named(changed))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let ended = tokio::time::timeout(ENDS_WITHIN, program.output()).await;
        ended
            .unwrap_or_else(|_| panic!("{name} goes on"))
            .expect("it runs")
    }

    /// From now on calls are those of another customer, whose keys these are.
    pub(crate) fn sign_in_with(&mut self, platform_key: &str, greenhouse_key: &str) {
        (self.platform_key, self.greenhouse_key) =
            (platform_key.to_owned(), greenhouse_key.to_owned());
    }

    /// What Greenhouse signs in with.
    pub(crate) fn greenhouse_authorization(&self) -> String {
        basic(&self.greenhouse_key)
    }

    /// Kills the process that does the background work as it is.
    pub(crate) async fn kill_worker(&mut self) {
        kill(self.background().take()).await;
    }

    /// Tells the process that does the background work to end (SIGTERM), and sees that it does.
    pub(crate) async fn end_worker(&mut self) {
        end(self.background().take()).await;
    }

    /// Starts the process that does the background work anew.
    pub(crate) async fn start_worker(&mut self) {
        if self.is_alone() {
            self.start_api().await;
        } else {
            self.worker = Some(self.spawn_worker());
        }
    }

    /// Starts one more worker, which goes on to the end. On SQLite there is none but the one in the api.
    pub(crate) fn add_worker(&mut self) {
        if !self.is_alone() {
            let worker = self.spawn_worker();
            self.others.push(worker);
        }
    }

    fn spawn_worker(&self) -> Child {
        let mut worker = self.program("baton-worker");
        // The api has the port.
        worker.envs(named(&[("HTTP__METRICS_LISTEN", "127.0.0.1:0")]));
        worker.spawn().expect("it starts")
    }

    fn background(&mut self) -> &mut Option<Child> {
        if self.is_alone() {
            &mut self.api
        } else {
            &mut self.worker
        }
    }

    /// Tells every process to end, and sees that it does.
    pub(crate) async fn end(mut self) {
        for worker in self.worker.take().into_iter().chain(self.others.drain(..)) {
            end(Some(worker)).await;
        }
        end(self.api.take()).await;
    }

    /// Greenhouse asks for a test; the interview id.
    pub(crate) async fn send_test(&self, body: &Value) -> String {
        let (status, answer) = read(self.call_send_test(body).await.expect("an answer")).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["partner_interview_id"])
    }

    /// Greenhouse asks for a test; whatever comes of it.
    pub(crate) async fn call_send_test(&self, body: &Value) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/api/greenhouse/send_test", self.url);
        let key = basic(&self.greenhouse_key);
        let call = self.http.post(url).header("authorization", key);
        call.json(body).send().await
    }

    /// The organization's key for `/v1`.
    pub(crate) fn platform_key(&self) -> &str {
        &self.platform_key
    }

    /// What Greenhouse reads of an interview.
    pub(crate) async fn test_status(&self, interview: &str) -> Value {
        let url = format!("{}/api/greenhouse/test_status", self.url);
        let call = self
            .http
            .get(url)
            .query(&[("partner_interview_id", interview)]);
        let call = call.header("authorization", basic(&self.greenhouse_key));
        read(call.send().await.expect("an answer")).await.1
    }

    /// Calls `/v1`; the body of an answer that is no refusal.
    pub(crate) async fn v1(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let method = method.parse().expect("a method");
        let url = format!("{}/v1/{path}", self.url);
        let mut call = self
            .http
            .request(method, url)
            .bearer_auth(&self.platform_key);
        if let Some(body) = body {
            call = call.json(&body);
        }
        let (status, answer) = read(call.send().await.expect("an answer")).await;
        assert!(status < 300, "{path}: {status} {answer}");
        answer
    }

    /// Makes and publishes an assessment; its id.
    pub(crate) async fn publish(&self, assessment: Value) -> String {
        let id = text(&self.v1("POST", "assessments", Some(assessment)).await["id"]);
        self.v1("POST", &format!("assessments/{id}/publish"), None)
            .await;
        id
    }

    /// Adds an owner of the organization, who chooses a password and is then signed in; the cookie.
    pub(crate) async fn sign_in(&self, email: &str) -> String {
        let arguments = ["user", "create", "--organization", &self.organization];
        let made = [&arguments[..], &["--email", email, "--role", "owner"]].concat();
        let setup = text(&self.admin(&made).await["setup_url"]);
        let form = [("password", PASSWORD), ("repeated", PASSWORD)];
        let answer = self.http.post(setup).form(&form).send().await;
        let answer = answer.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// Waits until no job is left. None may have been given up.
    pub(crate) async fn idle(&self) {
        eventually("no job is left", async || {
            let given_up = self
                .database
                .count("SELECT count(*) FROM jobs WHERE state = 'dead'");
            assert_eq!(given_up, 0);
            (self.database.count("SELECT count(*) FROM jobs") == 0).then_some(())
        })
        .await;
    }

    async fn make_customer(&mut self) {
        let made = self.admin(&["organization", "create", "Acme"]).await;
        self.organization = text(&made["id"]);
        let make = async |kind| {
            let arguments = [
                "api-key",
                "create",
                "--organization",
                &self.organization,
                "--kind",
                kind,
            ];
            text(&self.admin(&arguments).await["key"])
        };
        let (platform, greenhouse) = (make("platform").await, make("greenhouse_assessment").await);
        (self.platform_key, self.greenhouse_key) = (platform, greenhouse);
    }

    /// Runs `baton-admin`, which has to answer.
    pub(crate) async fn admin(&self, arguments: &[&str]) -> Value {
        let ended = self.run_admin(arguments).await;
        serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}"))
    }

    /// Runs `baton-admin`, which has to refuse; what it says.
    pub(crate) async fn admin_refuses(&self, arguments: &[&str]) -> String {
        let ended = self.run_admin(arguments).await;
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        String::from_utf8(ended.stderr).expect("text")
    }

    /// Runs `baton-admin --json` to its end.
    pub(crate) async fn run_admin(&self, arguments: &[&str]) -> Output {
        let mut program = self.program("baton-admin");
        program
            .arg("--json")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        program.output().await.expect("it runs")
    }

    /// A file in the folder that the programs run in.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes a setting of every program that is started from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let name = format!("BATON__{name}");
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
    }

    /// Tells every process to end, and sees that it does; they can be started again.
    pub(crate) async fn stop(&mut self) {
        if let Some(worker) = self.worker.take() {
            end(Some(worker)).await;
        }
        end(self.api.take()).await;
    }

    /// Starts what [`stop`](Self::stop) has ended.
    pub(crate) async fn go_on(&mut self) {
        self.start_api().await;
        if !self.is_alone() {
            self.start_worker().await;
        }
    }

    fn program(&self, name: &str) -> Command {
        let mut program = program(name, &self.environment);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path());
        let log = log.expect("a log");
        program
            .current_dir(self.folder.path())
            .stdout(log.try_clone().expect("the same log"))
            .stderr(log);
        program
    }
}

/// A program with these settings and no others.
fn program(name: &str, environment: &[(String, String)]) -> Command {
    let mut program = Command::new(path_of(name));
    program.env_clear().envs(environment.iter().cloned());
    program
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true);
    program
}

/// Runs a program that ends by itself, with these settings and no others.
pub(crate) async fn run_program(
    name: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Output {
    let folder = tempfile::tempdir().expect("a folder to run in");
    let environment = named(environment);
    let mut program = program(name, &environment);
    program
        .args(arguments)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let ended = tokio::time::timeout(ENDS_WITHIN, program.output()).await;
    ended
        .unwrap_or_else(|_| panic!("{name} goes on"))
        .expect("it runs")
}

/// Runs a program until it says `words`, then ends it; all that it said.
pub(crate) async fn run_program_until(
    name: &str,
    environment: &[(&str, &str)],
    words: &str,
) -> String {
    let folder = tempfile::tempdir().expect("a folder to run in");
    let log = folder.path().join("program.log");
    let file = std::fs::File::create(&log).expect("a file to write to");
    let environment = named(environment);
    let mut program = program(name, &environment);
    program
        .current_dir(folder.path())
        .stdout(file.try_clone().expect("the file may be shared"))
        .stderr(file);
    let mut running = program.spawn().expect("it runs");
    let said = eventually(&format!("{name} says {words:?}"), async || {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        said.contains(words).then_some(said)
    })
    .await;
    running.kill().await.expect("it was running");
    said
}

/// Beside this binary, where cargo puts what it builds.
fn path_of(name: &str) -> PathBuf {
    let this = std::env::current_exe().expect("the path of this binary");
    let folder = this
        .parent()
        .and_then(std::path::Path::parent)
        .expect("target/…/deps/it-…");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is not there: `cargo build --workspace` builds it, and scripts/test does that first",
        path.display()
    );
    path
}

fn environment(
    url: &str,
    operations: SocketAddr,
    database_url: &str,
    mail: &Catcher,
) -> Vec<(String, String)> {
    let on_sqlite = database_url.starts_with("sqlite:");
    named(&[
        ("PUBLIC_URL", url),
        ("HTTP__LISTEN", url.trim_start_matches("http://")),
        ("HTTP__METRICS_LISTEN", &operations.to_string()),
        ("DATABASE__URL", database_url),
        ("DATABASE__CONNECTIONS", "4"),
        (
            "SECRETS__KEYS",
            "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
        ("WORKER__EMBEDDED", if on_sqlite { "true" } else { "false" }),
        ("MAIL__SMTP_URL", &mail.smtp_url()),
        ("GREENHOUSE__CALLBACK_HOSTS", "greenhouse.io,127.0.0.1"),
        ("NETWORK__ALLOW_LOOPBACK_HTTP", "true"),
    ])
}

fn named(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let named = |(key, value): &(&str, &str)| (format!("BATON__{key}"), (*value).to_owned());
    settings.iter().map(named).collect()
}

/// SIGKILL: nothing is brought to its end.
async fn kill(program: Option<Child>) {
    program
        .expect("it runs")
        .kill()
        .await
        .expect("it can be killed");
}

/// SIGTERM: it ends by itself, in time and with status 0.
async fn end(program: Option<Child>) {
    let program = program.expect("it runs");
    terminate(&program).await;
    assert_eq!(ended(program).await, Some(0));
}

async fn terminate(program: &Child) {
    let id = program.id().expect("it has not ended").to_string();
    eventually("it is ready to be told", async || {
        heeds_sigterm(&id).then_some(())
    })
    .await;
    let told = Command::new("kill").args(["-TERM", &id]).status().await;
    assert!(told.expect("kill runs").success());
}

/// A program that has only just been started ends at the signal without having seen it: does it catch SIGTERM (15) by now?
fn heeds_sigterm(id: &str) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) else {
        // Without such a file nobody can know, and it is told at once.
        return true;
    };
    let mut lines = status.lines();
    let caught = lines.find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    caught.is_none_or(|mask| mask & (1 << 14) != 0)
}

/// Waits until a program has ended; its status.
async fn ended(mut program: Child) -> Option<i32> {
    let ended = tokio::time::timeout(ENDS_WITHIN, program.wait()).await;
    let status = ended
        .expect("it ends in time")
        .expect("it can be waited for");
    status.code()
}
