//! The day's limit of each organization: what is over it waits, in order, and goes out another day.

use chrono::{DateTime, TimeDelta, Utc};
use domain::OrganizationId;
use serde_json::json;
use storage::mails::{self, MailRecord, MailState};
use storage::{AnyConnection, events, jobs, mail_days};

use super::begin::fresh;
use super::id::MailId;
use super::mailed::Mailed;
use crate::jobs::MailInvite;
use crate::{App, Result};

/// How many held mails one transaction lets go.
const SLICE: i64 = 100;

/// Counts one mail of today, where there is room for it. While others wait, nobody goes before them.
pub(super) fn has_room(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<bool> {
    let Some(limit) = limit(app) else {
        return Ok(true);
    };
    let day = mail_days::day_of(app.now());
    if mails::has_held(conn, organization)? || mail_days::lock(conn, organization, day)? >= limit {
        return Ok(false);
    }
    mail_days::add(conn, organization, day, 1)?;
    Ok(true)
}

/// Keeps `mail` until [`let_go`], and says why.
pub(super) fn hold(
    app: &App,
    conn: &mut AnyConnection,
    mailed: &Mailed,
    mail: MailId,
) -> Result<()> {
    let now = app.now();
    let until = next_day(now);
    let limit = app.config().mail_daily_limit;
    let reason = format!(
        "today's limit of {limit} mails is reached; it goes out in its turn, after {}",
        until.format("%Y-%m-%d %H:%M UTC")
    );
    let row = MailRecord {
        state: MailState::Held,
        detail: Some(reason.clone()),
        ..fresh(mailed.organization(), mail, now)
    };
    mails::keep(conn, &row)?;
    let occasion = mail.occasion.to_string();
    let detail = json!({ "mail": occasion, "reason": reason, "limit": limit, "until": until });
    let fact = mailed.note(app, now, mail, "mail.waits", detail);
    Ok(events::insert(conn, &[fact])?)
}

/// Gives held mails of every organization back to the queue, longest wait first, as far as today's limit has room; answers how
/// many. Several workers may do it at once. A limit that was raised takes effect here.
///
/// # Errors
/// Those of the database.
pub async fn let_go(app: &App) -> Result<usize> {
    let (mut last, mut many) = (None, 0);
    loop {
        let next = app.read(move |_, conn| Ok(mails::next_with_held(conn, last)?));
        let Some(organization) = next.await? else {
            return Ok(many);
        };
        last = Some(organization);
        if app
            .read(move |app, conn| room(app, conn, organization))
            .await?
        {
            many += app
                .write(move |app, conn| let_some_go(app, conn, organization))
                .await?;
        }
    }
}

fn room(app: &App, conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool> {
    let Some(limit) = limit(app) else {
        return Ok(true);
    };
    let day = mail_days::day_of(app.now());
    Ok(mail_days::sent(conn, organization, day)? < limit)
}

fn let_some_go(app: &App, conn: &mut AnyConnection, organization: OrganizationId) -> Result<usize> {
    let now = app.now();
    let day = mail_days::day_of(now);
    let sent = mail_days::lock(conn, organization, day)?;
    let room = limit(app).map_or(SLICE, |limit| (limit - sent).clamp(0, SLICE));
    let freed = mails::held(conn, organization, room)?;
    let mut work = Vec::new();
    for row in &freed {
        let state = MailState::Queued;
        mails::keep(
            conn,
            &MailRecord {
                state,
                detail: None,
                at: now,
                ..row.clone()
            },
        )?;
        let mail = MailId::from_parts(row.invite, row.attempt, &row.occasion);
        // All are due, one microsecond apart, so that they keep their order.
        let place = i64::try_from(work.len()).unwrap_or(SLICE);
        let run_at = now - TimeDelta::microseconds(SLICE - place);
        work.extend(mail.map(|mail| MailInvite::job(app, run_at, organization, mail)));
    }
    let many = i64::try_from(freed.len()).unwrap_or(SLICE);
    mail_days::add(conn, organization, day, many)?;
    jobs::enqueue(conn, &work, now)?;
    Ok(freed.len())
}

fn limit(app: &App) -> Option<i64> {
    let limit = app.config().mail_daily_limit;
    (limit > 0).then_some(limit.into())
}

/// When the next day begins, in UTC.
fn next_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let tomorrow = now.date_naive() + TimeDelta::days(1);
    tomorrow.and_time(chrono::NaiveTime::MIN).and_utc()
}
