//! Hands mails to the relay.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use secrecy::SecretString;

use crate::header_text::tell;
use crate::message::Letter;
use crate::relay::{OpenError, Relay};
use crate::{Message, RelayError, SendError};

/// How long a connection may wait for the next mail. Relays hang up after a few minutes.
const IDLE_FOR: Duration = Duration::from_secs(30);
const MOST_IDLE: usize = 4;

/// The relay took the mail: from here on it is the relay's to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the relay answered, often with its own id for the mail.
    pub reply: String,
}

/// Sends mails through one relay, over connections that are used again.
///
/// Keeps them itself: lettre's pool takes a connection back after a send that ran out of time, and then reads the late
/// answer as the answer to the next mail.
pub struct SmtpSender {
    relay: Relay,
    timeout: Duration,
    idle: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
}

impl fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSender")
            .field("relay", &self.relay)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl SmtpSender {
    /// A sender for `smtps://user:password@host:port` (TLS, port 465) or `smtp://…` (STARTTLS demanded, port 587; clear
    /// text to loopback only). `timeout` is for one mail, from connecting to the relay's last answer. Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// [`RelayError`] where the URL is not of that form.
    pub fn new(smtp_url: &SecretString, timeout: Duration) -> Result<Self, RelayError> {
        Ok(Self::through(Relay::parse(smtp_url)?, timeout))
    }

    fn through(relay: Relay, timeout: Duration) -> Self {
        Self {
            relay,
            timeout,
            idle: Mutex::default(),
        }
    }

    /// Hands one mail over. It may be called with the same message again: the Message-ID stays the same.
    ///
    /// # Errors
    ///
    /// [`SendError`], sorted by who has to act.
    pub async fn send(&self, message: &Message) -> Result<Accepted, SendError> {
        let letter = Letter::write(message)?;
        let on_its_way = AtomicBool::new(false);
        let delivery = self.deliver(&letter, &on_its_way);
        match tokio::time::timeout(self.timeout, delivery).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SendError::transient(
                format!("it gave no answer within {} s", self.timeout.as_secs_f32()),
                on_its_way.load(Ordering::Relaxed),
            )),
        }
    }

    /// Connects, greets and signs in, and sends nothing: could mail be handed over now?
    ///
    /// # Errors
    ///
    /// [`SendError`], sorted by who has to act.
    pub async fn check(&self) -> Result<(), SendError> {
        let opened = tokio::time::timeout(self.timeout, self.relay.open(self.timeout)).await;
        let silent = || {
            let seconds = self.timeout.as_secs_f32();
            SendError::transient(format!("it gave no answer within {seconds} s"), false)
        };
        let mut connection = opened.map_err(|_| silent())?.map_err(unopened)?;
        connection.abort().await;
        Ok(())
    }

    // A connection goes back only after a whole delivery. One that failed or was given up half way is dropped with its
    // conversation.
    async fn deliver(
        &self,
        letter: &Letter,
        on_its_way: &AtomicBool,
    ) -> Result<Accepted, SendError> {
        let mut connection = match self.waiting_connection().await {
            Some(connection) => connection,
            None => self.relay.open(self.timeout).await.map_err(unopened)?,
        };
        let reply = hand_over(&mut connection, letter, on_its_way)
            .await
            .map_err(|(step, error)| unsent(step, &error))?;
        self.keep(connection);
        Ok(Accepted {
            reply: words(&reply),
        })
    }

    async fn waiting_connection(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (since, mut connection) = self.idle().pop()?;
            if since.elapsed() < IDLE_FOR && connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle();
        if idle.len() < MOST_IDLE {
            idle.push((Instant::now(), connection));
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Instant, AsyncSmtpConnection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The steps of one delivery: what a refusal means depends on where it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Sender,
    Recipient,
    Data,
    Content,
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    letter: &Letter,
    on_its_way: &AtomicBool,
) -> Result<Response, (Step, Error)> {
    let at = |step| move |error| (step, error);
    let mail = Mail::new(Some(letter.from.clone()), parameters(connection, letter));
    connection.command(mail).await.map_err(at(Step::Sender))?;
    let recipient = Rcpt::new(letter.to.clone(), Vec::new());
    connection
        .command(recipient)
        .await
        .map_err(at(Step::Recipient))?;
    connection.command(Data).await.map_err(at(Step::Data))?;
    on_its_way.store(true, Ordering::Relaxed);
    connection
        .message(&letter.bytes)
        .await
        .map_err(at(Step::Content))
}

/// Bodies and names are encoded; only an address can still need more than ASCII. A relay that can't take one says so.
fn parameters(connection: &AsyncSmtpConnection, letter: &Letter) -> Vec<MailParameter> {
    let server = connection.server_info();
    if letter.bytes.is_ascii() || !server.supports_feature(Extension::SmtpUtfEight) {
        return Vec::new();
    }
    vec![
        MailParameter::SmtpUtfEight,
        MailParameter::Body(MailBodyParameter::EightBitMime),
    ]
}

fn unopened(failure: OpenError) -> SendError {
    match failure {
        OpenError::NoStartTls => SendError::misconfigured(
            "the mail relay offers no encryption (STARTTLS); use smtps:// or another relay",
        ),
        OpenError::Login(error) if error.is_client() => SendError::misconfigured(
            "the mail relay offers no way to sign in that we know; check mail.smtp_url",
        ),
        OpenError::Login(error) if error.is_permanent() => SendError::misconfigured(format!(
            "the mail relay does not accept the user name and password of mail.smtp_url ({})",
            reason(&error)
        )),
        OpenError::Greeting(error) if is_tls(&error) => SendError::misconfigured(
            "no encrypted connection to the mail relay: check host and port of mail.smtp_url, the relay's certificate \
             and this machine's root certificates (ca-certificates)",
        ),
        OpenError::Greeting(error) if error.is_permanent() => {
            SendError::misconfigured(format!("the mail relay turns us away ({})", reason(&error)))
        }
        OpenError::Greeting(error) | OpenError::Login(error) => {
            SendError::transient(reason(&error), false)
        }
    }
}

fn unsent(step: Step, error: &Error) -> SendError {
    let reason = reason(error);
    match step {
        Step::Sender if error.is_permanent() => SendError::misconfigured(format!(
            "the mail relay does not let us send as mail.from ({reason})"
        )),
        Step::Recipient if error.is_permanent() => SendError::bounced(reason),
        Step::Data | Step::Content if error.is_permanent() => SendError::rejected(reason),
        _ => {
            let answered = error.is_transient();
            SendError::transient(reason, step == Step::Content && !answered)
        }
    }
}

/// A handshake that fails comes as invalid data from the TLS layer.
fn is_tls(error: &Error) -> bool {
    error.is_tls()
        || source_of(error).is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData)
}

