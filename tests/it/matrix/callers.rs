//! Everybody who might call, of another organization than the one that is tried to be seen.

use std::sync::atomic::{AtomicU32, Ordering};

use app::api_keys::NewKey;
use app::{api_keys, organizations, sign_in};
use domain::{ApiKeyKind, ApiKeyScope, OrganizationId, Role};
use reqwest::RequestBuilder;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::harness::routes::{Format, Route};
use crate::harness::{OPERATOR, TestApp, ask, basic, external};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Nobody,
    OperatorToken,
    ReadKey,
    WriteKey,
    FullKey,
    /// A Greenhouse key, as Greenhouse sends it.
    GreenhouseKey,
    /// The same, where platform keys belong.
    GreenhouseKeyAsBearer,
    /// A platform key where Greenhouse keys belong.
    FullKeyAsBasic,
    Owner,
    Admin,
    Member,
    /// An operator who is signed in.
    OperatorUser,
    /// Somebody with the link of another candidate.
    Candidate,
    /// Somebody with a grant for another result.
    Reader,
}

impl Who {
    pub(super) const ALL: [Self; 14] = [
        Self::Nobody,
        Self::OperatorToken,
        Self::ReadKey,
        Self::WriteKey,
        Self::FullKey,
        Self::GreenhouseKey,
        Self::GreenhouseKeyAsBearer,
        Self::FullKeyAsBasic,
        Self::Owner,
        Self::Admin,
        Self::Member,
        Self::OperatorUser,
        Self::Candidate,
        Self::Reader,
    ];
}

/// Somebody who is signed in: the cookie, and what their forms carry.
#[derive(Debug)]
struct Session {
    cookie: String,
    csrf: String,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Callers<'a> {
    app: &'a TestApp,
    read: String,
    write: String,
    full: String,
    greenhouse: String,
    owner: Session,
    admin: Session,
    member: Session,
    operator: Session,
    link: String,
    grant: String,
    calls: AtomicU32,
}

/// What came back.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) text: String,
    location: Option<String>,
}

impl Answer {
    /// What does not name this very call, nor what it asked for.
    pub(super) fn without(&self, id: &str) -> Self {
        let text = self.text.replace(id, "ID");
        let location = self.location.as_ref().map(|to| to.replace(id, "ID"));
        Self {
            status: self.status,
            text,
            location,
        }
    }
}

impl<'a> Callers<'a> {
    /// Makes another organization with people, keys and one completed invite.
    pub(super) async fn of_another_organization(app: &'a TestApp) -> Self {
        let id = app
            .app
            .write(|app, conn| Ok(organizations::create(app, conn, "Other")?.organization.id))
            .await;
        let id = id.expect("another organization");
        let full = key(app, id, ApiKeyKind::Platform, None).await;
        let greenhouse = key(app, id, ApiKeyKind::GreenhouseAssessment, None).await;
        let (link, grant) = links(app, &full, &greenhouse).await;
        Self {
            app,
            read: key(app, id, ApiKeyKind::Platform, Some(ApiKeyScope::Read)).await,
            write: key(app, id, ApiKeyKind::Platform, Some(ApiKeyScope::Write)).await,
            full,
            greenhouse,
            owner: session(app, Some(id), Role::Owner).await,
            admin: session(app, Some(id), Role::Admin).await,
            member: session(app, Some(id), Role::Member).await,
            operator: session(app, None, Role::Operator).await,
            link,
            grant,
            calls: AtomicU32::new(0),
        }
    }

    /// Calls a route with this in the place of each id.
    pub(super) async fn call(&self, route: &Route, id: &str, who: Who) -> Answer {
        let mut path = route.path(id);
        if who == Who::Reader {
            path = format!(
                "{path}{}grant={}",
                if path.contains('?') { '&' } else { '?' },
                self.grant
            );
        }
        let method = route.method.parse().expect("a method");
        let call = self
            .app
            .http
            .request(method, format!("{}{path}", self.app.url));
        let number = self.calls.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        // The network for documentation in IPv6: each call from a network of its own.
        let address = format!(
            "2001:db8:{:x}:{:x}::1",
            u16::from_be_bytes([number[0], number[1]]),
            u16::from_be_bytes([number[2], number[3]])
        );
        let call = self
            .credentials(call, who)
            .header("x-forwarded-for", address)
            .header("x-request-id", "the-same");
        let call = match route.body(id) {
            Some((Format::Json, body)) => {
                call.header("content-type", "application/json").body(body)
            }
            Some((Format::Form, body)) => call
                .header("content-type", "application/x-www-form-urlencoded")
                .body(format!(
                    "{body}&csrf={}",
                    self.session(who).map_or("", |session| &session.csrf)
                )),
            None => call,
        };
        let answer = call.send().await.expect("an answer");
        let location = answer
            .headers()
            .get("location")
            .map(|to| to.to_str().expect("text").to_owned());
        Answer {
            status: answer.status().as_u16(),
            location,
            text: answer.text().await.expect("a whole body"),
        }
    }

