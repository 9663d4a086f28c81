//! Which hosts may be called with a credential.

use url::{Host, Url};

/// A list of host names; each stands for itself and its subdomains.
///
/// For addresses that arrive from outside and are then called with a secret. [`check`](Self::check) judges the parsed
/// URL, since the same host has many spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostList {
    hosts: Vec<Host<String>>,
    allow_loopback_http: bool,
}

/// An entry of a [`HostList`] that is not a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host name: write it without scheme, port and path, like greenhouse.io")]
pub struct BadHost(String);

/// Why an address was refused. The messages never repeat the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostRefused {
    /// Not an absolute URL, or one with spaces, backslashes or control characters.
    #[error("this is not a complete web address: send one that starts with https://")]
    NotAUrl,
    /// Another scheme than https.
    #[error("this address is not https: send an https address")]
    Scheme,
    /// `user:password@` before the host.
    #[error("this address holds a user name or password: send it without")]
    UserInfo,
    /// Another port than 443.
    #[error("this address names a port: send one on the standard https port")]
    Port,
    /// An IP address in place of a name.
    #[error("this address names an IP address: send one with a host name")]
    IpLiteral,
    /// A host that is not on the list.
    #[error(
        "this address is on a host that is not allowed here: send one of the allowed hosts, or have the host added"
    )]
    NotListed,
}

impl HostList {
    /// Takes host names (`greenhouse.io`, `localhost`, `127.0.0.1`, `[::1]`); fails on anything else.
    ///
    /// IP addresses may be listed, but are only ever matched as loopback, see [`allow_loopback_http`](Self::allow_loopback_http).
    pub fn new<I>(hosts: I) -> Result<Self, BadHost>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let hosts = hosts
            .into_iter()
            .map(|host| parse_host(host.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            hosts,
            allow_loopback_http: false,
        })
    }

    /// For development: with `true`, `http` on any port of `127.0.0.1`, `localhost` or `[::1]` passes too, if that
    /// very host is listed.
    pub fn allow_loopback_http(mut self, allow: bool) -> Self {
        self.allow_loopback_http = allow;
        self
    }

    /// Parses `url` and says whether it may be called: https, port 443, no user info, no IP address, a listed host or
    /// a subdomain of one.
    pub fn check(&self, url: &str) -> Result<Url, HostRefused> {
        let parsed = parse(url)?;
        if parsed.scheme() == "http" && self.allow_loopback_http {
            self.check_loopback(&parsed)?;
        } else {
            self.check_public(&parsed)?;
        }
        Ok(parsed)
    }

    fn check_public(&self, url: &Url) -> Result<(), HostRefused> {
        if url.scheme() != "https" {
            return Err(HostRefused::Scheme);
        }
        if url.port().is_some() {
            return Err(HostRefused::Port);
        }
        match url.host() {
            Some(Host::Domain(name)) if self.lists(name) => Ok(()),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Err(HostRefused::IpLiteral),
            _ => Err(HostRefused::NotListed),
        }
    }

    fn check_loopback(&self, url: &Url) -> Result<(), HostRefused> {
        let host = url.host().ok_or(HostRefused::NotAUrl)?.to_owned();
        if !is_loopback(&host) {
            return Err(HostRefused::Scheme);
        }
        if self.hosts.contains(&host) {
            Ok(())
        } else {
            Err(HostRefused::NotListed)
        }
    }

    fn lists(&self, name: &str) -> bool {
        self.hosts
            .iter()
            .any(|host| matches!(host, Host::Domain(listed) if covers(listed, name)))
    }
}

/// `greenhouse.io` covers itself and `app.greenhouse.io`, not `notgreenhouse.io`.
fn covers(listed: &str, name: &str) -> bool {
    name.strip_suffix(listed)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Only the three usual spellings: the URL parser turns `0x7f.1` into `127.0.0.1` before this sees it.
fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => *address == std::net::Ipv4Addr::LOCALHOST,
        Host::Ipv6(address) => *address == std::net::Ipv6Addr::LOCALHOST,
    }
}

