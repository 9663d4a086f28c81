//! One address before several servers, as a load balancer gives: connections go to each in turn, and past one that is down.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::broken::Result;

/// Where each server is; none before its first start.
type Backends = Arc<Mutex<Vec<Option<SocketAddr>>>>;

/// A running front. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Front {
    address: SocketAddr,
    backends: Backends,
    serving: JoinHandle<()>,
}

impl Front {
    /// Starts before `count` servers that are yet to come.
    pub(crate) async fn start(count: usize) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let backends: Backends = Arc::new(Mutex::new(vec![None; count]));
        Ok(Self {
            address,
            serving: tokio::spawn(serve(listener, Arc::clone(&backends))),
            backends,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on the server `number` is there.
    pub(crate) fn lead(&self, number: usize, to: SocketAddr) {
        let mut backends = self.backends.lock().unwrap_or_else(PoisonError::into_inner);
        backends[number] = Some(to);
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, backends: Backends) {
    let turn = Arc::new(AtomicUsize::new(0));
    while let Ok((near, _)) = listener.accept().await {
        let (backends, turn) = (Arc::clone(&backends), Arc::clone(&turn));
        tokio::spawn(async move { carry(near, &backends, &turn).await });
    }
}

/// Where nobody listens, the connection ends: the caller sees a server that is down.
async fn carry(mut near: TcpStream, backends: &Backends, turn: &AtomicUsize) {
    let there = backends
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let first = turn.fetch_add(1, Ordering::Relaxed);
    for step in 0..there.len() {
        let Some(address) = there[(first + step) % there.len()] else {
            continue;
        };
        if let Ok(mut far) = TcpStream::connect(address).await {
            // Who hangs up ends it: that is no fault of the line.
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            return;
        }
    }
}
