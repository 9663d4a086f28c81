//! Tells admins and the operator of connections: asked for, switched on, ending, lost.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{ConnectionKind, Hold, OrganizationId, Standing, UserId};
use jobs::{Handler, Held, Job, Verdict};
use mail::{Message, Notice};
use serde::{Deserialize, Serialize};
use storage::connections::{self, ConnectionRecord};
use storage::{grants, jobs as queue, organizations, users};

use crate::connections::life;
use crate::mails::Ended;
use crate::worker::Tools;
use crate::{AnyConnection, App, Error, Page, Result};

/// How long mail waits for a relay to be set before it looks again.
const NO_RELAY: Duration = Duration::from_secs(60);
/// How long mail waits for settings to be mended before it tries again.
const MISCONFIGURED: Duration = Duration::from_secs(5 * 60);
/// So many admins of an organization are told.
const MOST: i64 = 50;

/// What is told of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum About {
    /// Somebody asks the operator for it.
    Requested,
    /// The operator has switched it on.
    SwitchedOn,
    /// The grant ends soon.
    Ending,
    /// The ATS no longer accepts the grant.
    Lost,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Operator,
    User(UserId),
}

/// One mail to one of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailNotice {
    about: About,
    kind: ConnectionKind,
    to: To,
}

impl Job for MailNotice {
    const KIND: &'static str = "mail_notice";
}

/// Has the organization's admins told, and the operator.
pub(crate) fn tell_admins(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    about: About,
) -> Result<()> {
    let page = Page {
        limit: MOST,
        before: None,
    };
    let people = users::list(conn, record.organization, page)?;
    for person in people.iter().filter(|person| person.role.administers()) {
        tell(app, conn, record, about, To::User(person.id))?;
    }
    match about {
        About::Ending | About::Lost => tell_operator(app, conn, record, about),
        About::Requested | About::SwitchedOn => Ok(()),
    }
}

/// Has the operator told, where the settings say where.
pub(crate) fn tell_operator(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    about: About,
) -> Result<()> {
    if app.config().operator_email.is_none() {
        return Ok(());
    }
    tell(app, conn, record, about, To::Operator)
}

fn tell(
    app: &App,
    conn: &mut AnyConnection,
    record: &ConnectionRecord,
    about: About,
    to: To,
) -> Result<()> {
    let kind = record.kind;
    let job = MailNotice { about, kind, to };
    let key = format!("{about:?} {} {to:?}", kind.as_str());
    let job = job.queued(app.draw(), record.organization, key, app.now());
    Ok(queue::enqueue(conn, &[job], app.now())?)
}

impl Handler<Tools> for MailNotice {
    /// SMTP knows no repeats: after a crash between the relay's yes and our commit the same message goes out again, under
    /// the same Message-ID, which large mailboxes show once.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let Some(mailer) = &tools.mailer else {
            return Verdict::wait("no mail relay is set (mail.smtp_url)", NO_RELAY);
        };
        let (organization, id) = (held.organization, held.id);
        let from = mailer.from.clone();
        let message = tools
            .app
            .read(move |app, conn| {
                let Some((to, notice)) = self.words(app, conn, organization)? else {
                    return Ok(None);
                };
                let host = app.config().public_url.host_str().unwrap_or("localhost");
                let message_id = format!("<{id}.notice@{host}>");
                message(&from, &message_id, to, &notice).map(Some)
            })
            .await;
        let message = match message {
            Ok(Some(message)) => message,
            Ok(None) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        if !held.may_still_act() {
            return Held::lost();
        }
        let answer = mailer.sender.send(&message).await.map(drop);
        match Ended::of(answer, held.is_last_attempt()) {
            Ended::Sent => Verdict::Done,
            Ended::Bounced(reason) | Ended::Failed(reason) => Verdict::discard(reason),
            Ended::Later { reason, .. } => Verdict::retry(reason),
            Ended::Stopped(reason) => Verdict::wait(reason, MISCONFIGURED),
        }
    }
}

impl MailNotice {
    /// Address and words; none where it is no longer so, or nobody is there to be told.
    fn words(
        &self,
        app: &App,
        conn: &mut AnyConnection,
        organization: OrganizationId,
    ) -> Result<Option<(String, Notice)>> {
        let record = connections::find(conn, organization, self.kind)?;
        let Some(record) = record.filter(|record| self.about.still_holds(record)) else {
            return Ok(None);
        };
        let to = match self.to {
            To::Operator => app.config().operator_email.clone(),
            To::User(user) => users::find(conn, organization, user)?.map(|user| user.email),
        };
        let found = organizations::find(conn, organization)?;
        let (Some(to), Some(found)) = (to, found) else {
            return Ok(None);
        };
        let name = &found.organization.name;
        let held = grants::held(conn, organization, record.id)?.and_then(|grant| grant.held);
        let lost_in = grants::in_use(conn, organization, record.id)?
            .filter(|grant| grant.failing.is_some())
            .map(|grant| life(&grant).ends_at() - app.now());
        let said = self.said(name, &record, (held, lost_in));
        Ok(Some((to, self.notice(app, &record, said))))
    }

