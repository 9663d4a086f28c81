//! Greenhouse, played by the sandbox: recruiters who send, and the log of all it was told.

use std::net::{Ipv4Addr, SocketAddr};

use chrono::{DateTime, Utc};
use reqwest::header::CONNECTION;
use reqwest::{Client, Method};
use sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use serde_json::{Value, json};

use super::Customer;
use crate::broken::{Result, broken};

/// The sandbox, with a stage for each customer.
#[derive(Debug)]
pub(crate) struct Greenhouse {
    sandbox: RunningSandbox,
    http: Client,
    stages: Vec<Stage>,
}

/// So often what is only read is asked for.
const READS: usize = 5;

/// A job's stage that has a customer's test.
#[derive(Debug, Clone, Copy)]
struct Stage {
    job: u64,
    id: u64,
}

/// One call that Greenhouse made or took.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) sequence: u64,
    pub(crate) call: String,
    pub(crate) at: DateTime<Utc>,
    /// None where no answer came.
    pub(crate) status: Option<u16>,
    /// Which fault was played, or why no answer came.
    pub(crate) note: Option<String>,
    pub(crate) test: Option<u64>,
    /// What `test_status` said.
    pub(crate) partner_status: Option<String>,
    /// What breaks the contract.
    pub(crate) complaints: Vec<String>,
}

impl Greenhouse {
    /// Starts it, with ids drawn from `seed`.
    pub(crate) fn start(http: Client, seed: u64) -> Result<Self> {
        let config = SandboxConfig {
            first_id_seed: Some(seed),
            ..SandboxConfig::on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
        };
        Ok(Self {
            sandbox: Sandbox::start(config)?,
            http,
            stages: Vec::new(),
        })
    }

    /// Connects a customer to the vendor at `url`.
    pub(crate) async fn connect(&mut self, customer: &Customer, url: &str) -> Result<()> {
        let base = format!("{url}/api/greenhouse");
        let organization =
            json!({ "name": customer.name, "base_url": base, "key": customer.greenhouse_key });
        let organization = self.make("organizations", organization).await?;
        let job = json!({ "organization_id": organization, "name": "Engineer" });
        let job = self.make("jobs", job).await?;
        let id = self.make(&format!("jobs/{job}/stages"), json!({})).await?;
        let test = json!({ "partner_test_id": customer.assessment, "graders": ["Gus"] });
        self.control(Method::PATCH, &format!("stages/{id}"), Some(test))
            .await?;
        self.stages.push(Stage { job, id });
        Ok(())
    }

    async fn make(&self, what: &str, body: Value) -> Result<u64> {
        number(&self.control(Method::POST, what, Some(body)).await?["id"])
    }

    /// Adds a candidate of `customer` to its stage; the application's id.
    pub(crate) async fn add_candidate(&self, customer: usize, email: &str) -> Result<u64> {
        let Stage { job, id } = self.stages[customer];
        let body = json!({ "job_id": job, "stage_id": id, "first_name": "Kim", "email": email });
        let made = self
            .control(Method::POST, "applications", Some(body))
            .await?;
        number(&made["application_id"])
    }

    /// Presses **Send Test**, twice at once where `doubly`; what Greenhouse then shows of the test.
    pub(crate) async fn send(&self, application: u64, doubly: bool) -> Result<Value> {
        let verb = if doubly { "double-click" } else { "send" };
        let path = format!("applications/{application}/{verb}");
        self.control(Method::POST, &path, None).await
    }

    /// Sends the same test again under the same `url`.
    pub(crate) async fn repeat(&self, test: u64) -> Result<Value> {
        let path = format!("take-home-tests/{test}/repeat");
        self.control(Method::POST, &path, None).await
    }

    /// Reads `test_status` once more.
    pub(crate) async fn read_again(&self, test: u64) -> Result<Value> {
        let path = format!("take-home-tests/{test}/poll");
        self.control(Method::POST, &path, None).await
    }

    /// Every sent test, as Greenhouse shows it.
    pub(crate) async fn tests(&self) -> Result<Vec<Value>> {
        let summary = self.control(Method::GET, "summary", None).await?;
        Ok(summary["take_home_tests"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }

    /// From now on `percent` of the PATCHes meet a fault, drawn from `seed`.
    pub(crate) async fn disturb(&self, percent: u8, seed: u64) -> Result<()> {
        let status = |status: u16, retry_after: Option<&str>| {
            let play = json!({ "kind": "status", "status": status, "retry_after": retry_after });
            json!({ "play": play })
        };
        let faults = json!([
            status(429, Some("1")),
            status(429, None),
            status(500, None),
            status(503, None),
            { "play": { "kind": "reset" } },
            { "play": { "kind": "reset" }, "takes_effect": true },
            { "play": { "kind": "slow_drip", "seconds": 2 }, "takes_effect": true },
        ]);
        let chance = json!({ "percent": percent, "seed": seed, "faults": faults });
        let faults = json!({ "chance": chance });
        self.control(Method::PUT, "faults", Some(faults)).await?;
        Ok(())
    }

    /// From now on all goes well.
    pub(crate) async fn calm(&self) -> Result<()> {
        self.control(Method::PUT, "faults", Some(json!({}))).await?;
        Ok(())
    }

    /// What was said since the call number `after`.
    pub(crate) async fn log(&self, after: u64) -> Result<Vec<Heard>> {
        let log = self
            .call(Method::GET, &format!("log?after={after}"), None)
            .await?;
        let calls = log["calls"].as_array().into_iter().flatten();
        calls.map(heard).collect()
    }

    async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        self.call(method, &format!("greenhouse/{path}"), body).await
    }

    /// What is only read is read again where no answer came: on a machine that is busier than it can be, a head may take the
    /// sandbox too long to arrive.
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let mut said = self.call_once(method.clone(), path, body.clone()).await;
        for _ in 1..READS {
            if said.is_ok() || method != Method::GET {
                break;
            }
            said = self.call_once(method.clone(), path, body.clone()).await;
        }
        said
    }

    async fn call_once(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let url = format!("{}control/{path}", self.sandbox.url());
        // A send that the sandbox hangs up on is not to be made again: so each call has a connection of its own.
        let mut call = self.http.request(method, url).header(CONNECTION, "close");
        if let Some(body) = body {
            call = call.json(&body);
        }
        let answer = call.send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        if status.is_success() {
            Ok(body)
        } else {
            broken(format!("the sandbox answers {path} with {status}: {body}"))
        }
    }
}

fn heard(call: &Value) -> Result<Heard> {
    let text = |name: &str| call[name].as_str().map(str::to_owned);
    let said = call["response_body"].as_str().unwrap_or_default();
    let said: Value = serde_json::from_str(said).unwrap_or(Value::Null);
    let complaints = call["errors"].as_array().into_iter().flatten();
    let at = text("at").and_then(|at| at.parse().ok());
    let Some(at) = at else {
        return broken(format!("{call} has no time"));
    };
    Ok(Heard {
        sequence: number(&call["sequence"])?,
        call: text("call").unwrap_or_default(),
        at,
        status: call["status"]
            .as_u64()
            .and_then(|status| status.try_into().ok()),
        note: text("note"),
        test: call["take_home_test_id"].as_u64(),
        partner_status: said["partner_status"].as_str().map(str::to_owned),
        complaints: complaints
            .filter_map(|complaint| complaint.as_str().map(str::to_owned))
            .collect(),
    })
}

pub(crate) fn number(value: &Value) -> Result<u64> {
    match value.as_u64() {
        Some(number) => Ok(number),
        None => broken(format!("{value} is no number")),
    }
}
