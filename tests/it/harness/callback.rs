//! A small server that is told of completion, as Greenhouse's is. It notes what it hears and answers what the test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One call that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    /// A header by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// The server; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Callback {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    serving: JoinHandle<()>,
}

impl Callback {
    /// Answers each call with what `reply` makes of it (see [`answer`]).
    pub(crate) async fn start<R, F>(reply: R) -> Self
    where
        R: Fn(Heard) -> F + Send + Sync + 'static,
        F: Future<Output = String> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (notes, reply) = (Arc::clone(&heard), Arc::new(reply));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (notes, reply) = (Arc::clone(&notes), Arc::clone(&reply));
                tokio::spawn(async move { converse(stream, &notes, &*reply).await });
            }
        });
        Self {
            address,
            heard,
            serving,
        }
    }

    /// The `url` of one take-home test here.
    pub(crate) fn url(&self, test: &str) -> String {
        let address = self.address;
        format!("http://{address}/integrations/testing_partners/take_home_tests/{test}")
    }

    /// All calls so far, in order.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no panic while noting").clone()
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// An answer without a body.
pub(crate) fn answer(status: u16) -> String {
    format!("HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

async fn converse<R, F>(mut stream: TcpStream, notes: &Mutex<Vec<Heard>>, reply: &R)
where
    R: Fn(Heard) -> F,
    F: Future<Output = String>,
{
    let Some(heard) = hear(&mut stream).await else {
        return;
    };
    notes
        .lock()
        .expect("no panic while noting")
        .push(heard.clone());
    // Whoever hangs up before the answer does not want it.
    let _ = stream.write_all(reply(heard).await.as_bytes()).await;
}

async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            return read_call(stream, bytes, end).await;
        }
    }
}

async fn read_call(stream: &mut TcpStream, bytes: Vec<u8>, end: usize) -> Option<Heard> {
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let (first, lines) = head.split_once("\r\n").unwrap_or((&head, ""));
    let mut words = first.split(' ').map(str::to_owned);
    let headers = lines.lines().filter_map(|line| line.split_once(": "));
    let mut heard = Heard {
        method: words.next()?,
        path: words.next()?,
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: bytes[end + 4..].to_vec(),
    };
    let length = heard
        .header("content-length")
        .and_then(|text| text.parse().ok());
    while heard.body.len() < length.unwrap_or(0) {
        stream
            .read_buf(&mut heard.body)
            .await
            .ok()
            .filter(|read| *read > 0)?;
    }
    Some(heard)
}
