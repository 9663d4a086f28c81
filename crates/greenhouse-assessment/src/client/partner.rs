//! Greenhouse's side: calls to a vendor's four endpoints.

use ats_http::reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ats_http::reqwest::{Client, RequestBuilder};
use ats_http::{ClientConfig, ClientError, client};
use serde::Serialize;
use url::Url;

use super::reading::{self, CallError, SeenStatus};
use crate::{Credential, Key, ResponseError, SendTest, Test};

/// Calls a partner as Greenhouse does. For vendors who try their own endpoints, and for tests.
///
/// ```no_run
/// use greenhouse_assessment::client::{Endpoints, PartnerClient};
/// use greenhouse_assessment::{Candidate, Key, SendTest};
///
/// # async fn call() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Endpoints::under("https://vendor.example/api/greenhouse")?;
/// let partner = PartnerClient::new("my-check/1.0", endpoints, Key::new("gh_demo")?)?;
/// let tests = partner.list_tests().await?;
/// let mut ask = SendTest::new(&tests[0], Candidate::new("ada@candidate.example"));
/// ask.url = Some("https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1".into());
/// let id = partner.send_test(&ask).await?;
/// println!("{}", partner.test_status(&id).await?.partner_status);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct PartnerClient {
    http: Client,
    endpoints: Endpoints,
    credential: Credential,
}

/// The four addresses that a vendor registers with Greenhouse. Any may hold a query of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// `GET`: the tests.
    pub list_tests: Url,
    /// `POST`: one ask.
    pub send_test: Url,
    /// `GET` with `partner_interview_id`.
    pub test_status: Url,
    /// `POST`: a malformed answer.
    pub response_errors: Url,
}

/// A text that can be no base address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no complete web address: write one that starts with https:// and ends before /list_tests"
)]
pub struct BadBaseUrl;

impl Endpoints {
    /// `{base}/list_tests`, `{base}/send_test`, `{base}/test_status`, `{base}/response_errors`.
    ///
    /// # Errors
    ///
    /// [`BadBaseUrl`] for anything but an absolute http or https address.
    pub fn under(base: &str) -> Result<Self, BadBaseUrl> {
        let base = Url::parse(base).map_err(|_| BadBaseUrl)?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(BadBaseUrl);
        }
        let at = |name| {
            let mut url = base.clone();
            let mut segments = url.path_segments_mut().map_err(|()| BadBaseUrl)?;
            segments.pop_if_empty().push(name);
            drop(segments);
            Ok(url)
        };
        Ok(Self {
            list_tests: at("list_tests")?,
            send_test: at("send_test")?,
            test_status: at("test_status")?,
            response_errors: at("response_errors")?,
        })
    }
}

impl PartnerClient {
    /// A client of its own, which waits 15 s at most.
    ///
    /// # Errors
    ///
    /// [`ClientError`] without usable root certificates or with a `user_agent` that is no header value.
    pub fn new(
        user_agent: impl Into<String>,
        endpoints: Endpoints,
        key: Key,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            http: client(ClientConfig::new(user_agent))?,
            endpoints,
            credential: Credential::OrganizationKey(key),
        })
    }

    /// The tests on offer.
    ///
    /// # Errors
    ///
    /// [`CallError`]; an answer that is not as documented is [`CallError::Malformed`].
    pub async fn list_tests(&self) -> Result<Vec<Test>, CallError> {
        let answer = self.call(self.http.get(self.endpoints.list_tests.clone()));
        reading::tests(&answer.await?)
    }

    /// Sends one ask; gives the partner's id, which may be any text.
    ///
    /// # Errors
    ///
    /// As [`list_tests`](Self::list_tests).
    pub async fn send_test(&self, ask: &SendTest) -> Result<String, CallError> {
        let answer = self.call(self.post(&self.endpoints.send_test, ask));
        reading::interview_id(&answer.await?)
    }

    /// Reads where one sending stands.
    ///
    /// # Errors
    ///
    /// As [`list_tests`](Self::list_tests).
    pub async fn test_status(&self, interview_id: &str) -> Result<SeenStatus, CallError> {
        let mut url = self.endpoints.test_status.clone();
        url.query_pairs_mut()
            .append_pair("partner_interview_id", interview_id);
        let answer = self.call(self.http.get(url));
        reading::status(&answer.await?)
    }

    /// Reports a malformed answer. Any 2xx will do.
    ///
    /// # Errors
    ///
    /// [`CallError`], but never [`CallError::Malformed`].
    pub async fn response_error(&self, report: &ResponseError) -> Result<(), CallError> {
        self.call(self.post(&self.endpoints.response_errors, report))
            .await
            .map(drop)
    }

    fn post(&self, url: &Url, body: &impl Serialize) -> RequestBuilder {
        let json =
            serde_json::to_vec(body).expect("our wire types hold only text, lists and objects");
        self.http
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(json)
    }

    async fn call(&self, request: RequestBuilder) -> Result<Vec<u8>, CallError> {
        let result = request
            .header(AUTHORIZATION, self.credential.authorization())
            .header(ACCEPT, "application/json")
            .send()
            .await;
        reading::body(result).await
    }
}
