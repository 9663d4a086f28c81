//! One mail to one person, and its form on the wire.

use std::fmt;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, address::Envelope};
use url::Host;

use crate::SendError;
use crate::header_text::{header_text, is_unfit, plain_name};

const LONGEST_SUBJECT: usize = 200;

/// One mail to one person, as plain text and HTML.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Sent exactly as it stands, brackets included: `<…@host>`. A mail that is sent again keeps it.
    pub message_id: String,
    /// Whom it is from, as shown; links in it are left out.
    pub from_name: String,
    /// The vendor's address (`mail.from`), alone or as `Name <address>`; that name gives way to `from_name`.
    pub from_address: String,
    /// The one recipient.
    pub to_address: String,
    /// The recipient's name, as shown; may be empty; links in it are left out.
    pub to_name: String,
    /// Where answers go; has to pass [`is_mailable`](crate::is_mailable).
    pub reply_to: Option<String>,
    /// One line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
}

// Everything else in it is personal, or a link that opens an assessment.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.message_id)
    }
}

/// A message in the form in which a relay takes it.
pub(crate) struct Letter {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

impl Letter {
    /// Writes the message down.
    ///
    /// # Errors
    ///
    /// [`SendError::Rejected`] where the recipient's or the reply-to address cannot be mailed to,
    /// [`SendError::Misconfigured`] where the sender's cannot or the Message-ID is not one.
    pub(crate) fn write(message: &Message) -> Result<Self, SendError> {
        let to = address(&message.to_address).ok_or_else(|| {
            SendError::rejected("the recipient's address is not one that mail can be sent to")
        })?;
        let from = address(without_name(&message.from_address)).ok_or_else(|| {
            SendError::misconfigured("mail.from is not an address such as invitations@example.com")
        })?;
        let bytes = bytes_of(message, &from, &to)?;
        Ok(Self { from, to, bytes })
    }
}

fn bytes_of(message: &Message, from: &Address, to: &Address) -> Result<Vec<u8>, SendError> {
    let unbuildable = |_| SendError::misconfigured("the mail's head cannot be written");
    let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(unbuildable)?;
    let mut builder = lettre::Message::builder()
        .envelope(envelope)
        .message_id(Some(message_id(&message.message_id)?))
        .from(mailbox(&message.from_name, from))
        .to(mailbox(&message.to_name, to))
        .subject(header_text(&message.subject, LONGEST_SUBJECT))
        .raw_header(written_by_a_machine());
    if let Some(reply_to) = &message.reply_to {
        builder = builder.reply_to(Mailbox::new(None, reply_address(reply_to)?));
    }
    let bodies = MultiPart::alternative_plain_html(lines(&message.text), lines(&message.html));
    builder
        .multipart(bodies)
        .map(|letter| letter.formatted())
        .map_err(unbuildable)
}

/// Keeps holiday notices from answering (RFC 3834).
fn written_by_a_machine() -> HeaderValue {
    HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    )
}

fn mailbox(name: &str, address: &Address) -> Mailbox {
    let name = plain_name(name);
    Mailbox::new((!name.is_empty()).then_some(name), address.clone())
}

fn message_id(id: &str) -> Result<String, SendError> {
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>'));
    let fits = |inner: &str| {
        let shown = inner
            .chars()
            .all(|c| c.is_ascii_graphic() && !"<>".contains(c));
        shown && inner.len() <= 250 && inner.split('@').filter(|part| !part.is_empty()).count() == 2
    };
    match inner {
        Some(inner) if fits(inner) => Ok(id.to_owned()),
        _ => Err(SendError::misconfigured(
            "a Message-ID has to be of the form <name@host>, in plain characters",
        )),
    }
}

fn reply_address(text: &str) -> Result<Address, SendError> {
    address(text).ok_or_else(|| {
        SendError::rejected("the reply-to address is not one that mail can be sent to")
    })
}

/// Can mail be sent to this address? Stricter than the grammar: no quotes, no literal host, no name beside it.
pub fn is_mailable(address: &str) -> bool {
    self::address(address).is_some()
}

fn without_name(sender: &str) -> &str {
    let sender = sender.trim();
    let in_brackets = sender.strip_suffix('>').and_then(|it| it.rsplit_once('<'));
    in_brackets.map_or(sender, |(_name, address)| address)
}

/// An address that lettre can send to, its domain in ASCII. Quoted local parts and literal hosts parse, but no message
/// can be built with them.
fn address(text: &str) -> Option<Address> {
    let refused =
        is_unfit(text) || text.contains(|c: char| c.is_whitespace() || "\"[]<>(),;:\\".contains(c));
    let (user, domain) = text.rsplit_once('@').filter(|_| !refused)?;
    let domain = match domain.is_ascii() {
        true => domain.to_owned(),
        false => match Host::parse(domain) {
            Ok(Host::Domain(ascii)) => ascii,
            _ => return None,
        },
    };
    Address::new(user, domain).ok()
}

/// The text with plain line breaks (lettre makes them CRLF) and no character that a relay would stumble over.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

#[cfg(test)]
mod tests;
