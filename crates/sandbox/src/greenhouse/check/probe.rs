//! One call of a check, and the rows that come of it.

use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, WWW_AUTHENTICATE};
use reqwest::{Client, Method, Response};
use url::Url;

use super::CheckConfig;
use super::report::{Report, Row, Verdict};
use crate::call_log::Findings;
use crate::greenhouse::basic;
use crate::greenhouse::organization::Endpoints;

/// What a call shows as credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential {
    /// The key, as Greenhouse sends it.
    Key,
    /// The key, with the scheme in lower case.
    LowerCase,
    /// A key that nobody made.
    Wrong,
    /// An empty user name.
    Blank,
    /// No header at all.
    None,
}

/// What came back.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) content_type: String,
    pub(super) asks_for_basic: bool,
    pub(super) took: Duration,
}

/// Makes calls and keeps the rows.
#[derive(Debug)]
pub(super) struct Prober {
    http: Client,
    pub(super) endpoints: Endpoints,
    pub(super) callback_base: Url,
    key: String,
    report: Report,
}

impl Prober {
    /// Nothing looked at yet.
    pub(super) fn new(http: Client, config: &CheckConfig) -> Self {
        Self {
            http,
            endpoints: Endpoints::below(&config.base_url),
            callback_base: config.callback_base.clone(),
            key: config.key.clone(),
            report: Report::default(),
        }
    }

    /// The rows so far.
    pub(super) fn into_report(self) -> Report {
        self.report
    }

    /// A GET; none when no answer came.
    pub(super) async fn get(&self, url: &Url, credential: Credential) -> Option<Heard> {
        self.call(Method::GET, url, credential, None).await
    }

    /// A POST of `body` as JSON; none when no answer came.
    pub(super) async fn post(
        &self,
        url: &Url,
        credential: Credential,
        body: &str,
    ) -> Option<Heard> {
        self.call(Method::POST, url, credential, Some(body)).await
    }

    async fn call(
        &self,
        method: Method,
        url: &Url,
        credential: Credential,
        body: Option<&str>,
    ) -> Option<Heard> {
        let mut request = self
            .http
            .request(method, url.clone())
            .header(ACCEPT, "application/json");
        if let Some(header) = self.header(credential) {
            request = request.header(AUTHORIZATION, header);
        }
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_owned());
        }
        let begun = Instant::now();
        let response = request.send().await.ok()?;
        let header = |name: HeaderName| text_header(&response, &name);
        let (content_type, asks) = (header(CONTENT_TYPE), header(WWW_AUTHENTICATE));
        Some(Heard {
            status: response.status().as_u16(),
            content_type,
            asks_for_basic: asks.to_ascii_lowercase().starts_with("basic"),
            body: response.text().await.ok()?,
            took: begun.elapsed(),
        })
    }

    fn header(&self, credential: Credential) -> Option<String> {
        match credential {
            Credential::Key => Some(basic::header(&self.key, "")),
            Credential::LowerCase => Some(basic::header(&self.key, "").replacen('B', "b", 1)),
            Credential::Wrong => Some(basic::header("wrong_key_of_a_check", "")),
            Credential::Blank => Some(basic::header("", "")),
            Credential::None => None,
        }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, verdict: Verdict, call: &'static str, what: &str, mend: &str) {
        self.report.rows.push(Row {
            verdict,
            call,
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }

    /// Adds a row that is worth mending.
    pub(super) fn warn(&mut self, call: &'static str, what: &str, mend: &str) {
        self.row(Verdict::Warn, call, what, mend);
    }

    /// A row that passes or fails.
    pub(super) fn fail_unless(&mut self, good: bool, call: &'static str, what: &str, mend: &str) {
        let verdict = if good { Verdict::Pass } else { Verdict::Fail };
        self.row(verdict, call, what, if good { "" } else { mend });
    }

    /// A row that passes or is worth mending.
    pub(super) fn warn_unless(&mut self, good: bool, call: &'static str, what: &str, mend: &str) {
        let verdict = if good { Verdict::Pass } else { Verdict::Warn };
        self.row(verdict, call, what, if good { "" } else { mend });
    }

    /// A row for a status that has to be 200.
    pub(super) fn expect_ok(
        &mut self,
        call: &'static str,
        what: &str,
        heard: &Option<Heard>,
    ) -> bool {
        let mend = "Answer 200.";
        self.expect_status(call, what, heard, &[200], mend)
    }

    /// A row for a status: what is wanted passes, another refusal is worth mending where a refusal was wanted, and
    /// all else fails. A body that repeats the key fails always.
    pub(super) fn expect_status(
        &mut self,
        call: &'static str,
        what: &str,
        heard: &Option<Heard>,
        wanted: &[u16],
        mend: &str,
    ) -> bool {
        let Some(heard) = heard else {
            self.row(
                Verdict::Fail,
                call,
                what,
                "No answer came: is the vendor running at that address?",
            );
            return false;
        };
        let refusal_wanted = wanted.iter().all(|status| (400..500).contains(status));
        let verdict = match heard.status {
            status if wanted.contains(&status) => Verdict::Pass,
            400..=499 if refusal_wanted && !wanted.contains(&401) => Verdict::Warn,
            _ => Verdict::Fail,
        };
        let seen = format!("It answered {}. {mend}", heard.status);
        self.row(
            verdict,
            call,
            what,
            if verdict == Verdict::Pass { "" } else { &seen },
        );
        if heard.body.contains(&self.key) {
            self.row(
                Verdict::Fail,
                call,
                &format!("{what}: the key stands in the answer"),
                "Never repeat a key.",
            );
        }
        verdict == Verdict::Pass
    }

    /// Rows for what the validator said.
    pub(super) fn findings(&mut self, call: &'static str, what: &str, findings: &Findings) {
        let errors = findings.errors.join("; ");
        self.fail_unless(errors.is_empty(), call, what, &errors);
        for warning in &findings.warnings {
            self.warn(call, what, warning);
        }
    }
}

fn text_header(response: &Response, name: &HeaderName) -> String {
    let value = response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
