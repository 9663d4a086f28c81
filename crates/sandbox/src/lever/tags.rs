//! Tags: one list per opportunity, in which the posting's title, team, department, location and commitment stand among
//! those that people typed.

use super::account::Account;
use super::opportunity::{Actor, By, Opportunity};
use super::settings::PostingTags;
use super::world::Lever;
use crate::refusal::Refusal;

/// The tags of an opportunity as everyone sees them.
pub(crate) fn shown(lever: &Lever, opportunity: &Opportunity) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let inherited = inherited(lever, opportunity);
    for tag in inherited.iter().chain(&opportunity.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

/// What the posting shows on it without its doing: nothing where tags are copied.
pub(crate) fn inherited(lever: &Lever, opportunity: &Opportunity) -> Vec<String> {
    let account = lever.accounts.get(&opportunity.account_id);
    let live = account.is_some_and(|account| account.settings.posting_tags == PostingTags::Live);
    let posting = opportunity
        .posting_id()
        .and_then(|id| lever.postings.get(id));
    match posting {
        Some(posting) if live => posting.given_tags().cloned().collect(),
        _ => Vec::new(),
    }
}

/// What the posting gives an opportunity that is being linked to it.
pub(crate) fn given_at_link(lever: &Lever, account: &Account, posting_id: &str) -> Vec<String> {
    match lever.postings.get(posting_id) {
        Some(posting) if account.settings.posting_tags == PostingTags::Copied => {
            posting.given_tags().cloned().collect()
        }
        _ => Vec::new(),
    }
}

/// Adds tags: exact strings, those that are there already are left alone.
///
/// # Errors
/// The opportunity is unknown, a tag is blank, or creation is locked and a user without the right types a new one.
pub(crate) fn add(
    lever: &mut Lever,
    now: i64,
    opportunity_id: &str,
    tags: &[String],
    actor: &Actor,
) -> Result<(), Refusal> {
    let account = lever.account_of(opportunity_id)?;
    check(account, tags, actor)?;
    let account_id = account.id.clone();
    let there = shown(lever, lever.opportunity(opportunity_id)?);
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    for tag in tags {
        if !there.contains(tag) && !opportunity.tags.contains(tag) {
            opportunity.tags.push(tag.clone());
            opportunity.record(now, "tag_added", tag, actor);
        }
    }
    learn(lever, &account_id, tags);
    Ok(())
}

/// Removes tags: exact strings. Those that the posting shows stay.
///
/// # Errors
/// The opportunity is unknown.
pub(crate) fn remove(
    lever: &mut Lever,
    now: i64,
    opportunity_id: &str,
    tags: &[String],
    actor: &Actor,
) -> Result<(), Refusal> {
    let opportunity = lever.opportunity_mut(opportunity_id)?;
    for tag in tags {
        if let Some(at) = opportunity.tags.iter().position(|there| there == tag) {
            opportunity.tags.remove(at);
            opportunity.record(now, "tag_removed", tag, actor);
        }
    }
    Ok(())
}

/// Remembers that tags exist in an account.
pub(crate) fn learn(lever: &mut Lever, account_id: &str, tags: &[String]) {
    if let Some(account) = lever.accounts.get_mut(account_id) {
        account.known_tags.extend(tags.iter().cloned());
    }
}

/// A posting was renamed: the old title goes from opportunities that carry a copy, the new one comes at the end.
pub(crate) fn rename(lever: &mut Lever, now: i64, posting_id: &str, old: &str, new: &str) {
    let linked = lever.opportunities.values_mut();
    for opportunity in linked.filter(|linked| linked.posting_id() == Some(posting_id)) {
        if let Some(at) = opportunity.tags.iter().position(|tag| tag == old) {
            opportunity.tags.remove(at);
            opportunity.tags.push(new.to_owned());
            opportunity.updated_at = now;
        }
    }
}

fn check(account: &Account, tags: &[String], actor: &Actor) -> Result<(), Refusal> {
    if tags.is_empty() || tags.iter().any(|tag| tag.trim().is_empty()) {
        return Err(Refusal::field("tags", "A tag is missing: enter one."));
    }
    let user = actor
        .user_id
        .as_deref()
        .and_then(|id| account.user(id).ok());
    let may_create = actor.by == By::Api || user.is_none_or(|user| user.may_create_tags());
    let new = tags.iter().find(|tag| !account.known_tags.contains(*tag));
    match new {
        Some(tag) if account.settings.tags_locked && !may_create => {
            Err(Refusal::Conflict(format!(
                "Tag creation is locked in this account: ask an Admin to create the tag {tag}."
            )))
        }
        _ => Ok(()),
    }
}
