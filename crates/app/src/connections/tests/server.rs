//! An authorization server that rotates refresh tokens strictly: one that was replaced kills its whole family when it comes again.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use crate::connections::application::Given;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::application;

/// What the next calls are answered with, before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// 503, and nothing is done.
    Unavailable,
    /// The connection is closed, and what was asked for is done all the same.
    SilentlyDone,
    /// An answer without a refresh token; the one before stays good.
    WithoutRefreshToken,
}

#[derive(Debug, Default)]
struct State {
    made: u32,
    refreshes: u32,
    live: String,
    overlap: Option<String>,
    replaced: HashSet<String>,
    dead: bool,
    troubles: Vec<Trouble>,
}

/// The server; dropping it ends it.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            state,
            serving,
        }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        let url = format!("http://{}/{path}", self.address);
        url.parse().expect("a URL")
    }

    /// What a person's yes gives.
    pub(super) async fn first_grant(&self) -> Given {
        let http = ats_http::client(ats_http::ClientConfig::new("tests")).expect("a client");
        let given = application(self).exchange(&http, "code", None).await;
        given.expect("a grant").into()
    }

    /// How often tokens were renewed.
    pub(super) fn refreshes(&self) -> u32 {
        self.locked().refreshes
    }

    /// The number of the newest access token.
    pub(super) fn newest(&self) -> String {
        format!("access-{}", self.locked().made)
    }

    /// A person takes the access back.
    pub(super) fn revoke(&self) {
        self.locked().dead = true;
    }

    /// The next calls are in for this, in this order.
    pub(super) fn trouble(&self, troubles: &[Trouble]) {
        self.locked().troubles = troubles.to_vec();
    }

    /// After the first of two calls whose answer was lost the token before is still good once.
    pub(super) fn with_overlap(&self) {
        self.locked().overlap = Some(String::new());
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no panic while locked")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some(body) = read(&mut stream).await else {
        return;
    };
    let reply = state.lock().expect("no panic while locked").answer(&body);
    if let Some((status, json)) = reply {
        let head = format!(
            "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            json.len()
        );
        let _ = stream.write_all(format!("{head}{json}").as_bytes()).await;
    }
}

/// The body of one call.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_it = name.eq_ignore_ascii_case("content-length");
                is_it.then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(body.to_owned());
            }
        }
        let mut more = [0; 4096];
        match stream.read(&mut more).await {
            Ok(0) | Err(_) => return None,
            Ok(many) => bytes.extend_from_slice(&more[..many]),
        }
    }
}

impl State {
    /// Status and body; none where the connection is to be closed.
    fn answer(&mut self, body: &str) -> Option<(u16, String)> {
        let trouble = (!self.troubles.is_empty()).then(|| self.troubles.remove(0));
        if trouble == Some(Trouble::Unavailable) {
            return Some((503, "{}".into()));
        }
        let member = |name: &str| {
            let found = url::form_urlencoded::parse(body.as_bytes()).find(|(key, _)| key == name);
            found
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        if member("grant_type") == "refresh_token" {
            self.refreshes += 1;
            let shown = member("refresh_token");
            let in_overlap = self.overlap.as_ref() == Some(&shown);
            if self.replaced.contains(&shown) && !in_overlap {
                self.dead = true;
            }
            if self.dead || (shown != self.live && !in_overlap) {
                let said = r#"{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}"#;
                return Some((403, said.into()));
            }
        }
        let given = self.give(trouble == Some(Trouble::WithoutRefreshToken));
        (trouble != Some(Trouble::SilentlyDone)).then_some((200, given))
    }

    fn give(&mut self, without_refresh_token: bool) -> String {
        self.made += 1;
        let access = format!("access-{}", self.made);
        if without_refresh_token {
            return format!(r#"{{"access_token":"{access}","expires_in":3600}}"#);
        }
        let before = std::mem::replace(&mut self.live, format!("refresh-{}", self.made));
        if let Some(overlap) = &mut self.overlap {
            overlap.clone_from(&before);
        }
        self.replaced.insert(before);
        let refresh = &self.live;
        format!(
            r#"{{"access_token":"{access}","refresh_token":"{refresh}","expires_in":3600,"scope":"offline_access stages:read:admin"}}"#
        )
    }
}
