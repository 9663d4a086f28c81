//! Judges any vendor's four endpoints from outside, as `baton-sandbox check` does.

mod probe;
mod report;
mod sends;

use ats_http::{ClientConfig, ClientError};
use url::Url;

use self::probe::{Credential, Heard, Prober};
pub use self::report::{Report, Row, Verdict};
use super::validator::{self, Strictness, TestItem};
use super::wire;

/// How long a person at a drop-down waits gladly.
const QUICK: std::time::Duration = std::time::Duration::from_secs(1);

/// Whom to judge, and how.
#[derive(Clone)]
pub struct CheckConfig {
    /// Base of the vendor's four endpoints.
    pub base_url: Url,
    /// The vendor's key.
    pub key: String,
    /// Base of the `url` that `send_test` carries; a vendor may take only hosts it knows. Nothing is ever called there.
    pub callback_base: Url,
}

impl CheckConfig {
    /// With a `url` at `app.greenhouse.io`, as the real Greenhouse sends it.
    pub fn new(base_url: Url, key: impl Into<String>) -> Self {
        Self {
            base_url,
            key: key.into(),
            callback_base: Url::parse("https://app.greenhouse.io/").expect("a constant URL"),
        }
    }
}

impl std::fmt::Debug for CheckConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckConfig")
            .field("base_url", &self.base_url.as_str())
            .field("callback_base", &self.callback_base.as_str())
            .finish_non_exhaustive()
    }
}

/// Calls a vendor's endpoints and reports what keeps to the contract and what does not.
///
/// It sends a few invitations to addresses that cannot exist, for the first test that the vendor lists.
///
/// # Errors
/// No HTTP client could be built. A vendor that does not answer is no error but a failed row.
pub async fn check(config: &CheckConfig) -> Result<Report, ClientError> {
    let http = ats_http::client(ClientConfig::new("Greenhouse-Sandbox-Check/1"))?;
    let mut prober = Prober::new(http, config);
    let tests = check_list(&mut prober).await;
    check_credentials(&mut prober).await;
    check_unknown_ids(&mut prober).await;
    sends::check_refusals(&mut prober).await;
    match tests.first() {
        Some(test) => sends::check_sending(&mut prober, test).await,
        None => prober.warn(
            "send_test",
            "No test is offered, so sending was not tried",
            "Publish a test and check again.",
        ),
    }
    check_notices(&mut prober).await;
    Ok(prober.into_report())
}

async fn check_list(prober: &mut Prober) -> Vec<TestItem> {
    let call = "list_tests";
    let url = prober.endpoints.list_tests.clone();
    let heard = prober.get(&url, Credential::Key).await;
    if !prober.expect_ok(
        call,
        "Answers 200 to the key with an empty password",
        &heard,
    ) {
        return Vec::new();
    }
    let heard = heard.expect("it answered 200");
    let (findings, tests) = validator::list_tests(&heard.body, Strictness::default());
    prober.findings(call, "Is an array of tests with id and name", &findings);
    prober.warn_unless(
        heard.took <= QUICK,
        call,
        "Answers within a second",
        "A person is looking at a drop-down: answer faster.",
    );
    prober.warn_unless(
        heard.content_type.starts_with("application/json"),
        call,
        "Says that it is JSON",
        "Send Content-Type: application/json.",
    );
    tests.unwrap_or_default()
}

async fn check_credentials(prober: &mut Prober) {
    let endpoints = prober.endpoints.clone();
    let status = wire::status_url(&endpoints.test_status, "unknown-id");
    let gets = [
        ("list_tests", endpoints.list_tests),
        ("test_status", status),
    ];
    for (call, url) in gets {
        for (credential, what) in [
            (Credential::None, "Refuses a call without a key"),
            (Credential::Wrong, "Refuses a wrong key"),
            (Credential::Blank, "Refuses an empty key"),
        ] {
            let heard = prober.get(&url, credential).await;
            expect_unauthorized(prober, call, what, &heard);
        }
    }
    let url = prober.endpoints.list_tests.clone();
    let heard = prober.get(&url, Credential::LowerCase).await;
    prober.warn_unless(
        status_of(&heard) == Some(200),
        "list_tests",
        "Takes the scheme \"basic\" in any letter case",
        "Compare the scheme without regard to case (RFC 7235).",
    );
}

fn expect_unauthorized(prober: &mut Prober, call: &'static str, what: &str, heard: &Option<Heard>) {
    let mend = "Answer 401 before anything else when the key is missing, unknown or revoked.";
    prober.expect_status(call, what, heard, &[401], mend);
    let Some(heard) = heard.as_ref().filter(|heard| heard.status == 401) else {
        return;
    };
    if !heard.asks_for_basic {
        let mend = "Send WWW-Authenticate: Basic with each 401.";
        prober.warn(call, &format!("{what}: without WWW-Authenticate"), mend);
    }
}

async fn check_unknown_ids(prober: &mut Prober) {
    let call = "test_status";
    let registered = prober.endpoints.test_status.clone();
    let heard = prober
        .get(
            &wire::status_url(&registered, "unknown-id"),
            Credential::Key,
        )
        .await;
    let mend = "Answer 404 for an id that this customer does not have.";
    prober.expect_status(call, "Answers 404 to an unknown id", &heard, &[404], mend);
    for strange in ["a/b c", "' or 1=1 --", "163900000004", "../list_tests"] {
        let heard = prober
            .get(&wire::status_url(&registered, strange), Credential::Key)
            .await;
        let what = format!("Answers 404 to the strange id {strange}");
        prober.expect_status(call, &what, &heard, &[404, 400], mend);
    }
    let heard = prober.get(&registered, Credential::Key).await;
    let mend = "Answer 400 or 404 when partner_interview_id is missing.";
    prober.expect_status(
        call,
        "Survives a missing id",
        &heard,
        &[400, 404, 422],
        mend,
    );
}

async fn check_notices(prober: &mut Prober) {
    let call = "response_error";
    let url = prober.endpoints.response_error.clone();
    let notice = serde_json::json!({
        "api_call": "test_status",
        "errors": ["partner_score must be a number"],
        "partner_interview_id": "unknown-id",
    });
    let heard = prober
        .post(&url, Credential::Key, &notice.to_string())
        .await;
    prober.expect_ok(call, "Takes a notice", &heard);
    let mend = "Take any body of a known caller: a notice must never fail.";
    for (what, body) in [
        (
            "Takes a notice of an unknown kind",
            r#"{"api_call":"new_call","errors":"text"}"#,
        ),
        ("Takes a body that is not JSON", "not JSON"),
    ] {
        let heard = prober.post(&url, Credential::Key, body).await;
        prober.warn_unless(status_of(&heard) == Some(200), call, what, mend);
    }
    let heard = prober
        .post(&url, Credential::Wrong, &notice.to_string())
        .await;
    expect_unauthorized(prober, call, "Refuses a wrong key", &heard);
}

fn status_of(heard: &Option<Heard>) -> Option<u16> {
    heard.as_ref().map(|heard| heard.status)
}
