//! The key with which Greenhouse calls, and how it is read from the header.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use subtle::ConstantTimeEq as _;

/// The most characters Greenhouse takes for a key: it has to be shorter than 171.
pub const KEY_LENGTH_MAX: usize = 170;

/// An organization's API key. It says who calls, and for whose data.
///
/// `Debug` shows nothing of it; reading it is spelled out, see [`expose`](Self::expose).
///
/// ```
/// use greenhouse_assessment::Key;
///
/// // base64("gh_demo:"), as Greenhouse sends it: the key is the user name, the password is empty.
/// let key = Key::from_authorization(b"Basic Z2hfZGVtbzo=")?;
/// assert!(key.matches("gh_demo"));
/// assert_eq!(format!("{key:?}"), "Key(…)");
/// # Ok::<(), greenhouse_assessment::NoKey>(())
/// ```
#[derive(Clone)]
pub struct Key(String);

/// A text that can be no key. The messages never repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadKey {
    /// Nothing there.
    #[error("the key is empty: write it in full")]
    Empty,
    /// 171 characters or more.
    #[error("the key is too long: Greenhouse takes fewer than 171 characters")]
    TooLong,
    /// A colon or a control character, which HTTP Basic forbids in a user name.
    #[error("the key holds a colon or a control character: use letters, digits, _ and - only")]
    Forbidden,
}

/// Why a header named no key. To the caller all of them are the same 401; the difference is for a vendor's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoKey {
    /// Not the scheme Basic.
    #[error("the Authorization header is not of the scheme Basic")]
    OtherScheme,
    /// What follows the scheme is not base64 of UTF-8 text.
    #[error("the Authorization header is not base64 of UTF-8 text")]
    Unreadable,
    /// The user name can be no key.
    #[error(transparent)]
    BadKey(#[from] BadKey),
}

impl Key {
    /// Takes the plain key.
    ///
    /// # Errors
    ///
    /// [`BadKey`] where Greenhouse or HTTP Basic could not carry it.
    pub fn new(text: impl Into<String>) -> Result<Self, BadKey> {
        let text = text.into();
        if text.is_empty() {
            return Err(BadKey::Empty);
        }
        if text.chars().nth(KEY_LENGTH_MAX).is_some() {
            return Err(BadKey::TooLong);
        }
        if text.contains(|c: char| c == ':' || c.is_control()) {
            return Err(BadKey::Forbidden);
        }
        Ok(Self(text))
    }

    /// Reads the value of an `Authorization` header.
    ///
    /// The scheme's case does not matter, nor do missing padding and spaces around the token. The user name ends at the
    /// first colon; without one all of it is the user name. The password is not looked at: Greenhouse sends none.
    ///
    /// # Errors
    ///
    /// [`NoKey`]; answer 401 to each.
    pub fn from_authorization(header: &[u8]) -> Result<Self, NoKey> {
        let header = header.trim_ascii();
        let (scheme, token) = header.split_at(header.len().min(5));
        if !scheme.eq_ignore_ascii_case(b"basic") || !token.starts_with(b" ") {
            return Err(NoKey::OtherScheme);
        }
        let pair = decode(token.trim_ascii()).ok_or(NoKey::Unreadable)?;
        let user_name = pair.split_once(':').map_or(pair.as_str(), |(user, _)| user);
        Ok(Self::new(user_name)?)
    }

    /// The key itself: to look it up by its hash, or to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is `other`, judged in constant time for keys of one length. For partners that hold one fixed key; with
    /// many, look up a hash.
    pub fn matches(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

fn decode(token: &[u8]) -> Option<String> {
    let bytes = STANDARD_PAD_INDIFFERENT.decode(token).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use rstest::rstest;

    fn read(header: &str) -> Result<String, NoKey> {
        Key::from_authorization(header.as_bytes()).map(|key| key.expose().to_owned())
    }

    fn basic(pair: &str) -> String {
        format!("Basic {}", STANDARD.encode(pair))
    }

    #[rstest]
    #[case::as_greenhouse_sends_it(basic("gh_a:"), "gh_a")]
    #[case::lower_case_scheme(basic("gh_a:").replace("Basic", "basic"), "gh_a")]
    #[case::upper_case_scheme(basic("gh_a:").replace("Basic", "BASIC"), "gh_a")]
    #[case::more_spaces(basic("gh_a:").replace(' ', "   ") + "  ", "gh_a")]
    #[case::without_padding(basic("gh_ab:").trim_end_matches('=').to_owned(), "gh_ab")]
    #[case::a_password_does_not_matter(basic("gh_a:secret"), "gh_a")]
    #[case::only_the_first_colon_counts(basic("gh_a::x:"), "gh_a")]
    #[case::no_colon(basic("gh_a"), "gh_a")]
    #[case::not_ascii(basic("schlüssel:"), "schlüssel")]
    #[case::longest(basic(&format!("{}:", "k".repeat(170))), &"k".repeat(170))]
    fn these_headers_name_a_key(#[case] header: String, #[case] key: &str) {
        assert_eq!(read(&header).as_deref(), Ok(key));
    }

    #[rstest]
    #[case::empty("", NoKey::OtherScheme)]
    #[case::scheme_alone("Basic", NoKey::OtherScheme)]
    #[case::scheme_runs_on("BasicZ2hfYTo=", NoKey::OtherScheme)]
    #[case::bearer("Bearer Z2hfYTo=", NoKey::OtherScheme)]
    #[case::not_base64("Basic gh_a:", NoKey::Unreadable)]
    #[case::not_utf8("Basic /////w==", NoKey::Unreadable)]
    #[case::space_inside("Basic Z2hf YTo=", NoKey::Unreadable)]
    #[case::blank_token("Basic  ", NoKey::OtherScheme)]
    #[case::no_user_name("Basic Og==", NoKey::BadKey(BadKey::Empty))]
    #[case::only_a_password("Basic OmdoX2E=", NoKey::BadKey(BadKey::Empty))]
    #[case::a_nul("Basic Z2gAYTo=", NoKey::BadKey(BadKey::Forbidden))]
    fn these_headers_name_none(#[case] header: &str, #[case] why: NoKey) {
        assert_eq!(read(header), Err(why));
    }

    #[test]
    fn a_key_of_171_characters_is_refused() {
        assert_eq!(
            read(&basic(&format!("{}:", "k".repeat(171)))),
            Err(NoKey::BadKey(BadKey::TooLong))
        );
    }

    #[test]
    fn keys_are_compared_whole() {
        let key = Key::new("gh_a").expect("a key");
        assert!(key.matches("gh_a"));
        assert!(!key.matches("gh_b"));
        assert!(!key.matches("gh_a_"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(header in any::<Vec<u8>>()) {
            let _ = Key::from_authorization(&header);
        }

        #[test]
        fn any_key_survives_the_header(text in "[^:\\p{Cc}]{1,170}", password in ".*") {
            prop_assert_eq!(read(&basic(&format!("{text}:{password}"))), Ok(text));
        }
    }
}
