//! A connection on which every byte is the test's own.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{TestApp, basic};

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// One connection to a server.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// Read, and not used yet.
    read: Vec<u8>,
}

impl Wire {
    /// To the server at `url`.
    pub(super) async fn to(url: &str) -> Self {
        let address = url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).await.expect("it listens");
        let read = Vec::new();
        Self { stream, read }
    }

    /// Sends bytes; the other side may have hung up.
    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await
    }

    /// The next answer; none where the other side hangs up first.
    pub(super) async fn answer(&mut self) -> Option<Answer> {
        let end = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        let mut answer = Answer {
            status,
            headers: headers.collect(),
            body: String::new(),
        };
        self.read.drain(..end + 4);
        let length: usize = answer
            .header("content-length")
            .map_or(0, |text| text.parse().expect("a number"));
        while self.read.len() < length {
            self.more().await?;
        }
        answer.body = String::from_utf8_lossy(&self.read[..length]).into_owned();
        self.read.drain(..length);
        Some(answer)
    }

    /// Waits until the other side hangs up; whatever it says before counts for nothing.
    pub(super) async fn hung_up(mut self) {
        while self.more().await.is_some() {}
    }

    async fn more(&mut self) -> Option<()> {
        let many = self.stream.read_buf(&mut self.read).await.unwrap_or(0);
        (many > 0).then_some(())
    }
}

/// Sends one request on a connection of its own; its answer.
pub(super) async fn exchange(url: &str, request: impl AsRef<[u8]>) -> Option<Answer> {
    let mut wire = Wire::to(url).await;
    // It may be answered before it was heard to its end.
    let _ = wire.send(request).await;
    wire.answer().await
}

/// A request as bytes, with a good key for whoever takes one, and this body.
pub(super) fn request(
    app: &TestApp,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> String {
    let length = body.len();
    let head = head(app, method, path, headers);
    format!("{head}Content-Length: {length}\r\n\r\n{body}")
}

/// The same up to where its length stands.
pub(super) fn head(app: &TestApp, method: &str, path: &str, headers: &str) -> String {
    let key = if path.starts_with("/api/") {
        basic(&app.greenhouse_key)
    } else {
        format!("Bearer {}", app.platform_key)
    };
    format!("{method} {path} HTTP/1.1\r\nHost: baton.example\r\nAuthorization: {key}\r\n{headers}")
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
