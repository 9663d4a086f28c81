//! A client that costs little: HTTP/1.1 over connections that stay open, each waiting for its answer before it asks again.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection to a server on loopback.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body of an answer that is a success, as JSON.
    pub(crate) fn json(&self) -> io::Result<serde_json::Value> {
        if !(200..300).contains(&self.status) {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body).map_err(io::Error::other)
    }

    pub(crate) fn refusal(&self) -> io::Error {
        let body = String::from_utf8_lossy(&self.body);
        io::Error::other(format!("the server answers {}: {body}", self.status))
    }
}

impl Connection {
    /// Connects to `address`, such as `127.0.0.1:8080`.
    pub(crate) async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends one whole request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let (status, length) = read_head(&self.buffer[..head])?;
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        let body = self.buffer[head..head + length].to_vec();
        self.buffer.drain(..head + length);
        Ok(Answer { status, body })
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|part| part == wanted)
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> io::Result<(u16, usize)> {
    let text = std::str::from_utf8(head).map_err(io::Error::other)?;
    let unreadable = || io::Error::other(format!("an answer this client cannot read: {text}"));
    let status: u16 = text
        .get(9..12)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(unreadable)?;
    if status == 204 || status == 304 {
        return Ok((status, 0));
    }
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Ok((status, length.ok_or_else(unreadable)?))
}

/// A GET as bytes; `headers` are whole lines, each with its line break.
pub(crate) fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n").into_bytes()
}

/// A POST of JSON as bytes.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

/// What a turn came to.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) answers: usize,
    pub(crate) seconds: f64,
    /// Of each answer, in milliseconds.
    pub(crate) latencies: Vec<f64>,
}

impl Turn {
    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    pub(crate) fn rate(&self) -> f64 {
        self.answers as f64 / self.seconds
    }
}

/// Asks on `connections` connections for as long as `lasting` says; `request` makes the nth request of a connection.
///
/// # Errors
/// Where an answer is no success: figures about refusals say nothing.
pub(crate) async fn drive(
    address: &str,
    connections: usize,
    lasting: Duration,
    request: impl Fn(usize, usize) -> Vec<u8>,
) -> io::Result<Turn> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let (begun, request) = (Instant::now(), &request);
    let callers = open.into_iter().enumerate().map(|(number, connection)| {
        let asked = move |turn| request(number, turn);
        keep_asking(connection, begun + lasting, asked)
    });
    let mut turn = Turn::default();
    for latencies in futures_util::future::join_all(callers).await {
        turn.latencies.extend(latencies?);
    }
    turn.answers = turn.latencies.len();
    turn.seconds = begun.elapsed().as_secs_f64();
    Ok(turn)
}

async fn keep_asking(
    mut connection: Connection,
    until: Instant,
    request: impl Fn(usize) -> Vec<u8>,
) -> io::Result<Vec<f64>> {
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let asked = request(latencies.len());
        let begun = Instant::now();
        let answer = connection.ask(&asked).await?;
        if !(200..300).contains(&answer.status) {
            return Err(answer.refusal());
        }
        latencies.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(latencies)
}