/// Whether a credential may go there at all: https, or loopback.
///
/// ```
/// # use url::Url;
/// assert!(ats_http::is_secure(&Url::parse("https://api.lever.co")?));
/// assert!(ats_http::is_secure(&Url::parse("http://127.0.0.1:8090")?));
/// assert!(!ats_http::is_secure(&Url::parse("http://api.lever.co")?));
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn is_secure(url: &Url) -> bool {
    let loopback = || url.host().is_some_and(|host| is_loopback(&host.to_owned()));
    url.scheme() == "https" || (url.scheme() == "http" && loopback())
}

fn parse_host(text: &str) -> Result<Host<String>, BadHost> {
    let bad = || BadHost(text.to_owned());
    let name = text.trim();
    let host = match name.parse() {
        Ok(address) => Host::Ipv6(address),
        Err(_) => Host::parse(name).map_err(|_| bad())?,
    };
    match &host {
        Host::Domain(name) if !is_name(name) => Err(bad()),
        _ => Ok(host),
    }
}

/// Labels of letters, digits and hyphens: the URL standard would take `*.greenhouse.io` too.
fn is_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Stricter than the URL standard, which mends `https:\\host`, stray tabs and an empty `@` before anyone can look.
fn parse(text: &str) -> Result<Url, HostRefused> {
    let forbidden = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.contains(forbidden) {
        return Err(HostRefused::NotAUrl);
    }
    let (_, rest) = text.split_once("://").ok_or(HostRefused::NotAUrl)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(HostRefused::NotAUrl);
    }
    if authority.contains('@') {
        return Err(HostRefused::UserInfo);
    }
    Url::parse(text).map_err(|_| HostRefused::NotAUrl)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn greenhouse() -> HostList {
        HostList::new(["greenhouse.io"]).expect("a host name")
    }

    fn development() -> HostList {
        HostList::new(["greenhouse.io", "127.0.0.1", "localhost", "::1"])
            .expect("host names")
            .allow_loopback_http(true)
    }

    #[rstest]
    #[case("https://greenhouse.io/")]
    #[case("https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1")]
    #[case("https://app15.greenhouse.io/x?y=z")]
    #[case("https://app.eu.greenhouse.io/x")]
    #[case("https://APP.Greenhouse.IO/x")]
    #[case("https://app.greenhouse.io:443/x")]
    #[case("https://app.greenhouse.io")]
    fn listed_hosts_and_subdomains_pass(#[case] url: &str) {
        assert!(greenhouse().check(url).is_ok());
        assert!(development().check(url).is_ok());
    }

    #[rstest]
    #[case("http://app.greenhouse.io/", HostRefused::Scheme)]
    #[case("ftp://app.greenhouse.io/", HostRefused::Scheme)]
    #[case("file:///etc/passwd", HostRefused::NotAUrl)]
    #[case("https://notgreenhouse.io/", HostRefused::NotListed)]
    #[case("https://greenhouse.io.evil.example/", HostRefused::NotListed)]
    #[case("https://greenhouse.io./", HostRefused::NotListed)]
    #[case("https://evil.example/greenhouse.io", HostRefused::NotListed)]
    #[case("https://evil.example#.greenhouse.io", HostRefused::NotListed)]
    #[case("https://evil.example?.greenhouse.io", HostRefused::NotListed)]
    #[case("https://app.greenhouse.io:8443/", HostRefused::Port)]
    #[case("https://app.greenhouse.io:80/", HostRefused::Port)]
    #[case("https://user@app.greenhouse.io/", HostRefused::UserInfo)]
    #[case("https://user:pass@app.greenhouse.io/", HostRefused::UserInfo)]
    #[case("https://app.greenhouse.io@evil.example/", HostRefused::UserInfo)]
    #[case("https://@app.greenhouse.io/", HostRefused::UserInfo)]
    #[case("https://127.0.0.1/", HostRefused::IpLiteral)]
    #[case("https://0x7f.1/", HostRefused::IpLiteral)]
    #[case("https://2130706433/", HostRefused::IpLiteral)]
    #[case("https://[::1]/", HostRefused::IpLiteral)]
    #[case("https://[::ffff:10.0.0.1]/", HostRefused::IpLiteral)]
    #[case("http://127.0.0.1:4000/", HostRefused::Scheme)]
    #[case("https:app.greenhouse.io/", HostRefused::NotAUrl)]
    #[case("https:\\\\app.greenhouse.io/", HostRefused::NotAUrl)]
    #[case("https://evil.example\\@app.greenhouse.io/", HostRefused::NotAUrl)]
    #[case("https://app.green\thouse.io/", HostRefused::NotAUrl)]
    #[case(" https://app.greenhouse.io/", HostRefused::NotAUrl)]
    #[case("https://app.greenhouse.io/\0", HostRefused::NotAUrl)]
    #[case("app.greenhouse.io/x", HostRefused::NotAUrl)]
    #[case("https:///x", HostRefused::NotAUrl)]
    #[case("", HostRefused::NotAUrl)]
    fn everything_else_is_refused(#[case] url: &str, #[case] why: HostRefused) {
        assert_eq!(greenhouse().check(url), Err(why));
    }

    #[rstest]
    #[case("http://127.0.0.1:4000/x")]
    #[case("http://localhost/x")]
    #[case("http://[::1]:9/x")]
    fn development_lets_listed_loopback_pass(#[case] url: &str) {
        assert!(development().check(url).is_ok());
        assert_eq!(
            greenhouse().allow_loopback_http(true).check(url),
            Err(HostRefused::NotListed)
        );
        assert_eq!(
            development().allow_loopback_http(false).check(url),
            Err(HostRefused::Scheme)
        );
    }

    #[rstest]
    #[case("http://10.0.0.1/", HostRefused::Scheme)]
    #[case("http://127.0.0.2/", HostRefused::Scheme)]
    #[case("http://evil.localhost/", HostRefused::Scheme)]
    #[case("http://app.greenhouse.io/", HostRefused::Scheme)]
    #[case("http://user@127.0.0.1/", HostRefused::UserInfo)]
    #[case("https://127.0.0.1/", HostRefused::IpLiteral)]
    fn development_stays_strict_elsewhere(#[case] url: &str, #[case] why: HostRefused) {
        assert_eq!(development().check(url), Err(why));
    }

    #[rstest]
    #[case("https://greenhouse.io")]
    #[case("greenhouse.io:443")]
    #[case("greenhouse.io/x")]
    #[case(".greenhouse.io")]
    #[case("*.greenhouse.io")]
    #[case("")]
    fn entries_have_to_be_host_names(#[case] entry: &str) {
        assert!(HostList::new([entry]).is_err());
    }

    #[test]
    fn an_empty_list_lets_nothing_pass() {
        let none = HostList::new(Vec::<String>::new()).expect("no entries, no fault");
        assert_eq!(
            none.check("https://app.greenhouse.io/"),
            Err(HostRefused::NotListed)
        );
    }

    proptest! {
        #[test]
        fn whatever_passes_is_https_on_a_listed_host(url in "https?://[a-z0-9@:.\\\\/?#\\[\\]%-]{0,40}greenhouse\\.io[a-z0-9@:.\\\\/?#-]{0,20}") {
            if let Ok(parsed) = greenhouse().check(&url) {
                let host = parsed.host_str().expect("checked URLs have a host");
                prop_assert!(host == "greenhouse.io" || host.ends_with(".greenhouse.io"));
                prop_assert_eq!(parsed.scheme(), "https");
                prop_assert_eq!(parsed.port_or_known_default(), Some(443));
            }
        }

        #[test]
        fn any_text_is_judged_without_a_panic(url in ".*") {
            let _ = development().check(&url);
        }
    }
}
