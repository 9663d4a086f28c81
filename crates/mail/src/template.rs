//! An organization's own words: plain text with placeholders.

/// What a template may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placeholder {
    FirstName,
    Assessment,
    Organization,
    Link,
    Deadline,
    Minutes,
}

impl Placeholder {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "first_name" => Some(Self::FirstName),
            "assessment" => Some(Self::Assessment),
            "organization" => Some(Self::Organization),
            "link" => Some(Self::Link),
            "deadline" => Some(Self::Deadline),
            "minutes" => Some(Self::Minutes),
            _ => None,
        }
    }
}

/// A template names something that no invitation has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "There is no placeholder {{{{{name}}}}}. Use {{{{first_name}}}}, {{{{assessment}}}}, {{{{organization}}}}, {{{{link}}}}, {{{{deadline}}}} or {{{{minutes}}}}"
)]
pub struct UnknownPlaceholder {
    /// The name between the braces, as written.
    pub name: String,
}

enum Piece<'a> {
    Words(&'a str),
    Value(Placeholder),
}

/// A template that was read: its words and its placeholders in order.
pub(crate) struct Template<'a>(Vec<Piece<'a>>);

/// Checks a subject or body before it is kept.
///
/// # Errors
///
/// [`UnknownPlaceholder`] for the first name that is not one of `first_name`, `assessment`, `organization`, `link`,
/// `deadline` and `minutes`.
pub fn check_template(text: &str) -> Result<(), UnknownPlaceholder> {
    Template::parse(text).map(|_| ())
}

impl<'a> Template<'a> {
    /// Reads a template. Braces that never close are words.
    pub(crate) fn parse(text: &'a str) -> Result<Self, UnknownPlaceholder> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, opened)) = rest.split_once("{{") {
            let Some((name, after)) = opened.split_once("}}") else {
                break;
            };
            pieces.push(Piece::Words(before));
            pieces.push(Piece::Value(named(name.trim())?));
            rest = after;
        }
        pieces.push(Piece::Words(rest));
        Ok(Self(pieces))
    }

    /// Is the placeholder in it?
    pub(crate) fn asks_for(&self, wanted: Placeholder) -> bool {
        let is_wanted = |piece: &Piece| matches!(piece, Piece::Value(it) if *it == wanted);
        self.0.iter().any(is_wanted)
    }

    /// The words with every placeholder's value in its place. Values are not read for placeholders again.
    pub(crate) fn fill<'v>(&self, value: impl Fn(Placeholder) -> &'v str) -> String {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Value(placeholder) => value(*placeholder),
        });
        texts.collect()
    }
}

fn named(name: &str) -> Result<Placeholder, UnknownPlaceholder> {
    Placeholder::parse(name).ok_or_else(|| UnknownPlaceholder {
        name: crate::header_text(name, 60),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_six_placeholders_pass_and_any_other_is_named() {
        let all =
            "{{first_name}} {{ assessment }} {{organization}} {{link}} {{deadline}} {{minutes}}";
        assert_eq!(check_template(all), Ok(()));
        let unknown = check_template("Hi {{first_name}}, {{ surname }}").expect_err("unknown");
        assert_eq!(unknown.name, "surname");
        assert_eq!(
            unknown.to_string(),
            "There is no placeholder {{surname}}. Use {{first_name}}, {{assessment}}, {{organization}}, {{link}}, \
             {{deadline}} or {{minutes}}"
        );
        assert!(check_template("{{}}").is_err());
        assert!(check_template("{{First_Name}}").is_err());
    }

    #[test]
    fn braces_that_are_no_placeholder_are_words() {
        for text in ["{", "}}", "{{ never closed", "{ {link} }", "a { b } c"] {
            let filled = Template::parse(text).expect("words").fill(|_| "x");
            assert_eq!(filled, text);
        }
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_read_again() {
        let template = Template::parse("Hi {{first_name}}").expect("a template");
        assert_eq!(template.fill(|_| "{{link}}"), "Hi {{link}}");
    }

    proptest! {
        #[test]
        fn reading_never_fails_but_for_an_unknown_name(text in "[{} a-z_\n]{0,60}") {
            if let Err(UnknownPlaceholder { name }) = check_template(&text) {
                prop_assert!(Placeholder::parse(&name).is_none());
            }
        }
    }
}
