//! HTTP Basic as Greenhouse speaks it: the key is the user name, the password is empty.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::secret::shortened;

/// The `Authorization` header for a user name and a password.
pub(crate) fn header(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// User name and password of an `Authorization` header; none when it is no Basic header.
pub(crate) fn parse(header: &str) -> Option<(String, String)> {
    let (scheme, token) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(token.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    let (user, password) = pair.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// What the log shows of an `Authorization` header.
pub(crate) fn redacted(header: &str) -> String {
    match parse(header) {
        Some((user, password)) if password.is_empty() => {
            format!("Basic {}, empty password", shortened(&user))
        }
        Some((user, _)) => format!("Basic {}, with a password", shortened(&user)),
        None => "not a Basic header".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Basic a2V5Og==", Some(("key", "")))]
    #[case("basic  a2V5OnB3", Some(("key", "pw")))]
    #[case("Bearer a2V5Og==", None)]
    #[case("Basic !!!", None)]
    #[case("Basic a2V5", None)]
    fn reads_what_a_client_sends(#[case] header: &str, #[case] expected: Option<(&str, &str)>) {
        let expected = expected.map(|(user, password)| (user.to_owned(), password.to_owned()));
        assert_eq!(parse(header), expected);
    }

    #[test]
    fn greenhouse_appends_the_colon_itself() {
        assert_eq!(header("key", ""), "Basic a2V5Og==");
    }

    #[test]
    fn the_log_never_holds_a_whole_key() {
        let shown = redacted(&header("gh_0123456789abcdef0123456789", ""));
        assert_eq!(shown, "Basic gh_012… (29 characters), empty password");
    }
}
