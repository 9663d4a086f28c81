//! Calls that may be repeated: under one `Idempotency-Key`, the effect happens once and every repeat hears the first
//! answer. It is kept, encrypted, in the same transaction as the effect, for 24 hours; the answer of a call that shows a
//! secret for 10 minutes, after which only the id of what was made is kept.
//!
//! There is no "still running": of two calls at the same moment the second waits for the first one's commit, or is run
//! again after it, and then finds its answer.

use chrono::{DateTime, TimeDelta, Utc};
use domain::OrganizationId;
use serde_json::Value;
use storage::idempotency::{self as store, KeptAnswer};
use storage::secrets::Place;
use vault::body_hash;

use crate::{AnyConnection, App, Error, Result, secrets};

/// How long a secret may be shown again.
const SECRETS_KEPT: TimeDelta = TimeDelta::minutes(10);
/// The status under which an answer is kept whose secret is gone.
const SECRET_GONE: i32 = 409;
/// Marks the routes whose answers are kept for a shorter time.
const SECRET_ROUTE: &str = " shows a secret";
/// How many answers one unit of work clears of their secrets.
const SLICE: i64 = 100;

/// What tells a call from any other.
#[derive(Debug, Clone)]
pub struct Once {
    /// Whose call it is; the nil id for the operator.
    pub organization: OrganizationId,
    /// Method and pattern, such as `POST /v1/assessments`.
    pub route: String,
    /// What the caller names it by, if it does: 1 to 255 visible ASCII characters.
    pub key: Option<String>,
    /// Path and body: another call under the same key is refused.
    pub content: Vec<u8>,
    /// Does the answer show a secret?
    pub shows_secret: bool,
}

/// What a call is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// As the call says now, or said the first time.
    Given {
        /// HTTP status.
        status: u16,
        /// JSON body.
        body: Value,
        /// Is it a repeat?
        replayed: bool,
    },
    /// The first answer showed a secret, and is too long ago to be repeated.
    SecretAlreadyShown {
        /// The id of what the first call made, if it has one.
        id: Option<String>,
    },
}

/// Runs `body` in one transaction, unless this call has been answered before; `render` makes status and JSON of its outcome.
/// A refusal is not kept: it had no effect.
///
/// # Errors
/// Those of `body`; [`Error::Unprocessable`] where the key came with another body before.
pub async fn once<T, B, R>(app: &App, once: Once, render: R, body: B) -> Result<Answer>
where
    B: Fn(&App, &mut AnyConnection) -> Result<T> + Send + 'static,
    R: Fn(&T) -> (u16, Value) + Send + 'static,
{
    app.write(move |app, conn| {
        if let Some(answer) = replay(app, conn, &once)? {
            return Ok(answer);
        }
        let (status, answer) = render(&body(app, conn)?);
        keep(app, conn, &once, status, &answer)?;
        Ok(Answer::Given {
            status,
            body: answer,
            replayed: false,
        })
    })
    .await
}

/// Clears up to 100 answers of secrets that may no longer be shown, and forgets answers older than 24 h; for the worker,
/// every minute. Answers whether there may be more.
///
/// # Errors
/// Those of the database.
pub fn forget(app: &App, conn: &mut AnyConnection) -> Result<bool> {
    store::forget_old(conn, app.now())?;
    let before = app.now() - SECRETS_KEPT;
    let kept = store::answers_before(conn, SECRET_ROUTE, SECRET_GONE, before, SLICE)?;
    for found in &kept {
        let (organization, key, route) = (found.organization, &found.key, &found.route);
        let place = place(organization, key, route);
        // One that cannot be read any more is worth no more than one that may not be.
        let body = open(app, &place, &found.answer).unwrap_or_default();
        let id = serde_json::json!({ "id": body.get("id") });
        let sealed = seal(app, &place, &id);
        store::replace_answer(conn, organization, key, route, SECRET_GONE, &sealed)?;
    }
    Ok(i64::try_from(kept.len()) == Ok(SLICE))
}

/// What this call was answered before, if it was: for a call that has to ask an ATS first, which a repeat need not do.
///
/// # Errors
/// [`Error::Unprocessable`] where the key came with another body before; else those of the database.
pub async fn answered(app: &App, once: &Once) -> Result<Option<Answer>> {
    let once = once.clone();
    app.read(move |app, conn| replay(app, conn, &once)).await
}

impl Once {
    fn kept_route(&self) -> String {
        let mark = if self.shows_secret { SECRET_ROUTE } else { "" };
        format!("{}{mark}", self.route)
    }
}

fn replay(app: &App, conn: &mut AnyConnection, once: &Once) -> Result<Option<Answer>> {
    let Some(key) = &once.key else {
        return Ok(None);
    };
    let route = once.kept_route();
    let Some(kept) = store::find(conn, once.organization, key, &route, app.now())? else {
        return Ok(None);
    };
    if kept.body_hash != body_hash(&once.content) {
        let problem = "was used for another call already; take a new key for each new call";
        return Err(Error::fault("Idempotency-Key", problem));
    }
    let place = place(once.organization, key, &route);
    let body = kept
        .answer
        .map_or(Ok(Value::Null), |answer| open(app, &place, &answer))?;
    let too_late = once.shows_secret && is_too_late(kept.created_at, app.now());
    Ok(Some(if too_late || kept.status == SECRET_GONE {
        let id = body.get("id").and_then(Value::as_str).map(str::to_owned);
        Answer::SecretAlreadyShown { id }
    } else {
        Answer::Given {
            status: u16::try_from(kept.status)
                .map_err(|_| Error::Internal("a kept status is none"))?,
            body,
            replayed: true,
        }
    }))
}

fn is_too_late(shown_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    shown_at <= now - SECRETS_KEPT
}

fn keep(app: &App, conn: &mut AnyConnection, once: &Once, status: u16, body: &Value) -> Result<()> {
    let Some(key) = &once.key else {
        return Ok(());
    };
    let route = once.kept_route();
    let place = place(once.organization, key, &route);
    let answer = KeptAnswer {
        body_hash: body_hash(&once.content).to_vec(),
        status: status.into(),
        answer: Some(seal(app, &place, body)),
        created_at: app.now(),
    };
    Ok(store::keep(conn, once.organization, key, &route, &answer)?)
}

fn place(organization: OrganizationId, key: &str, route: &str) -> Place {
    Place::Answer {
        organization,
        key: key.to_owned(),
        route: route.to_owned(),
    }
}

fn seal(app: &App, place: &Place, body: &Value) -> String {
    secrets::seal(app, place, body.to_string().as_bytes())
}

fn open(app: &App, place: &Place, answer: &str) -> Result<Value> {
    let plain = secrets::open(app, place, answer)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Internal("a kept answer is no JSON"))
}
