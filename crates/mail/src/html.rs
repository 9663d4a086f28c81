//! HTML made from the words of the plain text, so that both always say the same.

use askama::Template;

/// What the button of a mail to a candidate says.
pub(crate) const OPEN: &str = "Open the assessment";

/// What a line is made of.
enum Span<'a> {
    Words(&'a str),
    Link,
}

struct Paragraph<'a> {
    lines: Vec<Vec<Span<'a>>>,
    /// The first one that holds the link is followed by the button.
    button: bool,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page<'a> {
    subject: &'a str,
    link: &'a str,
    button: &'a str,
    paragraphs: Vec<Paragraph<'a>>,
}

/// One column of paragraphs; an empty line parts two of them. Wherever the link stands in the text it can be pressed,
/// and the first time it is a button too, which says `button`.
///
/// # Errors
///
/// What askama reports when it cannot write.
pub(crate) fn page(
    subject: &str,
    text: &str,
    link: &str,
    button: &str,
) -> Result<String, askama::Error> {
    let mut paragraphs: Vec<Paragraph> = blocks(text)
        .into_iter()
        .map(|lines| Paragraph {
            lines: lines.into_iter().map(|line| spans(line, link)).collect(),
            button: false,
        })
        .collect();
    if let Some(first) = paragraphs.iter_mut().find(|it| it.has_link()) {
        first.button = true;
    }
    let page = Page {
        subject,
        link,
        button,
        paragraphs,
    };
    page.render()
}

impl Paragraph<'_> {
    fn has_link(&self) -> bool {
        let mut spans = self.lines.iter().flatten();
        spans.any(|span| matches!(span, Span::Link))
    }
}

fn blocks(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let blocks = lines.split(|line| line.is_empty());
    blocks
        .filter(|block| !block.is_empty())
        .map(<[&str]>::to_vec)
        .collect()
}

fn spans<'a>(line: &'a str, link: &str) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for (index, words) in line.split(link).enumerate() {
        if index > 0 {
            spans.push(Span::Link);
        }
        if !words.is_empty() {
            spans.push(Span::Words(words));
        }
    }
    spans
}
