//! Our webhook at Lever: made once, found again, never two of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{ConnectionKind, Standing};
use jobs::{Handler, Held, Job, Verdict};
use lever::{Client, Event, NewWebhook, Webhook, WebhookId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use storage::connections::{self, ConnectionRecord, WebhookRecord};
use storage::jobs::NewJob;
use storage::secrets::Place;
use url::Url;

use super::lever::{PARKED, client_of};
use super::take::note_trouble;
use super::wake::wake_parked;
use super::working::working;
use crate::worker::Tools;
use crate::{App, Error, Result, secrets};

/// How long it waits for a connection that works where nobody wakes it.
const NOT_CONNECTED: Duration = Duration::from_secs(4 * 60 * 60);
/// How long where Lever asks to wait and does not say how long.
const THROTTLED: Duration = Duration::from_secs(5);

/// Lets go on what waited for the connection, learns Lever's own time, and sees to it that exactly one webhook of ours is there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnsureWebhook {}

impl Job for EnsureWebhook {
    const KIND: &'static str = "lever_webhook";
}

impl EnsureWebhook {
    /// The job for a connection.
    pub(crate) fn job(app: &App, record: &ConnectionRecord) -> NewJob {
        Self {}.queued(app.draw(), record.organization, "lever", app.now())
    }
}

impl Handler<Tools> for EnsureWebhook {
    /// A repeat does no harm: Lever is asked what is there before anything is made, and what is there under our address
    /// without a token that we hold goes.
    async fn run(self, tools: &Tools, held: &Held) -> Verdict {
        let (app, organization) = (&tools.app, held.organization);
        let found = app
            .read(move |_, conn| working(conn, organization, ConnectionKind::Lever))
            .await;
        let record = match found {
            Ok(record) => record,
            Err(Error::Conflict { .. }) => return Verdict::Done,
            Err(error) => return Verdict::retry(error),
        };
        if let Err(error) = wake_parked(app, &record).await {
            return Verdict::retry(error);
        }
        if !held.may_still_act() {
            return Held::lost();
        }
        match ensure(app, &record).await {
            Ok(()) => Verdict::Done,
            Err(Trouble::Lever(error)) => refused(app, &record, &error).await,
            Err(Trouble::Ours(error)) => Verdict::retry(error),
        }
    }
}

/// Why a webhook could not be seen to.
#[derive(Debug)]
enum Trouble {
    Lever(lever::Error),
    Ours(Error),
}

impl From<lever::Error> for Trouble {
    fn from(error: lever::Error) -> Self {
        Self::Lever(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

async fn ensure(app: &App, record: &ConnectionRecord) -> Result<(), Trouble> {
    let client = client_of(app, record);
    if record.connected_at_there.is_none() {
        learn_time(app, &client, record).await?;
    }
    let Some(url) = address(app, record) else {
        return Ok(());
    };
    let ours = client
        .webhooks()
        .await?
        .into_iter()
        .filter(|webhook| is_at(webhook, &url));
    let known = record.webhook.as_ref();
    let mut is_there = false;
    for webhook in ours {
        if known.is_some_and(|known| webhook.id == known.id.as_str() && known.url == url.as_str()) {
            is_there = true;
        } else {
            delete_stray(&client, &webhook.id).await?;
        }
    }
    if is_there {
        return Ok(());
    }
    let wanted = NewWebhook::new(Event::CandidateStageChange, url.as_str());
    let made = client.create_webhook(&wanted).await?;
    if !keep(app, record, &made, &url).await? {
        delete(&client, &made.id).await?;
    }
    Ok(())
}

/// When it was connected, by Lever's own clock: for a connection that could not ask when it was made.
async fn learn_time(app: &App, client: &Client, record: &ConnectionRecord) -> Result<(), Trouble> {
    let sent_at = client.stages_dated().await?.sent_at;
    // An answer without a date: our own clock is better than none.
    let there = sent_at.map_or_else(|| app.now(), DateTime::<Utc>::from);
    let organization = record.organization;
    let kept = app.write(move |app, conn| {
        let mut record = connections::hold(conn, organization, ConnectionKind::Lever, app.draw())?;
        record.connected_at_there.get_or_insert(there);
        Ok(connections::save(conn, &record)?)
    });
    Ok(kept.await?)
}

/// Keeps a webhook with its token, which Lever shows only now; answers false where the connection was ended meanwhile.
async fn keep(app: &App, record: &ConnectionRecord, made: &Webhook, url: &Url) -> Result<bool> {
    let token = made.signature_token.as_ref().ok_or(Error::FarSide {
        message: "Lever made a webhook without a signature token".into(),
        passing: false,
    })?;
    let place = Place::WebhookToken(record.organization, record.id);
    let webhook = WebhookRecord {
        id: made.id.as_str().to_owned(),
        url: url.to_string(),
        token: secrets::seal(app, &place, token.expose_secret().as_bytes()),
    };
    let organization = record.organization;
    app.write(move |app, conn| {
        let mut record = connections::hold(conn, organization, ConnectionKind::Lever, app.draw())?;
        if record.standing != Standing::Connected {
            return Ok(false);
        }
        record.webhook = Some(webhook.clone());
        connections::save(conn, &record)?;
        Ok(true)
    })
    .await
}

async fn delete(client: &Client, webhook: &WebhookId) -> Result<(), lever::Error> {
    match client.delete_webhook(webhook).await {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(()),
    }
}

/// One that a person made in Lever's settings can only be deleted there; its deliveries are refused here.
async fn delete_stray(client: &Client, webhook: &WebhookId) -> Result<(), lever::Error> {
    match delete(client, webhook).await {
        Err(error) if !is_worth_a_repeat(&error) => {
            tracing::warn!(%error, "a webhook at our address that we did not make could not be deleted from Lever");
            Ok(())
        }
        other => other,
    }
}

fn is_worth_a_repeat(error: &lever::Error) -> bool {
    error.is_temporary() || error.is_throttled() || error.is_auth_lost()
}

async fn refused(app: &App, record: &ConnectionRecord, error: &lever::Error) -> Verdict {
    if error.is_auth_lost() {
        return Verdict::park(PARKED, error, NOT_CONNECTED);
    }
    if error.is_throttled() {
        let wait = error.retry_after().unwrap_or(THROTTLED);
        return Verdict::wait(error, wait);
    }
    if error.is_forbidden() {
        let detail = "Lever does not let us make our webhook: log in to Lever again and accept all permissions; until then \
                      moves are found by a look every few minutes";
        let organization = record.organization;
        let noted = app.write(move |app, conn| {
            note_trouble(app, conn, organization, ConnectionKind::Lever, Some(detail))
        });
        if let Err(error) = noted.await {
            return Verdict::retry(error);
        }
        return Verdict::discard(detail);
    }
    Verdict::Retry {
        why: error.to_string(),
        not_before: error.retry_after(),
    }
}

/// Removes our webhook from Lever, as well as that goes.
pub(super) async fn remove(app: &App, client: &Client, record: &ConnectionRecord) {
    let Some(url) = address(app, record) else {
        return;
    };
    if let Err(error) = remove_at(client, &url).await {
        tracing::warn!(connection = %record.id, %error, "our webhook could not be removed from Lever");
    }
}

/// Removes every webhook that delivers to `url`.
///
/// # Errors
/// Those of Lever.
pub(super) async fn remove_at(client: &Client, url: &Url) -> Result<(), lever::Error> {
    for webhook in client.webhooks().await? {
        if is_at(&webhook, url) {
            delete(client, &webhook.id).await?;
        }
    }
    Ok(())
}

/// Where the ATS is to deliver; none where it could not reach us: then the sweep does the work.
pub(super) fn address(app: &App, record: &ConnectionRecord) -> Option<Url> {
    let config = app.config();
    let reachable = config.public_url.scheme() == "https" || config.allow_loopback_http;
    let mut url = config.public_url.clone();
    let ats = match record.kind {
        ConnectionKind::Lever => "lever",
        _ => "greenhouse",
    };
    url.set_path(&format!("/webhooks/{ats}/{}", record.id));
    reachable.then_some(url)
}

/// Others have webhooks there too, which are none of our business.
fn is_at(webhook: &Webhook, url: &Url) -> bool {
    webhook.url.trim_end_matches('/') == url.as_str()
}

/// What signs the deliveries of a connection's webhook; none where there is no webhook, and then nothing is genuine.
///
/// # Errors
/// [`Error::Secret`] where it cannot be read.
pub fn webhook_secret(app: &App, record: &ConnectionRecord) -> Result<Option<SecretString>> {
    let Some(webhook) = &record.webhook else {
        return Ok(None);
    };
    let place = Place::WebhookToken(record.organization, record.id);
    let plain = secrets::open(app, &place, &webhook.token)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Error::Internal("a token is text"))?;
    Ok(Some(SecretString::from(text)))
}