    /// Subject and first paragraph; `held`: why a grant waits, where one does; `lost_in`: how long one that cannot be renewed
    /// still lives.
    fn said(
        &self,
        organization: &str,
        record: &ConnectionRecord,
        (held, lost_in): (Option<Hold>, Option<TimeDelta>),
    ) -> (String, String) {
        let ats = self.kind.title();
        match self.about {
            About::Requested if held == Some(Hold::HeldElsewhere) => (
                format!("{organization} waits for you with {ats}"),
                format!(
                    "Somebody logged in to {ats} for {organization}, with an account that another organization is connected to already. Nothing is read or written there for {organization} until you let it through. If that is a mistake, tell them to log in with their own account."
                ),
            ),
            About::Requested => (
                format!("{organization} asks for {ats}"),
                format!(
                    "Somebody at {organization} asks you to set up {ats}. Switch it on for them, or tell them why not."
                ),
            ),
            About::SwitchedOn if held.is_some() => (
                format!("{ats} of {organization} waits for you"),
                format!(
                    "The account at {ats} that you logged in to was let through. It is another one than before: confirm it on the Integrations page."
                ),
            ),
            About::SwitchedOn if record.standing == Standing::Connected => (
                format!("{ats} is connected for {organization}"),
                format!("What you asked for is done: {ats} is switched on and connected."),
            ),
            About::SwitchedOn => (
                format!("{ats} is switched on for {organization}"),
                format!(
                    "You asked for {ats}. It is switched on: connect it on the Integrations page."
                ),
            ),
            About::Ending if lost_in.is_some() => (
                format!("{ats} of {organization} could not be renewed for hours"),
                format!(
                    "{ats} does not renew the access that {organization} gave us; we go on trying. It is lost in {} hours unless that works until then, or somebody connects again on the Integrations page. Nothing is lost or sent twice.",
                    lost_in.unwrap_or_default().num_hours()
                ),
            ),
            About::Ending => (
                format!("{ats} of {organization} will soon need a new log-in"),
                format!(
                    "The access that {organization} gave us to {ats} ends soon, and by itself it cannot be renewed. Log in to {ats} again; nothing is lost or sent twice."
                ),
            ),
            About::Lost => (
                format!("{ats} of {organization} needs attention"),
                format!(
                    "{}. Nothing is read there or written there for {organization} until somebody logs in again; candidates who were invited can go on, and their results follow.",
                    record
                        .detail
                        .as_deref()
                        .unwrap_or("The access we had was taken back")
                ),
            ),
        }
    }

    fn notice(
        &self,
        app: &App,
        record: &ConnectionRecord,
        (subject, said): (String, String),
    ) -> Notice {
        let mut paragraphs = vec![said];
        if self.to == To::Operator {
            paragraphs.push(self.as_operator(record));
        }
        let (path, button) = match (self.to, self.about) {
            (To::Operator, About::Requested) => ("/operator/requests", "Open the requests"),
            (To::Operator, _) => ("/docs", "Open the API"),
            (To::User(_), _) => ("/settings/integrations", "Open Integrations"),
        };
        let mut link = app.config().public_url.clone();
        link.set_path(path);
        Notice {
            subject,
            paragraphs,
            link: link.to_string(),
            button,
            platform: app.config().platform_name.clone(),
        }
    }
}

impl MailNotice {
    /// What the operator has in hand: the page for people, the API for programs.
    fn as_operator(&self, record: &ConnectionRecord) -> String {
        let (organization, kind) = (record.organization, self.kind.as_str());
        match self.about {
            About::Requested | About::SwitchedOn => format!(
                "Press Fulfil beside it on the page of requests; the organization's admins are told. A program does the same with POST /v1/organizations/{organization}/requests/{kind}/fulfil."
            ),
            About::Ending | About::Lost => {
                "The organization's admins were told as well; the log-in is theirs.".to_owned()
            }
        }
    }
}

impl About {
    fn still_holds(self, record: &ConnectionRecord) -> bool {
        match self {
            Self::Requested => record.requested_at.is_some(),
            Self::SwitchedOn => record.offered,
            Self::Ending => record.standing == Standing::Connected,
            Self::Lost => record.standing == Standing::NeedsAttention,
        }
    }
}

fn message(from: &str, message_id: &str, to: String, notice: &Notice) -> Result<Message> {
    let words = notice
        .render()
        .map_err(|_| Error::Internal("a notice can be put into words"))?;
    Ok(Message {
        message_id: message_id.to_owned(),
        from_name: notice.platform.clone(),
        from_address: from.to_owned(),
        to_address: to,
        to_name: String::new(),
        reply_to: None,
        subject: words.subject,
        text: words.text,
        html: words.html,
    })
}
