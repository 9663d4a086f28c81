//! The sandbox's control API, which does what its pages do.

use std::io;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// A caller of it.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) http: Client,
    base: String,
}

impl Control {
    /// That of the sandbox at `url`.
    pub(crate) fn new(http: Client, url: &url::Url) -> Self {
        Self {
            http,
            base: format!("{url}control/"),
        }
    }

    /// # Errors
    /// What the sandbox answers, where it refuses.
    pub(crate) async fn get(&self, path: &str) -> io::Result<Value> {
        self.call(Method::GET, path, &json!(null)).await
    }

    /// # Errors
    /// What the sandbox answers, where it refuses.
    pub(crate) async fn post(&self, path: &str, body: Value) -> io::Result<Value> {
        self.call(Method::POST, path, &body).await
    }

    /// Calls it.
    ///
    /// # Errors
    /// What the sandbox answers, where it refuses.
    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> io::Result<Value> {
        let url = format!("{}{path}", self.base);
        let mut call = self.http.request(method.clone(), url);
        if method != Method::GET {
            call = call.json(body);
        }
        let answer = call.send().await.map_err(io::Error::other)?;
        let status = answer.status();
        let text = answer.text().await.map_err(io::Error::other)?;
        if status.is_success() {
            return Ok(serde_json::from_str(&text).unwrap_or_default());
        }
        let why = format!("the sandbox answers {status}: {text}");
        Err(io::Error::other(why))
    }
}

/// A member that is a number.
///
/// # Errors
/// Where it is none.
pub(crate) fn number(made: &Value, member: &str) -> io::Result<u64> {
    let why = || io::Error::other(format!("the sandbox gave no {member}"));
    made[member].as_u64().ok_or_else(why)
}

/// A member that is text.
///
/// # Errors
/// Where it is none.
pub(crate) fn text(made: &Value, member: &str) -> io::Result<String> {
    let why = || io::Error::other(format!("the sandbox gave no {member}"));
    made[member].as_str().map(str::to_owned).ok_or_else(why)
}
