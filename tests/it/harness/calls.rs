//! What Greenhouse and the vendor's own programs call most.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail::catcher::CaughtMail;
use serde_json::{Value, json};
use storage::AnyConnection;

use super::test_app::read;
use super::{TestApp, eventually};

/// How long a mail may take.
const MAIL: Duration = Duration::from_secs(30);

/// A `send_test` as Greenhouse sends it today.
pub(crate) fn ask(test: &str, email: &str, url: &str) -> Value {
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

/// The `Authorization` of a key, as Greenhouse sends and expects it.
pub(crate) fn basic(key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

impl TestApp {
    /// Calls as Greenhouse, with the organization's key.
    pub(crate) async fn greenhouse(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        self.greenhouse_as(&self.greenhouse_key, method, path, body)
            .await
    }

    /// Calls as Greenhouse, with this key.
    pub(crate) async fn greenhouse_as(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let url = format!("{}/api/greenhouse/{path}", self.url);
        let mut call = self
            .http
            .request(method, url)
            .header("authorization", basic(key));
        if let Some(body) = body {
            call = call.json(&body);
        }
        read(call.send().await.expect("an answer")).await
    }

    /// Greenhouse sends a test; the interview id.
    pub(crate) async fn send(&self, body: Value) -> String {
        let (status, answer) = self.greenhouse("POST", "send_test", Some(body)).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["partner_interview_id"])
    }

    /// What Greenhouse reads of an interview.
    pub(crate) async fn test_status(&self, interview: &str) -> Value {
        let path = format!("test_status?partner_interview_id={interview}");
        let (status, answer) = self.greenhouse("GET", &path, None).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Makes an invite at `/v1`.
    pub(crate) async fn invite(&self, assessment: &str, email: &str) -> Value {
        let candidate = json!({ "first_name": "Ada", "last_name": "Lovelace", "email": email });
        self.invite_with(json!({ "assessment_id": assessment, "candidate": candidate }))
            .await
    }

    /// Makes an invite of this body.
    pub(crate) async fn invite_with(&self, body: Value) -> Value {
        let (status, made) = self.v1("POST", "invites", Some(body)).await;
        assert_eq!(status, 201, "{made}");
        made
    }

    /// An invite as it now is.
    pub(crate) async fn show(&self, invite: &str) -> Value {
        let (status, shown) = self.v1("GET", &format!("invites/{invite}"), None).await;
        assert_eq!(status, 200, "{shown}");
        shown
    }

    /// Carries out a command that is taken; the invite afterwards.
    pub(crate) async fn command(&self, invite: &str, verb: &str, body: Option<Value>) -> Value {
        let path = format!("invites/{invite}/{verb}");
        let (status, shown) = self.v1("POST", &path, body).await;
        assert_eq!(status, 200, "{verb}: {shown}");
        shown
    }

    /// Reports a result that is taken; the invite afterwards.
    pub(crate) async fn report(&self, invite: &str, result: Value) -> Value {
        let path = format!("invites/{invite}/result");
        let (status, shown) = self.v1("PUT", &path, Some(result)).await;
        assert_eq!(status, 200, "{shown}");
        shown
    }

    /// Starts an invite to an external assessment and reports its score.
    pub(crate) async fn complete(&self, invite: &str, score: u32) -> Value {
        self.command(invite, "start", None).await;
        self.report(invite, json!({ "score": score })).await
    }

    /// An invite's timeline, oldest first.
    pub(crate) async fn timeline(&self, invite: &str) -> Vec<Value> {
        let path = format!("invites/{invite}/timeline?limit=100");
        let (status, page) = self.v1("GET", &path, None).await;
        assert_eq!(status, 200, "{page}");
        let mut entries = page["data"].as_array().expect("a list").clone();
        entries.reverse();
        entries
    }

    /// The first mail to this address.
    pub(crate) async fn mail_to(&self, email: &str) -> CaughtMail {
        let mail = self
            .mail
            .wait_for(|mail| mail.recipients == [email], MAIL)
            .await;
        mail.unwrap_or_else(|| panic!("no mail came to {email}"))
    }

    /// How many mails have come to an address.
    pub(crate) fn mails_to(&self, email: &str) -> usize {
        let mails = self.mail.messages();
        mails
            .iter()
            .filter(|mail| mail.recipients == [email])
            .count()
    }

    /// Waits until the invite's one write-back is in this state; the write-back.
    pub(crate) async fn writeback(&self, invite: &str, state: &str) -> Value {
        eventually(&format!("the write-back is {state}"), async || {
            let writeback = self.show(invite).await["writebacks"][0].clone();
            (writeback["state"] == state).then_some(writeback)
        })
        .await
    }

    /// Waits until the worker has nothing left that is due.
    pub(crate) async fn idle(&self) {
        eventually("nothing is due any more", async || {
            let busy = self.app.read(|app, conn| {
                let behind = in_state(conn, "waiting")?;
                let due = storage::jobs::next_due(conn)?;
                let claimed = in_state(conn, "claimed")?;
                // Between these looks a job may end and the one behind it come forward: then fewer wait.
                let promoted = in_state(conn, "waiting")? != behind;
                Ok(promoted || claimed > 0 || due.is_some_and(|due| due <= app.now()))
            });
            (!busy.await.expect("the database answers")).then_some(())
        })
        .await;
    }

    /// Waits for a fact on the invite's timeline about this mail; the fact.
    pub(crate) async fn told(&self, invite: &str, name: &str, mail: &str) -> Value {
        eventually(&format!("{name} of {mail} is told"), async || {
            let timeline = self.timeline(invite).await;
            let is_it = |fact: &Value| fact["type"] == name && fact["detail"]["mail"] == mail;
            timeline.into_iter().find(is_it)
        })
        .await
    }

    /// Looks for reminders and for held mail, as the worker does every few seconds, and waits until what that brought is done.
    pub(crate) async fn look_for_mail(&self) {
        app::mails::remind(&self.app).await.expect("a look");
        app::mails::let_go(&self.app).await.expect("a look");
        self.app.db().wake().notify();
        self.idle().await;
    }

    /// How many rows a table has.
    pub(crate) fn rows(&self, table: &str) -> i64 {
        self.database
            .count(&format!("SELECT count(*) FROM {table}"))
    }
}

/// A member that is text.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// How many jobs are in this state.
fn in_state(conn: &mut AnyConnection, wanted: &str) -> storage::Result<i64> {
    let states = storage::jobs::count_by_state(conn)?;
    let count = states.into_iter().find(|(state, _)| state == wanted);
    Ok(count.map_or(0, |(_, many)| many))
}
