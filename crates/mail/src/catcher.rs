//! A mail server that delivers nothing: it keeps each mail in memory and shows it on a page. For the demo and for tests.

mod caught;
mod faults;
mod inbox;
mod pages;
mod smtp;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::rt::System;
use tokio::sync::oneshot;

pub use caught::CaughtMail;
pub use faults::Fault;

use inbox::Inbox;

/// A running catcher. Dropping it closes both listeners.
pub struct Catcher {
    inbox: Arc<Inbox>,
    smtp_address: SocketAddr,
    http_address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Catcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catcher({}, {})", self.smtp_address, self.http_address)
    }
}

impl Catcher {
    /// Starts on the two addresses (port 0 takes a free one), in a thread of its own: a Tokio runtime is not needed.
    ///
    /// # Errors
    ///
    /// What the system says when an address cannot be had or the thread cannot be started.
    pub fn start(smtp_listen: SocketAddr, http_listen: SocketAddr) -> io::Result<Self> {
        let smtp = TcpListener::bind(smtp_listen)?;
        let http = TcpListener::bind(http_listen)?;
        smtp.set_nonblocking(true)?;
        let (smtp_address, http_address) = (smtp.local_addr()?, http.local_addr()?);
        let inbox = Arc::new(Inbox::default());
        let (stop, stopped) = oneshot::channel();
        let (kept, name) = (Arc::clone(&inbox), "mail-catcher".to_owned());
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            if let Err(error) = System::new().block_on(serve(smtp, http, kept, stopped)) {
                tracing::error!(%error, "the mail catcher ended");
            }
        })?;
        Ok(Self {
            inbox,
            smtp_address,
            http_address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where mail is taken in.
    pub fn smtp_address(&self) -> SocketAddr {
        self.smtp_address
    }

    /// Where the pages are.
    pub fn http_address(&self) -> SocketAddr {
        self.http_address
    }

    /// What belongs into `mail.smtp_url`.
    pub fn smtp_url(&self) -> String {
        format!("smtp://{}", self.smtp_address)
    }

    /// The page that lists the mails.
    pub fn page_url(&self) -> String {
        format!("http://{}/", self.http_address)
    }

    /// All mails, in the order in which they came.
    pub fn messages(&self) -> Vec<CaughtMail> {
        self.inbox.messages()
    }

    /// The first mail, there already or yet to come, for which `wanted` holds; `None` after `timeout`.
    pub async fn wait_for(
        &self,
        wanted: impl Fn(&CaughtMail) -> bool,
        timeout: Duration,
    ) -> Option<CaughtMail> {
        let found = tokio::time::timeout(timeout, self.inbox.wait_for(wanted)).await;
        found.ok().flatten()
    }

    /// All mails that nobody has taken yet, in the order in which they came; from now on they are forgotten here.
    pub fn take(&self) -> Vec<CaughtMail> {
        self.inbox.take()
    }

    /// Forgets all mails.
    pub fn clear(&self) {
        self.inbox.clear();
    }

    /// Answers the next `deliveries` with `fault`, after those that were asked for before.
    pub fn fail_next(&self, deliveries: u32, fault: Fault) {
        self.inbox.fail_next(deliveries, fault);
    }

    /// From now on `chance` says of each delivery how it goes wrong, after those that were asked for by number.
    pub fn fail_by_chance(&self, chance: impl FnMut() -> Option<Fault> + Send + 'static) {
        self.inbox.faults_come_by(Some(Box::new(chance)));
    }

    /// From now on nothing goes wrong by chance.
    pub fn fail_no_more(&self) {
        self.inbox.faults_come_by(None);
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error only says that the thread has ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves until told to stop. Conversations still open end with the thread's runtime.
async fn serve(
    smtp: TcpListener,
    http: TcpListener,
    inbox: Arc<Inbox>,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let smtp = tokio::net::TcpListener::from_std(smtp)?;
    let server = pages::serve(http, Arc::clone(&inbox))?;
    let handle = server.handle();
    let pages = actix_web::rt::spawn(server);
    tokio::select! {
        () = smtp::serve(smtp, inbox) => (),
        _ = stopped => (),
    }
    handle.stop(false).await;
    pages.await.map_err(io::Error::other)?
}
