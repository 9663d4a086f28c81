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
    let manners = Rc::new(Cell::new(Manners::Answer));
    let delivery = Delivery::new(inbox, Rc::clone(&manners));
    let mut session = SessionBuilder::new("catcher").build(from, delivery);
    write.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    while read_line(&mut read, &mut line).await? {
        let response = session.process(&line);
        match manners.take() {
            Manners::Answer => {}
            Manners::AnswerAfter(wait) => tokio::time::sleep(wait).await,
            Manners::HangUp => return Ok(()),
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

/// How the conversation takes its next turn.
#[derive(Debug, Clone, Copy, Default)]
enum Manners {
    #[default]
    Answer,
    AnswerAfter(Duration),
    HangUp,
}

/// What one connection is about to hand over.
struct Delivery {
    inbox: Arc<Inbox>,
    /// Tells the conversation how to go on.
    manners: Rc<Cell<Manners>>,
    /// Drawn at the first recipient: `None` before.
    fault: Option<Option<Fault>>,
    recipients: Vec<String>,
    source: Vec<u8>,
}

impl Delivery {
    fn new(inbox: Arc<Inbox>, manners: Rc<Cell<Manners>>) -> Self {
        Self {
            inbox,
            manners,
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
            Some(Fault::Cut | Fault::Interrupted | Fault::Slow { .. }) | None => {
                self.recipients.push(to.to_owned());
                response::OK
            }
        }
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        if self.source.len() + line.len() > LARGEST_MAIL {
            return Err(io::Error::other("the mail is too large"));
        }
        if self.fault == Some(Some(Fault::Interrupted)) {
            self.manners.set(Manners::HangUp);
        }
        self.source.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let fault = self.fault.flatten();
        let recipients = std::mem::take(&mut self.recipients);
        self.inbox.take_in(recipients, &self.source, fault);
        self.manners.set(match fault {
            Some(Fault::Cut) => Manners::HangUp,
            Some(Fault::Slow { milliseconds }) => {
                Manners::AnswerAfter(Duration::from_millis(milliseconds))
            }
            _ => Manners::Answer,
        });
        response::OK
    }
}