fn source_of(error: &Error) -> Option<&std::io::Error> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref() {
            return Some(io);
        }
        source = inner.source();
    }
    None
}

fn reason(error: &Error) -> String {
    if let Some(code) = error.status() {
        let text = std::error::Error::source(error).map(ToString::to_string);
        return tell(&format!("{code} {}", text.unwrap_or_default()));
    }
    match source_of(error) {
        Some(io) => tell(&format!("the connection failed: {io}")),
        None => "the connection ended before an answer".to_owned(),
    }
}

fn words(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    tell(&format!("{} {}", reply.code(), lines.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catcher::Catcher;

    fn message() -> Message {
        Message {
            message_id: "<1@baton.example>".into(),
            from_name: "Acme".into(),
            from_address: "invitations@vendor.example".into(),
            to_address: "zoe@candidate.example".into(),
            to_name: String::new(),
            reply_to: None,
            subject: "Hello".into(),
            text: "Hello".into(),
            html: "<p>Hello</p>".into(),
        }
    }

    #[tokio::test]
    async fn a_relay_off_loopback_without_encryption_gets_no_mail() {
        let any = ([127, 0, 0, 1], 0).into();
        let catcher = Catcher::start(any, any).unwrap();
        let relay = Relay::starting_tls_at(catcher.smtp_address().port());
        let sender = SmtpSender::through(relay, Duration::from_secs(15));
        let refused = sender.send(&message()).await.unwrap_err();
        assert!(
            matches!(refused, SendError::Misconfigured { .. }),
            "{refused}"
        );
        assert!(refused.to_string().contains("STARTTLS"), "{refused}");
        assert!(catcher.messages().is_empty());
    }
}
