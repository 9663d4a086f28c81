//! Baton's own API, as the vendor's programs call it.

use reqwest::{Client, Method};
use serde_json::Value;

use crate::broken::{Result, broken};

/// Calls `/v1` at the front.
#[derive(Debug, Clone)]
pub(crate) struct Vendor {
    pub(crate) http: Client,
    pub(crate) url: String,
}

impl Vendor {
    /// The body of an answer that is no refusal.
    pub(crate) async fn ask(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let url = format!("{}/v1/{path}", self.url);
        let mut call = self.http.request(method, url).bearer_auth(key);
        if let Some(body) = body {
            call = call.json(body);
        }
        let answer = call.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if status.is_success() {
            Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
        } else {
            broken(format!("Baton answers {path} with {status}: {text}"))
        }
    }

    /// Every item of a list, page after page.
    pub(crate) async fn list(&self, key: &str, path: &str) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let from = cursor.map(|cursor| format!("&cursor={cursor}"));
            let page = format!("{path}?limit=100{}", from.unwrap_or_default());
            let page = self.ask(key, Method::GET, &page, None).await?;
            items.extend(page["data"].as_array().into_iter().flatten().cloned());
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(items);
            }
        }
    }
}
