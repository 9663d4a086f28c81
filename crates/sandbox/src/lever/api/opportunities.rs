//! Reading opportunities and their applications.

use serde_json::{Value, json};

use super::Ask;
use super::answer::{Answer, Problem};
use super::paging;
use super::query::Query;
use super::wire;
use crate::lever::opportunity::{Contact, Opportunity};
use crate::lever::pipeline::has_email;
use crate::lever::tags;

/// `GET /opportunities/:id`
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let opportunity = ask.opportunity()?;
    Ok(Answer::data(shown(ask, opportunity)))
}

/// As `expand` and `include` want it.
fn shown(ask: &Ask<'_>, opportunity: &Opportunity) -> Value {
    let (expand, include) = (ask.query.listed("expand"), ask.query.listed("include"));
    let mut value = wire::opportunity(ask.lever, ask.base, opportunity, &expand);
    wire::keep(&mut value, &include, &expand);
    value
}

/// `GET /opportunities`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let confidential = confidentiality(ask)?;
    let filter = Filter::of(ask.query)?;
    let keys: Vec<String> = ask
        .lever
        .opportunities_of(&ask.caller.account_id)
        .filter(|opportunity| confidential.is_none_or(|only| only == opportunity.confidential))
        .filter(|opportunity| {
            let person = ask.lever.contact_of(opportunity);
            let shown = || tags::shown(ask.lever, opportunity);
            filter.lets(ask.query, opportunity, &person, shown)
        })
        .map(|opportunity| opportunity.id.clone())
        .collect();
    let page = paging::page(ask, &keys)?;
    let on_page = page.keys.iter().flat_map(|id| ask.lever.opportunity(id));
    let items = on_page.map(|opportunity| shown(ask, opportunity)).collect();
    Ok(page.answer(items))
}

/// Which confidentiality is listed; none: both.
fn confidentiality(ask: &Ask<'_>) -> Result<Option<bool>, Problem> {
    let wanted = match ask.query.first("confidentiality") {
        None | Some("non-confidential") => return Ok(Some(false)),
        Some("confidential") => Some(true),
        Some("all") => None,
        Some(_) => {
            let why = "confidentiality is confidential, non-confidential or all.";
            return Err(Problem::bad_request(why));
        }
    };
    ask.caller.require("confidential:access:admin")?;
    Ok(wanted)
}

/// The filters that are numbers or truths; those that are texts are read from the query.
struct Filter {
    archived: Option<bool>,
    snoozed: Option<bool>,
    created: Range,
    updated: Range,
    advanced: Range,
    archived_at: Range,
}

struct Range(Option<i64>, Option<i64>);

impl Range {
    fn of(query: &Query, name: &str) -> Result<Self, Problem> {
        let (start, end) = (format!("{name}_start"), format!("{name}_end"));
        Ok(Self(query.time(&start)?, query.time(&end)?))
    }

    /// Both ends included; without ends everything.
    fn lets(&self, time: Option<i64>) -> bool {
        match time {
            Some(time) => {
                self.0.is_none_or(|start| start <= time) && self.1.is_none_or(|end| time <= end)
            }
            None => self.0.is_none() && self.1.is_none(),
        }
    }
}

impl Filter {
    fn of(query: &Query) -> Result<Self, Problem> {
        Ok(Self {
            archived: query.truth("archived")?,
            snoozed: query.truth("snoozed")?,
            created: Range::of(query, "created_at")?,
            updated: Range::of(query, "updated_at")?,
            advanced: Range::of(query, "advanced_at")?,
            archived_at: Range::of(query, "archived_at")?,
        })
    }

    fn lets(
        &self,
        query: &Query,
        opportunity: &Opportunity,
        person: &Contact,
        tags: impl Fn() -> Vec<String>,
    ) -> bool {
        let archived = opportunity.archived.as_ref();
        let snoozed = opportunity.snoozed_until.is_some();
        let posting = opportunity.posting_id().unwrap_or_default();
        let archived_posting = if archived.is_some() { posting } else { "" };
        let reason = archived.map_or("", |archived| &archived.reason);
        self.archived
            .is_none_or(|wanted| wanted == archived.is_some())
            && self.snoozed.is_none_or(|wanted| wanted == snoozed)
            && self.created.lets(Some(opportunity.created_at))
            && self.updated.lets(Some(opportunity.updated_at))
            && self.advanced.lets(Some(opportunity.last_advanced_at))
            && self
                .archived_at
                .lets(archived.map(|archived| archived.archived_at))
            && query.lets("stage_id", &opportunity.stage_id)
            && query.lets("contact_id", &opportunity.contact_id)
            && query.lets("origin", &opportunity.origin)
            && query.lets("location", &opportunity.location)
            && query.lets("posting_id", posting)
            && query.lets("archived_posting_id", archived_posting)
            && query.lets("archive_reason_id", reason)
            && query.lets_any("source", |wanted| {
                opportunity.sources.iter().any(|has| has == wanted)
            })
            && query.lets_any("email", |wanted| has_email(&person.emails, wanted))
            && (query.first("tag").is_none() || {
                let tags = tags();
                query.lets_any("tag", |wanted| tags.iter().any(|has| has == wanted))
            })
    }
}

/// `GET /opportunities/deleted`
pub(super) fn list_deleted(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let range = Range::of(ask.query, "deleted_at")?;
    let all = ask.lever.deleted.iter();
    let theirs = all.filter(|gone| gone.account_id == ask.caller.account_id);
    let items: Vec<Value> = theirs
        .filter(|gone| range.lets(Some(gone.deleted_at)))
        .map(|gone| {
            json!({
                "id": gone.id,
                "contact": gone.contact_id,
                "deletedAt": gone.deleted_at,
                "deletedBy": gone.deleted_by,
            })
        })
        .collect();
    paging::page_in_order(ask, &items)
}

/// `GET /opportunities/:id/applications`
pub(super) fn list_applications(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let items = applications(ask)?;
    paging::page_in_order(ask, &items)
}

/// `GET /opportunities/:id/applications/:application`
pub(super) fn get_application(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id("application");
    let mut all = applications(ask)?.into_iter();
    let found = all.find(|application| application["id"] == id);
    found
        .map(Answer::data)
        .ok_or_else(|| Problem::not_found("Application", id))
}

fn applications(ask: &Ask<'_>) -> Result<Vec<Value>, Problem> {
    let opportunity = ask.opportunity()?;
    let all = opportunity.application.iter();
    Ok(all
        .map(|made| wire::application(opportunity, made))
        .collect())
}
