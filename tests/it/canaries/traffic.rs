//! Everything that Baton is for, and much that goes wrong; each secret that is handed out on the way is remembered.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::OPERATOR;
use super::forms::Canary;
use crate::harness::{Callback, PASSWORD, Programs, ask, basic, external, text, written};

const FIRST_NAME: &str = "Canaryfirstname-Zoë";
const LAST_NAME: &str = "Canarylastname";
const EMAIL: &str = "canary-email@candidate.example";
const PHONE: &str = "+44 20 7946 0018 canary";
const ANSWER: &str = "canary of an answer: I would ask first";
const SUMMARY: &str = "canary of a summary: thinks aloud";

/// A customer and candidates at work.
#[derive(Debug)]
pub(super) struct Traffic<'a> {
    greenhouse: &'a Callback,
    test: String,
    essay: String,
    cookie: String,
    secrets: Vec<Canary>,
    /// Bodies of all refusals.
    refusals: Vec<u8>,
}

impl<'a> Traffic<'a> {
    /// Signs somebody in, publishes two assessments, has the secrets shown that can be shown.
    pub(super) async fn start(baton: &Programs, greenhouse: &'a Callback) -> Self {
        let cookie = baton.sign_in("canary-owner@customer.example").await;
        let mut traffic = Self {
            greenhouse,
            test: baton.publish(external("Backend")).await,
            essay: baton.publish(written("Essay")).await,
            secrets: Vec::new(),
            refusals: Vec::new(),
            cookie,
        };
        traffic.remember("a platform key", &baton.platform_key);
        traffic.remember("a Greenhouse key", &baton.greenhouse_key);
        traffic.remember("a password", PASSWORD);
        let session = traffic
            .cookie
            .split_once('=')
            .expect("a cookie")
            .1
            .to_owned();
        traffic.remember("a session", &session);
        traffic
    }

    /// One round of all of it; `round` tells the candidates apart.
    pub(super) async fn good_and_bad(&mut self, baton: &Programs, round: usize) {
        self.shows_secrets(baton, round).await;
        for number in 0..3 {
            self.sits(baton, &format!("{round}-{number}")).await;
        }
        self.invites(baton, round).await;
        self.sees_pages(baton).await;
        self.is_refused(baton).await;
    }

    /// Secrets, people, and all that was said in refusing.
    pub(super) fn canaries(self) -> (Vec<Canary>, Vec<Canary>, Vec<u8>) {
        let people = [
            ("a first name", FIRST_NAME),
            ("a last name", LAST_NAME),
            ("an e-mail address", EMAIL),
            ("a telephone number", PHONE),
            ("an answer", ANSWER),
            ("a summary", SUMMARY),
        ];
        let people = people.map(|(name, text)| Canary::new(name, text));
        (self.secrets, people.into(), self.refusals)
    }

    fn remember(&mut self, name: &'static str, secret: &str) {
        self.secrets.push(Canary::new(name, secret));
        if let Some((_, long)) = secret.split_once("_").filter(|(_, long)| long.len() > 50) {
            // What follows the public id of a key.
            self.secrets.push(Canary::new(name, &long[13..]));
        }
    }

    /// What is shown once, with answers that are kept to be repeated.
    async fn shows_secrets(&mut self, baton: &Programs, round: usize) {
        for (path, body, member, name) in [
            (
                "catalogue/rotate-secret",
                json!({}),
                "signing_secret",
                "a signing secret",
            ),
            (
                "api-keys",
                json!({ "kind": "platform", "name": "More" }),
                "key",
                "one more platform key",
            ),
        ] {
            let mut shown = Vec::new();
            for _ in 0..2 {
                let call = v1(baton, "POST", path)
                    .header("idempotency-key", format!("round-{round}"))
                    .json(&body);
                shown.push(text(&self.call(call).await[member]));
            }
            assert_eq!(shown[0], shown[1], "the second is a repeat");
            self.remember(name, shown[0].trim_start_matches("whsec_"));
        }
        let email = format!("member-{round}@customer.example");
        let arguments = [
            "user",
            "create",
            "--organization",
            &baton.organization,
            "--email",
            &email,
            "--role",
            "member",
        ];
        let link = text(&baton.admin(&arguments).await["setup_url"]);
        self.remember("a setup link", link.rsplit_once('/').expect("a token").1);
        self.call(baton.http.get(&link)).await;
        // The form comes again, and leads to the same link: whoever reads it has just used that.
        let again = baton.http.post(&link).form(&[("password", "short")]);
        assert_eq!(again.send().await.expect("an answer").status(), 422);
    }

    /// Calls in each lane until every lost connection was noticed, and some more.
    pub(super) async fn goes_on(&mut self, baton: &Programs) {
        for _ in 0..20 {
            self.call(v1(baton, "GET", "invites")).await;
            self.call(v1(baton, "POST", "assessments").json(&json!({})))
                .await;
        }
    }

    /// Greenhouse sends a test; it is taken, reported and read.
    async fn sits(&mut self, baton: &Programs, name: &str) {
        let url = self.greenhouse.url(name);
        let mut body = ask(&self.test, EMAIL, &url);
        body["candidate"]["first_name"] = json!(FIRST_NAME);
        body["candidate"]["last_name"] = json!(LAST_NAME);
        body["candidate"]["phone_number"] = json!(PHONE);
        let invite = baton.send_test(&body).await;
        let started = self
            .call(v1(baton, "POST", &format!("invites/{invite}/start")))
            .await;
        let link = text(&started["candidate_url"]);
        self.remember(
            "a candidate's link",
            link.rsplit_once('/').expect("a token").1,
        );
        self.call(baton.http.get(&link)).await;
        let result = json!({ "score": 80, "summary": SUMMARY, "final": true });
        self.call(v1(baton, "PUT", &format!("invites/{invite}/result")).json(&result))
            .await;
        let results = text(&baton.test_status(&invite).await["partner_profile_url"]);
        self.remember("a grant", results.rsplit_once("grant=").expect("a grant").1);
        self.call(baton.http.get(&results)).await;
        self.call(baton.http.get(format!("{results}x"))).await;
    }

