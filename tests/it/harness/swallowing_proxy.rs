//! A line to PostgreSQL that can swallow the answer to a COMMIT: the server has committed, and nobody hears of it.

use std::io::{Error, Result};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use storage::DatabaseUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// Carries everything both ways, but for the answers it is told to swallow. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct SwallowingProxy {
    url: String,
    plan: Arc<Plan>,
    carrying: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Plan {
    /// The transaction that is meant says this.
    said: Mutex<Option<Vec<u8>>>,
    swallowed: AtomicUsize,
}

impl SwallowingProxy {
    /// A line to the PostgreSQL at `database`.
    pub(crate) async fn before(database: &DatabaseUrl) -> Self {
        let DatabaseUrl::Postgres(url) = database else {
            panic!("SQLite has no line that could be cut")
        };
        let mut url = Url::parse(url).expect("the test server's URL");
        let port = url.port().unwrap_or(5432);
        let to = SocketAddr::new(
            url.host_str()
                .and_then(|host| host.parse().ok())
                .expect("an address"),
            port,
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let here = listener.local_addr().expect("bound").port();
        url.set_port(Some(here)).expect("a URL with a host");
        // It reads along.
        url.set_query(Some("sslmode=disable"));
        let plan = Arc::new(Plan::default());
        Self {
            url: url.into(),
            carrying: tokio::spawn(accept(listener, to, Arc::clone(&plan))),
            plan,
        }
    }

    /// The database's URL at this end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Of the next transaction that binds a value with `said` in it, the COMMIT reaches the server; the answer is lost, and
    /// the connection with it.
    pub(crate) fn swallow_commit_of(&self, said: &str) {
        *self.plan.said.lock().expect("no panic while planning") = Some(said.into());
    }

    /// How many answers are gone so far.
    pub(crate) fn swallowed(&self) -> usize {
        self.plan.swallowed.load(Ordering::SeqCst)
    }
}

impl Drop for SwallowingProxy {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn accept(listener: TcpListener, to: SocketAddr, plan: Arc<Plan>) {
    while let Ok((near, _)) = listener.accept().await {
        let plan = Arc::clone(&plan);
        tokio::spawn(async move {
            if let Ok(far) = TcpStream::connect(to).await {
                // Whoever hangs up ends it: that is no fault of the line.
                let _ = carry(near, far, &plan).await;
            }
        });
    }
}

/// Until one side hangs up, or an answer was swallowed.
async fn carry(mut near: TcpStream, mut far: TcpStream, plan: &Plan) -> Result<()> {
    let (mut asked, mut answered) = (Vec::new(), Vec::new());
    let mut transaction = Transaction::default();
    loop {
        tokio::select! {
            read = near.read_buf(&mut asked) => {
                still_there(read)?;
                while let Some(message) = transaction.next_message(&mut asked) {
                    transaction.hear(&message, plan);
                    far.write_all(&message).await?;
                }
            }
            read = far.read_buf(&mut answered) => {
                still_there(read)?;
                if !transaction.swallows {
                    near.write_all(&std::mem::take(&mut answered)).await?;
                } else if contains(&answered, b"COMMIT\0") {
                    plan.swallowed.fetch_add(1, Ordering::SeqCst);
                    return Ok(());
                }
            }
        }
    }
}

fn still_there(read: Result<usize>) -> Result<()> {
    match read? {
        0 => Err(Error::other("it hung up")),
        _ => Ok(()),
    }
}

/// What one connection is in the midst of.
#[derive(Default)]
struct Transaction {
    greeted: bool,
    is_meant: bool,
    swallows: bool,
}

impl Transaction {
    /// A whole message of PostgreSQL's protocol: a letter (the greeting has none), its length in four bytes, the rest.
    fn next_message(&mut self, asked: &mut Vec<u8>) -> Option<Vec<u8>> {
        let letter = usize::from(self.greeted);
        let length = asked.get(letter..letter + 4)?.try_into().ok()?;
        let length = letter + u32::from_be_bytes(length) as usize;
        if asked.len() < length {
            return None;
        }
        self.greeted = true;
        Some(asked.drain(..length).collect())
    }

    fn hear(&mut self, message: &[u8], plan: &Plan) {
        let mut said = plan.said.lock().expect("no panic while planning");
        if message.ends_with(b"BEGIN\0") {
            self.is_meant = false;
        } else if said.as_ref().is_some_and(|said| contains(message, said)) {
            self.is_meant = true;
        }
        if self.is_meant && message.ends_with(b"COMMIT\0") {
            said.take();
            self.swallows = true;
        }
    }
}

fn contains(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}
