//! One mail that was taken in, read into its parts.

use mail_parser::{Address, Message, MessageParser};
use serde::Serialize;

use super::faults::Fault;

/// One mail as it came over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaughtMail {
    /// 1, 2, … in the order of coming.
    pub number: u64,
    /// As sent, brackets included.
    pub message_id: String,
    /// The sender's address.
    pub from: String,
    /// The sender's name as shown.
    pub from_name: String,
    /// The addresses in the head.
    pub to: Vec<String>,
    /// The addresses the relay was asked to deliver to.
    pub recipients: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, where there is some.
    pub html: Option<String>,
    /// Each link in text and HTML, once, in order.
    pub links: Vec<String>,
    /// How its delivery went wrong for the sender, though the mail was taken.
    pub fault: Option<Fault>,
}

impl CaughtMail {
    /// Reads what came after DATA. What cannot be read is left empty: a catcher shows what it can.
    pub(super) fn read(number: u64, recipients: Vec<String>, source: &[u8]) -> Self {
        let message = MessageParser::default().parse(source).unwrap_or_default();
        let text = lines(&message.body_text(0).unwrap_or_default());
        let html = html_of(&message);
        let from = message.from().and_then(Address::first);
        Self {
            number,
            message_id: message_id(&message),
            from: from
                .and_then(|it| it.address())
                .unwrap_or_default()
                .to_owned(),
            from_name: from.and_then(|it| it.name()).unwrap_or_default().to_owned(),
            to: addresses(message.to()),
            recipients,
            reply_to: addresses(message.reply_to()).into_iter().next(),
            subject: message.subject().unwrap_or_default().to_owned(),
            links: links(&text, html.as_deref().unwrap_or_default()),
            text,
            html,
            fault: None,
        }
    }

    /// The link an invitation is about: the first one.
    pub fn link(&self) -> Option<&str> {
        self.links.first().map(String::as_str)
    }
}

fn message_id(message: &Message) -> String {
    let raw = message.header_raw("Message-ID").unwrap_or_default();
    raw.trim().to_owned()
}

/// Line breaks as they were before the mail was put on the wire.
fn lines(body: &str) -> String {
    body.replace("\r\n", "\n")
}

fn html_of(message: &Message) -> Option<String> {
    let mut bodies = message.html_bodies();
    let body = bodies.find(|body| body.is_text_html())?;
    body.text_contents().map(lines)
}

fn addresses(header: Option<&Address>) -> Vec<String> {
    let all = header.into_iter().flat_map(|addresses| addresses.iter());
    all.filter_map(|it| it.address().map(str::to_owned))
        .collect()
}

fn links(text: &str, html: &str) -> Vec<String> {
    let mut links = Vec::new();
    let read = |link: &str| link.replace("&amp;", "&").replace("&#38;", "&");
    let in_html = links_in(html).map(read);
    for link in links_in(text).map(str::to_owned).chain(in_html) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

fn links_in(text: &str) -> impl Iterator<Item = &str> {
    let starts = text
        .match_indices("http")
        .map(|(start, _)| &text[start..])
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    starts.map(|rest| {
        let end = rest.find(|c: char| c.is_whitespace() || "<>\"'`".contains(c));
        let link = &rest[..end.unwrap_or(rest.len())];
        link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_once_and_without_the_full_stop_behind_them() {
        let text = "See https://a.example/x?b=1&c=2. Or (http://127.0.0.1:80/y).";
        let html = "<a href=\"https://a.example/x?b=1&amp;c=2\">https://a.example/x?b=1&#38;c=2</a> https://b.example";
        let expected = [
            "https://a.example/x?b=1&c=2",
            "http://127.0.0.1:80/y",
            "https://b.example",
        ];
        assert_eq!(links(text, html), expected);
    }

    #[test]
    fn what_is_no_mail_is_kept_all_the_same() {
        let mail = CaughtMail::read(1, vec!["a@b.example".into()], b"\xff\x00nonsense");
        assert_eq!(mail.recipients, ["a@b.example"]);
        assert!(mail.links.is_empty());
    }
}
