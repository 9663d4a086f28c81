//! Redirects, followed by hand: a library would turn a POST into a GET and drop the credential, or take it anywhere.

use reqwest::header::LOCATION;
use reqwest::{Response, Url};

use crate::{HostList, HostRefused};

/// How many redirects one call follows.
pub const HOPS_MAX: usize = 3;

/// Why a redirect was not followed. The credential was not sent there. The texts never repeat the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectRefused {
    /// It leads to an address that is not on the list.
    #[error("a redirect was not followed: {0}")]
    NotAllowed(#[from] HostRefused),
    /// It names no address.
    #[error("a redirect was not followed: it has no readable Location")]
    NoLocation,
    /// More than [`HOPS_MAX`] in a row.
    #[error("a redirect was not followed: there were {HOPS_MAX} before it")]
    TooMany,
}

/// Where an answer sends the call, as it is: method, body and credential are kept. `None` for an answer that is none of
/// 301, 302, 307 and 308.
pub(crate) fn target(
    from: &Url,
    response: &Response,
    hosts: &HostList,
) -> Result<Option<Url>, RedirectRefused> {
    if !matches!(response.status().as_u16(), 301 | 302 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    resolve(from, location.ok_or(RedirectRefused::NoLocation)?, hosts).map(Some)
}

/// A `Location` may be relative. What it says is judged as it was written: the parser would mend it first.
fn resolve(from: &Url, location: &str, hosts: &HostList) -> Result<Url, RedirectRefused> {
    if location.contains("://") && Url::parse(location).is_ok() {
        return Ok(hosts.check(location)?);
    }
    let joined = from
        .join(location)
        .map_err(|_| RedirectRefused::NoLocation)?;
    Ok(hosts.check(joined.as_str())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const FROM: &str = "https://api.lever.co/v1/stages?limit=100";

    fn to(location: &str) -> Result<String, RedirectRefused> {
        let hosts = HostList::new(["lever.co"]).expect("a host");
        let from = Url::parse(FROM).expect("an address");
        resolve(&from, location, &hosts).map(String::from)
    }

    #[rstest]
    #[case(
        "https://api.eu.lever.co/v1/stages",
        "https://api.eu.lever.co/v1/stages"
    )]
    #[case("/v2/stages?limit=1", "https://api.lever.co/v2/stages?limit=1")]
    #[case("//api.eu.lever.co/v1", "https://api.eu.lever.co/v1")]
    #[case("tags", "https://api.lever.co/v1/tags")]
    #[case(
        "/x?next=https://evil.example",
        "https://api.lever.co/x?next=https://evil.example"
    )]
    fn listed_targets_are_found(#[case] location: &str, #[case] url: &str) {
        assert_eq!(to(location).as_deref(), Ok(url));
    }

    #[rstest]
    #[case("https://evil.example/v1", HostRefused::NotListed)]
    #[case("//evil.example/v1", HostRefused::NotListed)]
    #[case("http://api.lever.co/v1", HostRefused::Scheme)]
    #[case("https://api.lever.co@evil.example/", HostRefused::UserInfo)]
    #[case("https://api.lever.co:8443/", HostRefused::Port)]
    #[case("https://lever.co.evil.example/", HostRefused::NotListed)]
    #[case("https://10.0.0.1/", HostRefused::IpLiteral)]
    #[case("http://127.0.0.1:9/", HostRefused::Scheme)]
    fn other_targets_are_refused(#[case] location: &str, #[case] why: HostRefused) {
        assert_eq!(to(location), Err(RedirectRefused::NotAllowed(why)));
    }

    proptest! {
        #[test]
        fn whatever_is_followed_is_https_on_a_listed_host(location in "(https?:|/|\\\\)?[a-z:/\\\\@.?#]{0,30}(lever\\.co)?[a-z:/@.?#]{0,20}") {
            if let Ok(url) = to(&location) {
                let url = Url::parse(&url).expect("an address");
                let host = url.host_str().expect("a host");
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(host == "lever.co" || host.ends_with(".lever.co"));
            }
        }
    }
}
