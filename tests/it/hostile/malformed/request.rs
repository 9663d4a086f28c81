//! A request, in parts that can be spoiled one by one.

use serde_json::Value;

use super::Keys;
use super::dice::Dice;
use crate::harness::basic;
use crate::harness::routes::{Door, Format, Route};

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Length,
    Chunks,
    /// Not at all, or as the headers say.
    None,
}

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) version: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    pub(super) framing: Framing,
}

impl Request {
    /// A call of a route as it should be: with the credential that its door asks for.
    pub(super) fn sound(route: &Route, keys: &Keys, dice: &mut Dice) -> Self {
        let id = dice.pick(&keys.ids).clone();
        let mut headers = vec![("Host".to_owned(), b"baton.example".to_vec())];
        let credential = match route.door {
            Door::Operator => Some(("Authorization", format!("Bearer {}", keys.operator))),
            Door::Platform => Some(("Authorization", format!("Bearer {}", keys.platform))),
            Door::Greenhouse => Some(("Authorization", basic(&keys.greenhouse))),
            Door::Session | Door::Administration | Door::Results => {
                Some(("Cookie", keys.cookie.clone()))
            }
            Door::Operating | Door::Link | Door::Setup | Door::Open => None,
        };
        headers.extend(credential.map(|(name, value)| (name.to_owned(), value.into_bytes())));
        let body = route.body(&id).map(|(format, body)| {
            let kind = match format {
                Format::Json => "application/json",
                Format::Form => "application/x-www-form-urlencoded",
            };
            headers.push(("Content-Type".to_owned(), kind.into()));
            body.into_bytes()
        });
        Self {
            method: route.method.to_owned(),
            target: route.path(&id),
            version: "HTTP/1.1".to_owned(),
            headers,
            framing: if body.is_some() {
                Framing::Length
            } else {
                Framing::None
            },
            body: body.unwrap_or_default(),
        }
    }

    /// The body as JSON, where it is some.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// As it goes over the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            format!("{} {} {}\r\n", self.method, self.target, self.version).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        match self.framing {
            Framing::Length => {
                bytes.extend(format!("Content-Length: {}\r\n\r\n", self.body.len()).into_bytes());
            }
            Framing::Chunks => {
                bytes.extend(
                    format!(
                        "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                        self.body.len()
                    )
                    .into_bytes(),
                );
            }
            Framing::None => bytes.extend_from_slice(b"\r\n"),
        }
        bytes.extend_from_slice(&self.body);
        if self.framing == Framing::Chunks {
            bytes.extend_from_slice(b"\r\n0\r\n\r\n");
        }
        bytes
    }
}
