//! A line between a browser and a server that can be cut and mended.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Carries bytes both ways while it is whole. Cut, it refuses connections, and those there were are gone.
#[derive(Debug)]
pub(crate) struct Line {
    address: SocketAddr,
    to: SocketAddr,
    carrying: JoinHandle<()>,
}

impl Line {
    /// A line to the server at `url`.
    pub(crate) async fn to(url: &str) -> Self {
        let to = url
            .trim_start_matches("http://")
            .parse()
            .expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        Self {
            address,
            to,
            carrying: tokio::spawn(carry(listener, to)),
        }
    }

    /// The server's address at this end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts it.
    pub(crate) async fn cut(&mut self) {
        self.carrying.abort();
        // An error is what aborting makes of it.
        let _ = (&mut self.carrying).await;
    }

    /// Makes it whole again.
    pub(crate) async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("its own port");
        self.carrying = tokio::spawn(carry(listener, self.to));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

/// Everything under way is in the set, and ends with it.
async fn carry(listener: TcpListener, to: SocketAddr) {
    let mut under_way = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        under_way.spawn(async move {
            if let Ok(mut far) = TcpStream::connect(to).await {
                // Whoever hangs up ends it: that is no fault of the line.
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            }
        });
        while under_way.try_join_next().is_some() {}
    }
}
