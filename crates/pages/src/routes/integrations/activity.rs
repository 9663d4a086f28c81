//! What came in over a connection, what was decided, and why nothing was sent.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::activity::{self, Activity, Decision, Wanted};
use app::{AnyConnection, Page, Result};
use chrono::{DateTime, Utc};
use domain::{ConnectionKind, InviteId, OrganizationId};
use serde::Deserialize;
use url::Url;

use super::kind_of;
use crate::badge::{Badge, Shape, Tone};
use crate::dashboard::{ActivityFilter, ActivityPage, ActivityRow, Section, activity_href};
use crate::html;
use crate::link::WebHref;
use crate::routes::assessments::{ROWS, next_cursor, rows};
use crate::routes::person::Person;
use crate::routes::site::Site;
use crate::when::When;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/settings/integrations/{kind}/activity").get(list));
}

/// What stands in the list's address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    show: String,
    cursor: String,
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    kind: Path<String>,
    asked: Query<Asked>,
) -> HttpResponse {
    let outcome = match kind_of(&kind) {
        Ok(kind) => page(&site, &person, kind, &asked).await,
        Err(error) => Err(error),
    };
    let outcome = outcome.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, Some(&person), outcome)
}

async fn page(
    site: &Site,
    person: &Person,
    kind: ConnectionKind,
    asked: &Asked,
) -> Result<ActivityPage> {
    let organization = person.organization();
    let show = ActivityFilter::parse(&asked.show);
    let page = Page {
        limit: ROWS + 1,
        before: asked.cursor.parse().ok(),
    };
    let (found, names) = site
        .app
        .read(move |_, conn| {
            let found = activity::list(conn, organization, kind, wanted(show), page)?;
            let names = activity::candidates(conn, organization, &found)?;
            Ok((found, names))
        })
        .await?;
    let next = next_cursor(&found, |entry| entry.id.into());
    let (now, lever) = (site.app.now(), &site.app.config().lever.api_base_url);
    Ok(ActivityPage {
        frame: person.frame(site, Section::Integrations),
        kind: kind.as_str(),
        name: kind.title(),
        show,
        rows: found
            .iter()
            .enumerate()
            .take(rows())
            .filter(|(at, entry)| !is_settled(entry, &found[..*at]))
            .map(|(_, entry)| row(entry, &names, lever, now))
            .collect(),
        next_href: next.map(|cursor| activity_href(kind.as_str(), show, Some(&cursor.to_string()))),
    })
}

/// Came it in to be looked at, and does one of the `newer` entries say what was decided?
fn is_settled(entry: &Activity, newer: &[Activity]) -> bool {
    let decides =
        |other: &Activity| other.subject == entry.subject && other.decision != Decision::Received;
    entry.decision == Decision::Received && newer.iter().any(decides)
}

fn wanted(show: ActivityFilter) -> Wanted {
    match show {
        ActivityFilter::All => Wanted::All,
        ActivityFilter::Invited => Wanted::Sent,
        ActivityFilter::NotInvited => Wanted::NotSent,
    }
}

fn row(
    entry: &Activity,
    names: &HashMap<InviteId, String>,
    lever: &Url,
    now: DateTime<Utc>,
) -> ActivityRow {
    let invite = entry.invite.map(|invite| {
        let name = names.get(&invite).cloned();
        let name = name.unwrap_or_else(|| "Invite".to_owned());
        (name, format!("/invites/{invite}"))
    });
    ActivityRow {
        when: When::new(entry.at, now),
        outcome: outcome(entry.decision),
        text: words(entry),
        opportunity: entry
            .subject
            .as_deref()
            .filter(|_| entry.kind == ConnectionKind::Lever)
            .and_then(|id| opportunity_href(lever, id)),
        subject: entry.subject.clone(),
        invite,
    }
}

/// Where a recruiter opens an opportunity: Lever's pages are on `hire.…` where its API is on `api.…`.
fn opportunity_href(api: &Url, id: &str) -> Option<WebHref> {
    let rest = api.host_str()?.strip_prefix("api.")?;
    let mut page = Url::parse(&format!("https://hire.{rest}/candidates")).ok()?;
    page.path_segments_mut().ok()?.push(id);
    WebHref::new(page.as_str())
}

fn outcome(decision: Decision) -> Badge {
    match decision {
        Decision::Invited => Badge::new("Invited", Shape::Check, Tone::Good),
        Decision::Resent => Badge::new("Sent again", Shape::Check, Tone::Good),
        Decision::Nothing => Badge::new("Not invited", Shape::Dash, Tone::Quiet),
        Decision::Failed => Badge::new("Not decided", Shape::Triangle, Tone::Bad),
        Decision::Received => Badge::new("Received", Shape::Ring, Tone::Quiet),
        Decision::Test => Badge::new("Test", Shape::Dot, Tone::Quiet),
        Decision::Left => Badge::new("Account left", Shape::Check, Tone::Quiet),
        Decision::NotLeft => Badge::new("Account not left", Shape::Triangle, Tone::Warn),
        Decision::Erased => Badge::new("Erased", Shape::Check, Tone::Quiet),
        Decision::Relinked => Badge::new("Linked anew", Shape::Check, Tone::Quiet),
    }
}

fn words(entry: &Activity) -> String {
    let plain = match entry.decision {
        Decision::Invited => "The candidate is invited.",
        Decision::Resent => "The invite is still open: the same link was sent once more.",
        Decision::Nothing => "Nothing was sent.",
        Decision::Failed => "It could not be looked at.",
        Decision::Received => "An event came in.",
        Decision::Test => "Somebody tested the webhook, and it arrived.",
        Decision::Left => "Our webhook and access in the account before are removed.",
        Decision::NotLeft => "What was ours in the account before is still there.",
        Decision::Erased => "Somebody who is gone there was erased here.",
        Decision::Relinked => "What came from somebody who is gone there was linked anew.",
    };
    entry.detail.clone().unwrap_or_else(|| plain.to_owned())
}

/// What last happened at Lever.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) at: DateTime<Utc>,
    /// In words that a moment follows.
    pub(super) text: String,
}

/// What last happened at an organization's Lever, if anything did.
pub(super) fn newest(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<Newest>> {
    let one = Page {
        limit: 1,
        before: None,
    };
    let found = activity::list(conn, organization, ConnectionKind::Lever, Wanted::All, one)?;
    Ok(found.first().map(|entry| Newest {
        at: entry.at,
        text: format!("{}:", outcome(entry.decision).word),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opportunity_is_opened_where_its_lever_has_its_pages() {
        for (api, page) in [
            (
                "https://api.lever.co/v1",
                Some("https://hire.lever.co/candidates/5e%2F1"),
            ),
            (
                "https://api.sandbox.lever.co/v1",
                Some("https://hire.sandbox.lever.co/candidates/5e%2F1"),
            ),
            ("http://127.0.0.1:8090/lever/v1", None),
        ] {
            let api = Url::parse(api).expect("an address");
            let href = opportunity_href(&api, "5e/1").map(|href| href.to_string());
            assert_eq!(href.as_deref(), page);
        }
    }
}
