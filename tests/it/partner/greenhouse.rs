//! Greenhouse, as far as its published reference says: plain HTTP and JSON, none of Baton's crates.

use std::collections::BTreeMap;

use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// One customer's connection to the partner.
#[derive(Debug, Clone)]
pub(super) struct Greenhouse {
    pub(super) http: Client,
    /// What the registered addresses begin with.
    pub(super) base: String,
    pub(super) key: String,
}

/// One item of `list_tests`: these members and no others.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Test {
    pub(super) partner_test_id: String,
    pub(super) partner_test_name: String,
}

/// What `send_test` answers: this member and no other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    partner_interview_id: String,
}

/// What `test_status` answers: up to four members.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Status {
    pub(super) partner_status: String,
    pub(super) partner_profile_url: Option<String>,
    pub(super) partner_score: Option<f64>,
    pub(super) metadata: Option<BTreeMap<String, Value>>,
}

/// What is answered to a call that cannot be carried out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    error: String,
    message: String,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            body: response.text().await.expect("a whole body"),
        }
    }

    /// The interview that was made.
    pub(super) fn interview(&self) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        let sent: Sent = serde_json::from_str(&self.body).expect("an object with an id");
        sent.partner_interview_id
    }

    /// Status and code of a refusal.
    pub(super) fn refusal(&self) -> (u16, String) {
        let refusal: Refusal = serde_json::from_str(&self.body).expect("a refusal");
        assert!(!refusal.message.is_empty());
        (self.status, refusal.error)
    }
}

impl Greenhouse {
    /// The tests that the stage's drop-down offers.
    pub(super) async fn list_tests(&self) -> Vec<Test> {
        let answer = self.call(self.get("list_tests")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).expect("a bare array of tests")
    }

    /// **Send Test**: one POST.
    pub(super) async fn send_test(&self, test: &str, email: &str, url: &str) -> Answer {
        self.send(&body(test, email, url)).await
    }

    /// One POST of this body.
    pub(super) async fn send(&self, body: &Value) -> Answer {
        self.call(self.post("send_test").json(body)).await
    }

    /// Where an interview stands.
    pub(super) async fn status(&self, interview: &str) -> Status {
        let answer = self.read(interview).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).expect("an object of up to four members")
    }

    /// The same as it came.
    pub(super) async fn read(&self, interview: &str) -> Answer {
        let query = [("partner_interview_id", interview)];
        self.call(self.get("test_status").query(&query)).await
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}/{path}", self.base))
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}/{path}", self.base))
    }

    /// The key is the user name, the password is empty.
    async fn call(&self, request: RequestBuilder) -> Answer {
        let request = request.basic_auth(&self.key, Some(""));
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// A call whose credential is already on it, or missing.
    pub(super) async fn call_as_it_is(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }
}

/// What Greenhouse sends about one candidate.
pub(super) fn body(test: &str, email: &str, url: &str) -> Value {
    json!({
        "partner_test_id": test,
        "candidate": {
            "first_name": "Zoë",
            "last_name": "Nguyễn-Okafor",
            "preferred_name": null,
            "resume_url": "https://files.example/resume/5f0c?sig=abc",
            "phone_number": "+44 20 7946 0018 ext 4",
            "email": email,
            "greenhouse_profile_url": "https://app4.greenhouse.io/people/163900000004?application_id=172800000004",
        },
        "sent_by": "recruiter@customer.example",
        "url": url,
    })
}

/// The `url` of a take-home test that nobody will be told of: no one listens there.
pub(super) fn url(test: u32) -> String {
    format!("http://127.0.0.1:9/integrations/testing_partners/take_home_tests/{test}")
}
