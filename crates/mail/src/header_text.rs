//! Texts from outside, made fit for the head of a mail and for names in it.

/// The text on one line: control characters and line breaks become spaces, direction overrides and invisible
/// characters go, white space is collapsed, and no more than `most` characters are kept.
pub fn header_text(text: &str, most: usize) -> String {
    let visible = text.chars().filter(|c| !is_hidden(*c));
    let spaced: String = visible
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(most).collect();
    line.trim_end().to_owned()
}

/// A person's or an organization's name on one line, without anything that a mail program would turn into a link:
/// a candidate who calls himself "Win at https://…" must not make our invitation carry that link to someone else.
pub fn plain_name(name: &str) -> String {
    let line = header_text(name, 200);
    let words: Vec<&str> = line.split(' ').filter(|word| !is_link(word)).collect();
    header_text(&words.join(" "), 100)
}

/// A mail server's words for people to read: on one line, not long, and without the addresses that servers like to repeat.
pub(crate) fn tell(reply: &str) -> String {
    let words = reply
        .split_whitespace()
        .map(|word| match word.contains('@') {
            true => "…",
            false => word,
        });
    let line: Vec<&str> = words.collect();
    header_text(&line.join(" "), 300)
}

/// Does the text hold a character that no part of a mail's head may hold: control characters (CR, LF and NUL among
/// them) and those that turn the direction of writing or can't be seen?
pub(crate) fn is_unfit(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || is_hidden(c))
}

/// Bidirectional controls, and characters that take no room. The joiners U+200C and U+200D stay: Persian names and
/// many scripts of India are written with them.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' // direction
        | '\u{00AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' // unseen
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn is_link(word: &str) -> bool {
    let word = word.to_lowercase();
    word.contains("://") || word.contains("www.") || has_domain_before_slash(&word)
}

fn has_domain_before_slash(word: &str) -> bool {
    let Some((host, _path)) = word.split_once('/') else {
        return false;
    };
    // A port is part of what becomes a link.
    let host = host.split_once(':').map_or(host, |(name, _port)| name);
    let host = host.trim_start_matches(|c: char| !c.is_alphanumeric());
    match host.rsplit_once('.') {
        Some((name, end)) => {
            !name.is_empty() && end.chars().count() >= 2 && end.chars().all(char::is_alphanumeric)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_and_direction_overrides_never_reach_a_header() {
        assert_eq!(
            header_text("Zoë\r\nBcc: x@y.example\0\u{202E}!", 100),
            "Zoë Bcc: x@y.example !"
        );
        assert_eq!(header_text("  a\t b  ", 100), "a b");
        assert_eq!(header_text("abcd efgh", 5), "abcd");
        assert_eq!(header_text("نی\u{200C}لوفر", 100), "نی\u{200C}لوفر");
    }

    #[test]
    fn a_servers_words_lose_the_addresses_in_them() {
        assert_eq!(
            tell("550 5.1.1 <zoe@candidate.example>:\r\nno such user"),
            "550 5.1.1 … no such user"
        );
    }

    #[test]
    fn links_go_from_names() {
        for name in [
            "Zoë https://evil.example/now",
            "Zoë HTTP://evil.example",
            "Zoë (www.evil.example)",
            "Zoë evil.example/win",
            "Zoë (evil.example:8080/win)",
            "Zoë ht\u{200B}tps://evil.example",
        ] {
            assert_eq!(plain_name(name), "Zoë", "{name:?}");
        }
    }

    #[test]
    fn names_that_only_look_odd_stay() {
        for name in [
            "Acme Inc.",
            "Acme.com",
            "R&D/Berlin",
            "Mr. J. R. O'Neil-Ng",
            "A/S Møller",
            "Dr.X",
        ] {
            assert_eq!(plain_name(name), name);
        }
    }
}
