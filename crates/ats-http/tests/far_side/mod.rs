//! A far side that gives the answers it was told to, one for each request, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `POST /v1/opportunities/x/addTags?perform_as=y`
    pub(crate) line: String,
    /// Name in lower case, value.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

pub(crate) struct FarSide {
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<String>>,
    seen: Mutex<Vec<Seen>>,
}

/// Status line and further headers, each ended by a line break, then the body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Takes the request and hangs up.
pub(crate) const HANG_UP: &str = "";

impl FarSide {
    pub(crate) async fn with<I>(answers: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let script = Arc::new(Script::default());
        let this = Self { base, script };
        this.then(answers);
        tokio::spawn(serve(listener, Arc::clone(&this.script)));
        this
    }

    /// More answers, after those that are left.
    pub(crate) fn then<I>(&self, answers: I)
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut queue = self.script.answers.lock().expect("no test panics here");
        queue.extend(answers.into_iter().map(Into::into));
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script
            .seen
            .lock()
            .expect("no test panics here")
            .clone()
    }

    /// The request lines, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(converse(socket, Arc::clone(&script)));
    }
}

/// Remembers before it answers, so that whoever has the answer sees the request.
async fn converse(mut socket: TcpStream, script: Arc<Script>) -> Option<()> {
    let seen = request(&mut socket).await?;
    script.seen.lock().ok()?.push(seen);
    let answer = script.answers.lock().ok()?.pop_front()?;
    socket.write_all(answer.as_bytes()).await.ok()
}

async fn request(socket: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break at;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut seen = parse(&head)?;
    let length = seen.header("content-length").unwrap_or("0").parse().ok()?;
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        socket.read_buf(&mut body).await.ok()?;
    }
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Some(seen)
}

fn parse(head: &str) -> Option<Seen> {
    let mut lines = head.split("\r\n");
    let line = lines.next()?.strip_suffix(" HTTP/1.1")?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Seen {
        line,
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: String::new(),
    })
}
