//! The SMTP side: one conversation per connection, led by mailin's state machine.

use std::cell::Cell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::faults::Fault;
use super::inbox::Inbox;

const LONGEST_LINE: u64 = 64 * 1024;
const LARGEST_MAIL: usize = 16 * 1024 * 1024;

/// Takes connections until it is dropped.
pub(super) async fn serve(listener: TcpListener, inbox: Arc<Inbox>) {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                actix_web::rt::spawn(converse(stream, from, Arc::clone(&inbox)));
            }
            Err(error) => {
                tracing::warn!(%error, "the mail catcher could not take a connection");
                // Out of file handles: give the others time to close theirs.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

// A conversation that breaks off is the other side's choice: nothing to report.
async fn converse(stream: TcpStream, from: SocketAddr, inbox: Arc<Inbox>) {
    let _ = try_converse(stream, from.ip(), inbox).await;
}

async fn try_converse(stream: TcpStream, from: IpAddr, inbox: Arc<Inbox>) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    let cut = Rc::new(Cell::new(false));
    let delivery = Delivery::new(inbox, Rc::clone(&cut));
    let mut session = SessionBuilder::new("catcher").build(from, delivery);
    write.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    while read_line(&mut read, &mut line).await? {
        let response = session.process(&line);
        if cut.get() {
            return Ok(());
        }
        if response.action != Action::NoReply {
            write.write_all(&response.buffer()?).await?;
        }
        if response.action == Action::Close {
            return Ok(());
        }
    }
    Ok(())
}

async fn read_line(
    read: &mut (impl AsyncBufReadExt + Unpin),
    line: &mut Vec<u8>,
) -> io::Result<bool> {
    line.clear();
    let length = read.take(LONGEST_LINE).read_until(b'\n', line).await?;
    Ok(length > 0)
}

/// What one connection is about to hand over.
struct Delivery {
    inbox: Arc<Inbox>,
    /// Tells the conversation to hang up without an answer.
    cut: Rc<Cell<bool>>,
    /// Drawn at the first recipient: `None` before.
    fault: Option<Option<Fault>>,
    recipients: Vec<String>,
    source: Vec<u8>,
}

impl Delivery {
    fn new(inbox: Arc<Inbox>, cut: Rc<Cell<bool>>) -> Self {
        Self {
            inbox,
            cut,
            fault: None,
            recipients: Vec::new(),
            source: Vec::new(),
        }
    }
}

impl Handler for Delivery {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, _from: &str) -> Response {
        self.fault = None;
        self.recipients.clear();
        self.source.clear();
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let inbox = &self.inbox;
        match self.fault.get_or_insert_with(|| inbox.next_fault()) {
            Some(Fault::Temporary) => Response::custom(451, "4.7.1 Try again later".to_owned()),
            Some(Fault::Permanent) => Response::custom(550, format!("5.1.1 <{to}>: no such user")),
            Some(Fault::Cut) | None => {
                self.recipients.push(to.to_owned());
                response::OK
            }
        }
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if self.source.len() + line.len() > LARGEST_MAIL {
            return Err(io::Error::other("the mail is too large"));
        }
        self.source.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.inbox
            .take_in(std::mem::take(&mut self.recipients), &self.source);
        self.cut.set(self.fault == Some(Some(Fault::Cut)));
        response::OK
    }
}
