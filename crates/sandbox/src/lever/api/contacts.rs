//! Contacts: the people behind opportunities.

use serde_json::json;

use super::Ask;
use super::answer::{Answer, Problem};
use super::wire;
use crate::lever::opportunity::Contact;
use crate::lever::webhooks::events;

fn found<'a>(ask: &'a Ask<'_>) -> Result<&'a Contact, Problem> {
    let id = ask.id("id");
    let known = ask.lever.contacts.get(id);
    let known = known.filter(|known| known.account_id == ask.caller.account_id);
    known.ok_or_else(|| Problem::not_found("Contact", id))
}

/// `GET /contacts/:id`
pub(super) fn get(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    Ok(Answer::data(wire::contact(found(ask)?)))
}

/// `PUT /contacts/:id`: what is given changes. Anonymised ones cannot be updated.
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let mut contact = found(ask)?.clone();
    if contact.anonymized {
        return Err(Problem::bad_request(
            "An anonymized contact cannot be updated.",
        ));
    }
    let fields = ask.json()?;
    if let Some(name) = fields.text("name")? {
        contact.name = name;
    }
    if let Some(headline) = fields.text("headline")? {
        contact.headline = headline;
    }
    if fields.0.contains_key("emails") {
        contact.emails = fields.texts("emails")?;
    }
    let answer = wire::contact(&contact);
    let data = json!({"contactId": contact.id, "accountId": contact.account_id});
    let account_id = contact.account_id.clone();
    ask.lever.contacts.insert(contact.id.clone(), contact);
    events::tell_account(
        ask.lever,
        ask.now,
        &account_id,
        events::CONTACT_UPDATED,
        &data,
    );
    Ok(Answer::data(answer))
}