    fn session(&self, who: Who) -> Option<&Session> {
        match who {
            Who::Owner => Some(&self.owner),
            Who::Admin => Some(&self.admin),
            Who::Member => Some(&self.member),
            Who::OperatorUser => Some(&self.operator),
            _ => None,
        }
    }

    fn credentials(&self, call: RequestBuilder, who: Who) -> RequestBuilder {
        if let Some(session) = self.session(who) {
            return call.header("cookie", &session.cookie);
        }
        match who {
            Who::OperatorToken => call.bearer_auth(OPERATOR),
            Who::ReadKey => call.bearer_auth(&self.read),
            Who::WriteKey => call.bearer_auth(&self.write),
            Who::FullKey => call.bearer_auth(&self.full),
            Who::GreenhouseKey => call.header("authorization", basic(&self.greenhouse)),
            Who::GreenhouseKeyAsBearer => call.bearer_auth(&self.greenhouse),
            Who::FullKeyAsBasic => call.header("authorization", basic(&self.full)),
            Who::Candidate => call.bearer_auth(&self.link),
            _ => call,
        }
    }
}

async fn key(
    app: &TestApp,
    organization: OrganizationId,
    kind: ApiKeyKind,
    scope: Option<ApiKeyScope>,
) -> String {
    let new = NewKey {
        kind,
        name: "Other".to_owned(),
        scopes: scope.map(|scope| vec![scope]),
    };
    let made = app
        .app
        .write(move |app, conn| api_keys::create(app, conn, organization, &new))
        .await;
    made.expect("a key").text.expose_secret().to_owned()
}

/// Somebody who has just chosen a password.
async fn session(app: &TestApp, organization: Option<OrganizationId>, role: Role) -> Session {
    let email = format!("{}@other.example", role.as_str());
    let user = app
        .app
        .write(move |app, conn| sign_in::create(app, conn, organization, &email, role))
        .await;
    let password = "a long and winding password";
    let chosen = app
        .http
        .post(user.expect("a person").setup_url)
        .form(&[("password", password), ("repeated", password)]);
    let answer = chosen.send().await.expect("an answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let page = app
        .http
        .get(format!("{}/candidates", app.url))
        .header("cookie", &cookie)
        .send()
        .await;
    let page = page.expect("an answer").text().await.expect("a page");
    let field = page
        .split_once("name=\"csrf\" value=\"")
        .map_or("", |(_, after)| after);
    let csrf = field.split('"').next().unwrap_or_default().to_owned();
    assert!(!csrf.is_empty() || role == Role::Operator, "{page}");
    Session { cookie, csrf }
}

/// The token of a candidate's link, and the grant of a result.
async fn links(app: &TestApp, key: &str, greenhouse: &str) -> (String, String) {
    let made = app
        .v1_as(key, "POST", "assessments", Some(external("Other")))
        .await
        .1;
    let test = made["id"].as_str().expect("an id");
    app.v1_as(key, "POST", &format!("assessments/{test}/publish"), None)
        .await;
    let asked = ask(test, "kim@candidate.example", "http://127.0.0.1:9/other");
    let (status, sent) = app
        .greenhouse_as(greenhouse, "POST", "send_test", Some(asked))
        .await;
    assert_eq!(status, 200, "{sent}");
    let invite = sent["partner_interview_id"].as_str().expect("an id");
    let shown = app
        .v1_as(key, "POST", &format!("invites/{invite}/start"), None)
        .await
        .1;
    let report = Some(json!({ "score": 80 }));
    app.v1_as(key, "PUT", &format!("invites/{invite}/result"), report)
        .await;
    let path = format!("test_status?partner_interview_id={invite}");
    let status = app.greenhouse_as(greenhouse, "GET", &path, None).await.1;
    let end = |link: &Value, before: &str| {
        let link = link.as_str().expect("a link");
        link.rsplit_once(before).expect("a token").1.to_owned()
    };
    (
        end(&shown["candidate_url"], "/take/"),
        end(&status["partner_profile_url"], "grant="),
    )
}