    /// A candidate is invited by the vendor, and writes.
    async fn invites(&mut self, baton: &Programs, round: usize) {
        let candidate = json!({ "email": EMAIL, "first_name": FIRST_NAME, "last_name": LAST_NAME, "phone": PHONE });
        let body = json!({ "assessment_id": self.essay, "candidate": candidate });
        let call =
            v1(baton, "POST", "invites").header("idempotency-key", format!("invite-{round}"));
        let made = self.call(call.json(&body)).await;
        let link = text(&made["candidate_url"]);
        self.remember(
            "a candidate's link",
            link.rsplit_once('/').expect("a token").1,
        );
        self.call(baton.http.post(format!("{link}/start"))).await;
        let question = text(&made["answers"][1]["question_id"]);
        let answers = json!({ "seq": 1, "answers": { question: ANSWER } });
        self.call(baton.http.post(format!("{link}/answers")).json(&answers))
            .await;
        self.call(
            baton
                .http
                .post(format!("{link}/submit"))
                .form(&[("confirmed", "yes")]),
        )
        .await;
        let report =
            json!({ "errors": [EMAIL], "candidate_email": EMAIL, "api_call": "send_test" });
        let call = baton
            .http
            .post(format!("{}/api/greenhouse/response_errors", baton.url));
        self.call(
            call.header("authorization", basic(&baton.greenhouse_key))
                .json(&report),
        )
        .await;
    }

    async fn sees_pages(&mut self, baton: &Programs) {
        for path in [
            "candidates",
            &format!("candidates?q={LAST_NAME}"),
            "settings/api-keys",
            "assessments",
            "nowhere",
        ] {
            let call = baton.http.get(format!("{}/{path}", baton.url));
            self.call(call.header("cookie", &self.cookie)).await;
        }
    }

    /// Secrets in places where they do not belong, and calls that break off in the middle of them.
    async fn is_refused(&mut self, baton: &Programs) {
        let (url, http) = (baton.url.clone(), baton.http.clone());
        for secret in [
            baton.platform_key.clone(),
            baton.greenhouse_key.clone(),
            OPERATOR.to_owned(),
            self.cookie.clone(),
        ] {
            let body = json!({ "title": [&secret], &secret: EMAIL });
            for call in [
                http.get(format!("{url}/v1/invites?api_key={secret}&email={EMAIL}")),
                http.get(format!("{url}/v1/{secret}"))
                    .bearer_auth(format!("{secret}x")),
                http.get(format!("{url}/take/{secret}"))
                    .header("referer", format!("{url}/take/{secret}")),
                http.get(format!("{url}/results/{secret}?grant={secret}")),
                http.get(format!(
                    "{url}/oauth/greenhouse/callback?code={secret}&state={secret}"
                )),
                http.post(format!("{url}/webhooks/mail/{secret}"))
                    .body(secret.clone()),
                http.get(format!("{url}/api/greenhouse/list_tests?key={secret}"))
                    .header("authorization", basic(&format!("x{secret}"))),
                http.post(format!("{url}/api/greenhouse/send_test"))
                    .header("authorization", basic(&baton.greenhouse_key))
                    .json(&body),
                http.post(format!("{url}/api/greenhouse/send_test"))
                    .header("authorization", basic(&secret))
                    .body(secret.clone()),
                v1(baton, "POST", "assessments").json(&body),
                v1(baton, "POST", "invites")
                    .json(&json!({ "assessment_id": secret, "candidate": { "email": secret } })),
                v1(baton, "POST", "assessments")
                    .header("content-type", "application/json")
                    .body(format!("{{\"{secret}")),
                v1(baton, "POST", "api-keys")
                    .header("idempotency-key", format!("{secret} {secret}")),
                http.post(format!("{url}/sign-out"))
                    .form(&[("csrf", &secret)])
                    .header("cookie", &self.cookie),
            ] {
                self.call(call).await;
            }
            // The form comes again with the address that was typed; whoever reads it has just typed it.
            let guess = http
                .post(format!("{url}/sign-in"))
                .form(&[("email", EMAIL), ("password", &secret)]);
            assert_eq!(guess.send().await.expect("an answer").status(), 422);
        }
    }

    /// Makes the call; its body as JSON, where it is some. A refusal is remembered.
    async fn call(&mut self, call: RequestBuilder) -> Value {
        let answer = call.send().await.expect("an answer");
        let refused = answer.status().as_u16() >= 400;
        let headers = format!("{:?}", answer.headers());
        let body = answer.bytes().await.expect("a whole body");
        if refused {
            self.refusals.extend_from_slice(headers.as_bytes());
            self.refusals.extend_from_slice(&body);
        }
        serde_json::from_slice(&body).unwrap_or_default()
    }
}

/// A call of the organization's own program.
fn v1(baton: &Programs, method: &str, path: &str) -> RequestBuilder {
    let method = method.parse().expect("a method");
    let call = baton
        .http
        .request(method, format!("{}/v1/{path}", baton.url));
    call.bearer_auth(&baton.platform_key)
}
