//! How texts are compared and capped.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizer;

/// The form under which two titles count as the same: NFKC, case folded, trimmed. "Straße" and "STRASSE" are alike.
pub fn fold(text: &str) -> String {
    let normal = ComposingNormalizer::new_nfkc();
    let folded = CaseMapper::new()
        .fold_string(&normal.normalize(text))
        .into_owned();
    folded.trim().to_owned()
}

/// The form under which a text typed by hand still counts as the one that was meant: NFC, trimmed, runs of white space as one
/// space, case folded. Unlike [`fold`] it keeps apart what only looks alike ("½" and "1⁄2").
pub fn loosely(text: &str) -> String {
    let normal = ComposingNormalizer::new_nfc();
    let folded = CaseMapper::new()
        .fold_string(&normal.normalize(text))
        .into_owned();
    let words: Vec<&str> = folded.split_whitespace().collect();
    normal.normalize(&words.join(" ")).into_owned()
}

/// The text without control characters (line breaks stay), trimmed, or `None` where it is longer than `most` characters.
pub fn limited(text: &str, most: usize) -> Option<String> {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let clean = clean.trim();
    (clean.chars().count() <= most).then(|| clean.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_people_read_as_equal_fold_to_one_key() {
        assert_eq!(fold("  Straße "), fold("STRASSE"));
        assert_eq!(fold("ﬁne"), fold("FINE"));
        assert_ne!(fold("Rust"), fold("Rust 2"));
    }

    #[test]
    fn what_hands_do_to_a_pasted_text_makes_no_difference() {
        assert_eq!(loosely(" Rust\u{a0}\t Basics\n"), loosely("rust basics"));
        assert_eq!(loosely("Cafe\u{301}"), loosely("CAFÉ"));
        assert_eq!(loosely("Straße"), loosely("STRASSE"));
        assert_ne!(loosely("½"), loosely("1⁄2"));
        assert_ne!(loosely("Rust-Basics"), loosely("Rust Basics"));
    }

    #[test]
    fn control_characters_go_and_long_texts_are_refused() {
        assert_eq!(limited(" a\u{0}b\n ", 10).as_deref(), Some("ab"));
        assert_eq!(limited("abcdef", 5), None);
    }
}
