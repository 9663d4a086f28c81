//! A line to PostgreSQL that, now and then, lets a COMMIT through and swallows its answer.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{Clock, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::broken::{Result, broken};

/// When COMMITs are swallowed, and which were.
#[derive(Debug, Default)]
struct Appetite {
    /// How many more.
    wanted: usize,
    swallowed: Vec<DateTime<Utc>>,
}

/// A running proxy. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct SwallowingProxy {
    url: String,
    appetite: Arc<Mutex<Appetite>>,
    serving: JoinHandle<()>,
}

impl SwallowingProxy {
    /// Starts one before the server at `url`. One COMMIT of twenty is swallowed while it is hungry.
    pub(crate) async fn start(url: &str, seed: u64) -> Result<Self> {
        let Some((head, rest)) = url.rsplit_once('@') else {
            return broken("the database's URL names no user");
        };
        let Some((server, name)) = rest.split_once('/') else {
            return broken("the database's URL names no database");
        };
        let Ok(server) = server.parse::<SocketAddr>() else {
            return broken("the database's URL names no address");
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let appetite = Arc::<Mutex<Appetite>>::default();
        let chance = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        Ok(Self {
            // It reads along.
            url: format!("{head}@{address}/{name}?sslmode=disable"),
            serving: tokio::spawn(serve(listener, server, Arc::clone(&appetite), chance)),
            appetite,
        })
    }

    /// The database's URL through here.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// From now on so many COMMITs are swallowed.
    pub(crate) fn swallow(&self, count: usize) {
        self.lock().wanted = count;
    }

    /// When COMMITs were swallowed so far.
    pub(crate) fn swallowed(&self) -> Vec<DateTime<Utc>> {
        self.lock().swallowed.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Appetite> {
        self.appetite.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SwallowingProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Chance = Arc<Mutex<fastrand::Rng>>;

async fn serve(
    listener: TcpListener,
    server: SocketAddr,
    appetite: Arc<Mutex<Appetite>>,
    chance: Chance,
) {
    while let Ok((near, _)) = listener.accept().await {
        let (appetite, chance) = (Arc::clone(&appetite), Arc::clone(&chance));
        tokio::spawn(async move {
            // Whoever hangs up ends it: that is no fault of the line.
            let _ = carry(near, server, &appetite, &chance).await;
        });
    }
}

/// Carries both ways. Once a COMMIT is to be swallowed, its answer is waited for, so that it is done, and both ends are
/// dropped.
async fn carry(
    mut near: TcpStream,
    server: SocketAddr,
    appetite: &Mutex<Appetite>,
    chance: &Mutex<fastrand::Rng>,
) -> std::io::Result<()> {
    let mut far = TcpStream::connect(server).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = near.read(&mut asked) => {
                let bytes = &asked[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                far.write_all(bytes).await?;
                if is_commit(bytes) && bites(appetite, chance) {
                    let done = far.read(&mut answered).await? > 0;
                    let mut appetite = appetite.lock().unwrap_or_else(PoisonError::into_inner);
                    appetite.swallowed.extend(done.then(|| SystemClock.now()));
                    return Ok(());
                }
            }
            read = far.read(&mut answered) => {
                let bytes = &answered[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                near.write_all(bytes).await?;
            }
        }
    }
}

/// A simple query (`Q`, length, text, NUL) that commits: diesel ends a transaction with one.
fn is_commit(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'Q') && bytes.get(5..11) == Some(b"COMMIT")
}

fn bites(appetite: &Mutex<Appetite>, chance: &Mutex<fastrand::Rng>) -> bool {
    let strikes = {
        let mut chance = chance.lock().unwrap_or_else(PoisonError::into_inner);
        chance.u8(..20) == 0
    };
    let mut appetite = appetite.lock().unwrap_or_else(PoisonError::into_inner);
    let bites = strikes && appetite.wanted > 0;
    appetite.wanted -= usize::from(bites);
    bites
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_told_from_other_queries() {
        assert!(is_commit(b"Q\0\0\0\x0bCOMMIT\0"));
        assert!(!is_commit(b"Q\0\0\0\x0aBEGIN\0"));
        assert!(!is_commit(b"Q"));
        assert!(!is_commit(b"P\0\0\0\x0bCOMMIT\0"));
    }
}
