//! Changing opportunities.

use super::Ask;
use super::answer::{Answer, Problem};
use super::wire;
use crate::lever::opportunity::{Contact, Opportunity};
use crate::lever::pipeline::{self, NewOpportunity};
use crate::lever::tags;

/// The opportunity after a write, without the person where the account has it so.
fn blanked(ask: &Ask<'_>) -> Result<Answer, Problem> {
    let blanks = ask.account()?.settings.blank_write_answers;
    let mut value = whole(ask, ask.id("id"))?;
    if blanks {
        wire::blank(&mut value);
    }
    Ok(Answer::data(value))
}

fn whole(ask: &Ask<'_>, id: &str) -> Result<serde_json::Value, Problem> {
    let opportunity = ask.lever.opportunity(id)?;
    Ok(wire::opportunity(ask.lever, ask.base, opportunity, &[]))
}

/// `POST /opportunities`; JSON only.
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let actor = ask.required_actor()?;
    let new = new_opportunity(ask)?;
    let account_id = ask.caller.account_id.clone();
    let id = pipeline::create(ask.lever, ask.now, &account_id, new, &actor)?;
    Ok(Answer::created(whole(ask, &id)?))
}

fn new_opportunity(ask: &Ask<'_>) -> Result<NewOpportunity, Problem> {
    let fields = ask.json()?;
    let phones = fields.0.get("phones").and_then(|phones| phones.as_array());
    let phones = phones.into_iter().flatten();
    let postings = fields.texts("postings")?;
    if postings.len() > 1 {
        return Err(Problem::bad_request("postings takes one id only."));
    }
    Ok(NewOpportunity {
        contact: Contact {
            name: fields.text("name")?.unwrap_or_default(),
            headline: fields.text("headline")?.unwrap_or_default(),
            location: fields.text("location")?.unwrap_or_default(),
            emails: fields.texts("emails")?,
            links: fields.texts("links")?,
            phones: phones
                .filter_map(|phone| Some(phone["value"].as_str()?.to_owned()))
                .collect(),
            ..Contact::default()
        },
        contact_id: fields.text("contact")?,
        stage_id: fields.text("stage")?,
        posting_id: postings.into_iter().next(),
        tags: fields.texts("tags")?,
        sources: fields.texts("sources")?,
        origin: fields.text("origin")?,
        owner: fields.text("owner")?,
        followers: fields.texts("followers")?,
        confidential: false,
        location: fields.text("location")?.unwrap_or_default(),
        created_at: fields.number("createdAt")?,
    })
}

/// `PUT /opportunities/:id/stage`
pub(super) fn change_stage(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let stage = ask.json()?.text("stage")?;
    let stage = stage.ok_or_else(|| Problem::bad_request("stage is missing."))?;
    if ask.account()?.stage(&stage).is_err() {
        return Err(Problem::bad_request(format!(
            "stage {stage} does not exist."
        )));
    }
    pipeline::move_to_stage(ask.lever, ask.now, &id, &stage, &actor)?;
    blanked(ask)
}

/// `PUT /opportunities/:id/archived`
pub(super) fn change_archived(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let fields = ask.json()?;
    if !fields.0.contains_key("reason") {
        return Err(Problem::bad_request("reason is missing."));
    }
    let reason = fields.text("reason")?;
    pipeline::set_archived(ask.lever, ask.now, &id, reason.as_deref(), &actor)?;
    blanked(ask)
}

/// `POST /opportunities/:id/addTags`
pub(super) fn add_tags(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let wanted = ask.json()?.some_texts("tags")?;
    tags::add(ask.lever, ask.now, &id, &wanted, &actor)?;
    blanked(ask)
}

/// `POST /opportunities/:id/removeTags`
pub(super) fn remove_tags(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let (id, actor) = (ask.opportunity()?.id.clone(), ask.actor()?);
    let unwanted = ask.json()?.some_texts("tags")?;
    tags::remove(ask.lever, ask.now, &id, &unwanted, &actor)?;
    blanked(ask)
}

/// `POST /opportunities/:id/addLinks`: links are the person's.
pub(super) fn add_links(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    change_list(ask, "links", "link_added", add)
}

/// `POST /opportunities/:id/removeLinks`
pub(super) fn remove_links(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    change_list(ask, "links", "link_removed", remove)
}

/// `POST /opportunities/:id/addSources`
pub(super) fn add_sources(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    change_list(ask, "sources", "source_added", add)
}

/// `POST /opportunities/:id/removeSources`
pub(super) fn remove_sources(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    change_list(ask, "sources", "source_removed", remove)
}

/// Changes a list; whether that made a difference.
type Change = fn(&mut Vec<String>, &str) -> bool;

fn add(list: &mut Vec<String>, item: &str) -> bool {
    let is_new = !list.iter().any(|known| known == item);
    if is_new {
        list.push(item.to_owned());
    }
    is_new
}

fn remove(list: &mut Vec<String>, item: &str) -> bool {
    let before = list.len();
    list.retain(|known| known != item);
    list.len() < before
}

fn change_list(
    ask: &mut Ask<'_>,
    member: &str,
    what: &str,
    change: Change,
) -> Result<Answer, Problem> {
    let (opportunity, actor) = (ask.opportunity()?, ask.actor()?);
    let (id, contact_id) = (opportunity.id.clone(), opportunity.contact_id.clone());
    let items = ask.json()?.some_texts(member)?;
    for item in &items {
        let changed = if member == "links" {
            let contact = ask.lever.contacts.get_mut(&contact_id);
            contact.is_some_and(|contact| change(&mut contact.links, item))
        } else {
            let opportunity: &mut Opportunity = ask.lever.opportunity_mut(&id)?;
            change(&mut opportunity.sources, item)
        };
        if changed {
            let opportunity = ask.lever.opportunity_mut(&id)?;
            opportunity.record(ask.now, what, item, &actor);
        }
    }
    Ok(Answer::data(whole(ask, &id)?))
}
