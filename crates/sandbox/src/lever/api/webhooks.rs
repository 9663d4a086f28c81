//! Webhooks, as far as the API may manage them.

use serde_json::{Value, json};

use super::Ask;
use super::answer::{Answer, Problem};
use crate::lever::opportunity::By;
use crate::lever::webhooks::webhook::{self, Webhook};

/// Without the signing token, which is told once, on creation.
fn shown(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "event": webhook.event,
        "url": webhook.url,
        "configuration": {"conditions": {"origins": webhook.origins}},
        "createdAt": webhook.created_at,
        "updatedAt": webhook.updated_at,
    })
}

/// `GET /webhooks`: everyone's, and without `hasNext`.
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let all = ask.lever.webhooks_of(&ask.caller.account_id);
    Ok(Answer::data(all.map(shown).collect()))
}

/// `POST /webhooks`: nothing keeps two of the same apart.
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.json()?;
    let event = fields.text("event")?.unwrap_or_default();
    let url = fields.text("url")?.unwrap_or_default();
    let origins = origins(fields.0.get("configuration"))?;
    let actor = ask.caller.acting_for(None);
    let account_id = ask.caller.account_id.clone();
    let id = webhook::create(
        ask.lever,
        ask.now,
        &account_id,
        &event,
        &url,
        origins,
        &actor,
    )?;
    let made = ask.lever.webhook(&id)?;
    let mut answer = shown(made);
    answer["configuration"]["signatureToken"] = made.signature_token.0.clone().into();
    if ask.account()?.settings.nested_webhook_answer {
        answer = json!({ "data": answer });
    }
    Ok(Answer::created(answer))
}

fn origins(configuration: Option<&Value>) -> Result<Option<Vec<String>>, Problem> {
    let given = configuration.map(|configuration| &configuration["conditions"]["origins"]);
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(origins) => serde_json::from_value(origins.clone())
            .map(Some)
            .map_err(|_| Problem::bad_request("origins has to be an array of strings.")),
    }
}

/// One of the caller's account that the API made.
fn own<'a>(ask: &'a Ask<'_>, id: &str) -> Result<&'a Webhook, Problem> {
    let known = ask.lever.webhooks.get(id);
    let known = known.filter(|known| known.account_id == ask.caller.account_id);
    let webhook = known.ok_or_else(|| Problem::not_found("Webhook", id))?;
    if webhook.made_by == By::User {
        let why = "A webhook that was made in the settings can be changed there only.";
        return Err(Problem::new(403, why));
    }
    Ok(webhook)
}

/// `PUT /webhooks/`: several at once.
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let Some(Value::Array(changes)) = ask.json()?.0.remove("data") else {
        return Err(Problem::bad_request("data has to be an array of webhooks."));
    };
    let mut changed = Vec::new();
    for change in changes {
        let mut webhook = own(ask, change["id"].as_str().unwrap_or_default())?.clone();
        if let Some(url) = change["url"].as_str() {
            webhook.url = webhook::checked_url(url)?;
        }
        if let Some(origins) = origins(change.get("configuration"))? {
            webhook.origins = webhook::checked_origins(origins)?;
        }
        webhook.updated_at = ask.now;
        changed.push(webhook);
    }
    let answer = changed.iter().map(shown).collect();
    for webhook in changed {
        ask.lever.webhooks.insert(webhook.id.clone(), webhook);
    }
    Ok(Answer::data(answer))
}

/// `DELETE /webhooks/:id`
pub(super) fn delete(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = own(ask, ask.id("id"))?.id.clone();
    ask.lever.webhooks.remove(&id);
    Ok(Answer::no_content())
}
