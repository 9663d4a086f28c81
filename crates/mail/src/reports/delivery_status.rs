//! A report as servers mail it back: `multipart/report` with a part of fields and the returned mail, or its head.

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::{Notice, NoticeKind, Unreadable, detail, message_id};

/// What can open a part within a part, and how often a sound report may hold it: the parser keeps nested mails within each
/// other, and dropping some ten thousand of them would take more stack than a thread has.
const NESTING: [&[u8]; 4] = [b"rfc822", b"global", b"digest", b"boundary"];
const MOST_NESTING: usize = 100;

pub(super) fn parse(content_type: &str, body: &[u8]) -> Result<Vec<Notice>, Unreadable> {
    if NESTING.iter().any(|word| holds_too_many(body, word)) {
        return Err(Unreadable::TooDeep);
    }
    if let Some(found) = read(body) {
        return found;
    }
    // The report's own head may have become the head of the call.
    let whole = with_head(content_type, body).ok_or(Unreadable::NoReport)?;
    read(&whole).unwrap_or(Err(Unreadable::NoReport))
}

fn holds_too_many(body: &[u8], word: &[u8]) -> bool {
    let found = body
        .windows(word.len())
        .filter(|window| window.eq_ignore_ascii_case(word));
    found.take(MOST_NESTING + 1).count() > MOST_NESTING
}

fn with_head(content_type: &str, body: &[u8]) -> Option<Vec<u8>> {
    let kind = content_type.trim();
    let multipart = kind
        .get(.."multipart/".len())
        .is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    let fits = multipart && !kind.contains(['\r', '\n']);
    fits.then(|| [b"Content-Type: ", kind.as_bytes(), b"\r\n\r\n", body].concat())
}

/// Reads what a report needs, and undoes no encoding: RFC 3464 wants none, and what is encoded could hide the nesting that was
/// looked for.
fn parser() -> MessageParser {
    MessageParser::new()
        .header_content_type(HeaderName::ContentType)
        .header_id(HeaderName::MessageId)
        .default_header_ignore()
}

/// None where it is no report.
fn read(bytes: &[u8]) -> Option<Result<Vec<Notice>, Unreadable>> {
    let message = parser().parse(bytes)?;
    let said = message.parts.iter().find_map(what_is_said)?;
    Some(match original_message_id(&message) {
        Some(message_id) => Ok(said
            .into_iter()
            .map(|(kind, detail)| Notice {
                message_id: message_id.clone(),
                kind,
                detail,
            })
            .collect()),
        None => Err(Unreadable::NoMessageId),
    })
}

type Said = Vec<(NoticeKind, Option<String>)>;

fn what_is_said(part: &MessagePart<'_>) -> Option<Said> {
    let kind = part.content_type()?;
    if !kind.ctype().eq_ignore_ascii_case("message") {
        return None;
    }
    let fields = text_of(part)?;
    match kind.subtype()?.to_ascii_lowercase().as_str() {
        "delivery-status" | "global-delivery-status" => Some(delivery(&fields)),
        "feedback-report" => Some(feedback(&fields)),
        _ => None,
    }
}

fn text_of<'a>(part: &'a MessagePart<'_>) -> Option<Cow<'a, str>> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(Cow::Borrowed(text)),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes))
        }
        PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

/// One for each recipient that the report speaks of: a mail of ours has one, and a server that forwards it may name others.
fn delivery(fields: &str) -> Said {
    groups(fields)
        .iter()
        .filter_map(|group| {
            let action = value(group, "Action").map(str::to_ascii_lowercase);
            let status = value(group, "Status").unwrap_or_default();
            let kind = kind(action.as_deref(), status)?;
            let why = value(group, "Diagnostic-Code").unwrap_or(status);
            Some((kind, detail(without_type(why))))
        })
        .collect()
}

/// "failed" is for good, whatever the status: RFC 3464, 2.3.3. Without it the class of the status decides.
fn kind(action: Option<&str>, status: &str) -> Option<NoticeKind> {
    match action {
        Some("failed") => Some(NoticeKind::Bounced),
        Some("delayed") => Some(NoticeKind::Delayed),
        Some("delivered") => Some(NoticeKind::Delivered),
        // Handed on to a server that sends no reports, or to a list: nobody knows what became of it.
        Some("relayed" | "expanded") => None,
        _ => match status.trim().as_bytes().first() {
            Some(b'5') => Some(NoticeKind::Bounced),
            Some(b'4') => Some(NoticeKind::Delayed),
            Some(b'2') => Some(NoticeKind::Delivered),
            _ => None,
        },
    }
}

fn feedback(fields: &str) -> Said {
    let all = groups(fields).concat();
    match value(&all, "Feedback-Type") {
        Some(kind) if !kind.eq_ignore_ascii_case("not-spam") => {
            vec![(NoticeKind::Complained, detail(kind))]
        }
        _ => Vec::new(),
    }
}

/// `smtp; 550 5.1.1 no such user`: the type says nothing to people.
fn without_type(code: &str) -> &str {
    match code.split_once(';') {
        Some((kind, words)) if !kind.trim().contains(char::is_whitespace) => words,
        _ => code,
    }
}

type Fields = Vec<(String, String)>;

/// Fields, in groups that an empty line parts. A line that begins with space goes on with the one before.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups = vec![Fields::new()];
    for line in text.lines() {
        let fields = groups.last_mut().expect("there is always one");
        if line.trim().is_empty() {
            if !fields.is_empty() {
                groups.push(Fields::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    groups
}

fn value<'a>(fields: &'a Fields, wanted: &str) -> Option<&'a str> {
    let found = fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.as_str())
}

/// The Message-ID of the returned mail, of which there may be only the head.
fn original_message_id(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(returned) => returned.message_id().and_then(message_id),
        PartType::Text(_) | PartType::Html(_) | PartType::Binary(_) | PartType::InlineBinary(_)
            if is_head(part) =>
        {
            let fields = groups(&text_of(part)?).into_iter().next()?;
            value(&fields, "Message-ID").and_then(message_id)
        }
        _ => None,
    })
}

fn is_head(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default();
        subtype.eq_ignore_ascii_case("rfc822-headers")
            || subtype.eq_ignore_ascii_case("global-headers")
            || subtype.eq_ignore_ascii_case("rfc822")
    })
}
