//! Webhooks: listed, made, changed, deleted.

use serde_json::{Value, json};

use super::Client;
use super::request::Request;
use crate::{Error, NewWebhook, Origin, Webhook, WebhookId, WebhookUpdate};

impl Client {
    /// All webhooks of the account, those of other parties too, without their signature tokens. Scope
    /// `webhooks:read:admin`.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, Error> {
        let request = Request::get(&["webhooks"]);
        let webhooks = self.whole(request, |webhook: &Webhook| webhook.id.as_str());
        webhooks.await.map(|dated| dated.value)
    }

    /// Makes a webhook. The answer alone holds its signature token: keep it at once. Scope `webhooks:write:admin`, as all
    /// that follow.
    ///
    /// # Errors
    ///
    /// [`Error`]; after an [ambiguous](Error::is_ambiguous) one list them: one whose token is not known has to go.
    pub async fn create_webhook(&self, webhook: &NewWebhook) -> Result<Webhook, Error> {
        let mut body = json!({ "event": webhook.event, "url": webhook.url });
        configure(&mut body, &webhook.origins);
        self.read(Request::create(&["webhooks"]).json(&body)).await
    }

    /// Changes webhooks that were made through the API.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub async fn update_webhooks(&self, updates: &[WebhookUpdate]) -> Result<Vec<Webhook>, Error> {
        let updates: Vec<Value> = updates.iter().map(update).collect();
        let request = Request::put(&["webhooks"]).with_slash();
        self.read(request.json(&json!({ "data": updates }))).await
    }

    /// Deletes a webhook that was made through the API.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`is_not_found`](Error::is_not_found) when it is gone already.
    pub async fn delete_webhook(&self, id: &WebhookId) -> Result<(), Error> {
        self.done(Request::delete(&["webhooks", id.as_str()])).await
    }
}

fn update(update: &WebhookUpdate) -> Value {
    let mut body = json!({ "id": update.id, "url": update.url });
    configure(&mut body, &update.origins);
    body
}

/// Without a configuration Lever sets all origins.
fn configure(body: &mut Value, origins: &[Origin]) {
    if !origins.is_empty() {
        body["configuration"] = json!({ "conditions": { "origins": origins } });
    }
}
