//! From text to values. Each parser answers what is wrong and what to do, and shows no value that may be secret.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use ipnet::IpNet;
use secrecy::{SecretBox, SecretString};
use url::Url;

use crate::reader::Parsed;
use crate::sections::DatabaseUrl;

/// The shortest operator token.
const SHORTEST_TOKEN: usize = 32;
/// The longest name of the platform, in characters.
const LONGEST_NAME: usize = 100;

/// Does the host of a URL (a name, or an address with or without its brackets) lie on this machine?
pub fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => bare.eq_ignore_ascii_case("localhost"),
    }
}

pub(crate) fn flag(text: &str) -> Parsed<bool> {
    text.parse()
        .map_err(|_| format!("`{text}` has to be true or false"))
}

pub(crate) fn positive(text: &str) -> Parsed<u32> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("`{text}` has to be a whole number above 0")),
    }
}

/// 0 switches something off.
pub(crate) fn count(text: &str) -> Parsed<u32> {
    text.parse()
        .map_err(|_| format!("`{text}` has to be a whole number, 0 or more"))
}

pub(crate) fn seconds(text: &str) -> Parsed<Duration> {
    positive(text)
        .map(|seconds| Duration::from_secs(seconds.into()))
        .map_err(|_| format!("`{text}` has to be a whole number of seconds above 0"))
}

pub(crate) fn connections(text: &str) -> Parsed<usize> {
    match text.parse() {
        Ok(number) if (2..=1000).contains(&number) => Ok(number),
        _ => Err(format!(
            "`{text}` has to be a whole number from 2 to 1000: one for dashboard and exports, one for the rest"
        )),
    }
}

pub(crate) fn port(text: &str) -> Parsed<u16> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(format!("`{text}` has to be a port from 1 to 65535")),
    }
}

pub(crate) fn listener(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| {
        format!("`{text}` has to be an IP address and a port, like 127.0.0.1:8080 or [::1]:8080")
    })
}

pub(crate) fn network(text: &str) -> Parsed<IpNet> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("`{text}` has to be an address range, like 10.0.0.0/8 or fd00::/8"))
}

/// The base of our own links: `https`, or `http` on loopback.
pub(crate) fn public_url(text: &str) -> Parsed<String> {
    let url = plain_url(text)?;
    match url.scheme() {
        "https" => Ok(without_slash(&url)),
        "http" if has_loopback_host(&url) => Ok(without_slash(&url)),
        _ => Err("has to begin with https://; http:// is for loopback only".to_owned()),
    }
}

/// The base of an ATS: `https`, or `http` on loopback where that is allowed.
pub(crate) fn ats_url(text: &str, allow_loopback_http: bool) -> Parsed<Url> {
    let url = plain_url(text)?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if has_loopback_host(&url) && allow_loopback_http => Ok(url),
        "http" if has_loopback_host(&url) => Err(
            "has to begin with https://; for a sandbox on this machine set network.allow_loopback_http = true".to_owned(),
        ),
        _ => Err("has to begin with https://".to_owned()),
    }
}

/// Something that names an API without being called: Lever's `audience`.
pub(crate) fn audience(text: &str) -> Parsed<String> {
    plain_url(text).map(|_| text.to_owned())
}

fn plain_url(text: &str) -> Parsed<Url> {
    const SHAPE: &str = "has to be a URL with a host, like https://baton.example.com";
    let url = Url::parse(text).map_err(|_| SHAPE.to_owned())?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(SHAPE.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not hold a query or a fragment; give the base only".to_owned());
    }
    Ok(url)
}

fn has_loopback_host(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback_host)
}

fn without_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// A bare host name that stands for itself and its subdomains, or a loopback address for development.
pub(crate) fn host(text: &str) -> Parsed<String> {
    let name = text.to_ascii_lowercase();
    let is_bare_address = name.contains(':') && !name.starts_with('[');
    if (is_loopback_host(&name) && !is_bare_address) || is_host_name(&name) {
        return Ok(name);
    }
    Err(format!(
        "`{text}` has to be a bare host name, like greenhouse.io: no scheme, port, path or `*`; its subdomains are included"
    ))
}

/// Two labels or more, so that nobody lists a whole `io`; the last one not all digits, so that no IP address passes.
fn is_host_name(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let ends_in_letters = labels
        .last()
        .is_some_and(|label| !label.bytes().all(|byte| byte.is_ascii_digit()));
    name.len() <= 253
        && labels.len() > 1
        && ends_in_letters
        && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let characters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(characters)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// `sqlite://PATH` or `postgres://…`. The URL may hold a password, so it is never shown.
pub(crate) fn database(text: &str) -> Parsed<DatabaseUrl> {
    match text.split_once("://") {
        Some(("sqlite", path)) => sqlite(path),
        Some(("postgres" | "postgresql", _)) => postgres(text, cfg!(feature = "postgres-tls")),
        _ => Err("has to begin with sqlite:// or postgres://".to_owned()),
    }
}

fn sqlite(path: &str) -> Parsed<DatabaseUrl> {
    if path.is_empty() || path.ends_with('/') || path.contains(['?', '#']) || path == ":memory:" {
        return Err("has to name a file after sqlite://, like sqlite://data/baton.db or sqlite:///var/lib/baton/baton.db".to_owned());
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

fn postgres(text: &str, encrypts: bool) -> Parsed<DatabaseUrl> {
    let url =
        Url::parse(text).map_err(|error| format!("cannot be read as a PostgreSQL URL: {error}"))?;
    if !encrypts && !leads_to_this_machine(&url) {
        return Err(
            "names a PostgreSQL on another machine, and this build cannot encrypt the way there; \
             take a build with the feature postgres-tls"
                .to_owned(),
        );
    }
    Ok(DatabaseUrl::Postgres(text.into()))
}

/// A PostgreSQL URL names its host before the path or in the parameters `host` and `hostaddr`; none is a socket on this machine.
fn leads_to_this_machine(url: &Url) -> bool {
    let named = url
        .host_str()
        .map(|host| host.replace("%2F", "/").replace("%2f", "/"));
    let parameters = url
        .query_pairs()
        .filter(|(name, _)| name == "host" || name == "hostaddr")
        .map(|(_, host)| host.into_owned());
    named.into_iter().chain(parameters).all(|hosts| {
        hosts
            .split(',')
            .all(|host| host.is_empty() || host.starts_with(['/', '@']) || is_loopback_host(host))
    })
}

/// `smtp://` or `smtps://` with a host; may hold a password, so it is never shown.
pub(crate) fn relay(text: &str) -> Parsed<SecretString> {
    const SHAPE: &str = "has to be smtps://HOST (TLS from the start) or smtp://HOST (STARTTLS)";
    let url = Url::parse(text).map_err(|_| SHAPE.to_owned())?;
    let host = url.host_str().unwrap_or_default();
    if !matches!(url.scheme(), "smtp" | "smtps") || host.is_empty() {
        return Err(SHAPE.to_owned());
    }
    Ok(text.into())
}

/// An address, or a name with an address in angle brackets.
pub(crate) fn mailbox(text: &str) -> Parsed<String> {
    let address = match text.rsplit_once('<') {
        Some((_, address)) => address.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    if is_address(address) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` has to be an e-mail address, like tests@example.com or Example <tests@example.com>"
    ))
}

pub(crate) fn address(text: &str) -> Parsed<String> {
    if is_address(text) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` has to be an e-mail address, like operator@example.com"
    ))
}

fn is_address(text: &str) -> bool {
    let plain =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"(),;:".contains(c));
    let parts = text.split_once('@');
    plain
        && parts.is_some_and(|(local, domain)| {
            !local.is_empty()
                && (is_host_name(&domain.to_ascii_lowercase()) || domain == "localhost")
        })
}

pub(crate) fn name(text: &str) -> Parsed<String> {
    if text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        return Err(format!(
            "has to be one line of at most {LONGEST_NAME} characters"
        ));
    }
    Ok(text.to_owned())
}

pub(crate) fn plain(text: &str) -> Parsed<String> {
    Ok(text.to_owned())
}

pub(crate) fn secret(text: &str) -> Parsed<SecretString> {
    Ok(text.into())
}

/// A bearer token: long enough not to be guessed, of characters that a header carries.
pub(crate) fn operator_token(text: &str) -> Parsed<SecretString> {
    let length = text.chars().count();
    if length < SHORTEST_TOKEN {
        return Err(format!(
            "has {length} characters and needs {SHORTEST_TOKEN} or more; `openssl rand -hex 32` makes one"
        ));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has to be of letters, digits and signs without spaces".to_owned());
    }
    Ok(text.into())
}

/// A token that stands in the path of a URL.
pub(crate) fn path_token(text: &str) -> Parsed<SecretString> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !text.bytes().all(fits) {
        return Err("stands in a URL: use letters, digits and `-._~` only".to_owned());
    }
    Ok(text.into())
}

/// `id:base64(32 bytes)`.
pub(crate) fn encryption_key(text: &str) -> Parsed<(String, SecretBox<[u8; 32]>)> {
    const SHAPE: &str = "has to hold id:key pairs, the id of a-z, 0-9, `_` and `-` (at most 32), the key 32 bytes in base64; \
                         `openssl rand -base64 32` makes one";
    let (id, key) = text.split_once(':').ok_or(SHAPE)?;
    let id_fits = (1..=32).contains(&id.len())
        && id
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
    let bytes = STANDARD_PAD_INDIFFERENT.decode(key).ok();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    match bytes {
        Some(bytes) if id_fits => Ok((id.to_owned(), SecretBox::new(Box::new(bytes)))),
        _ => Err(SHAPE.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postgresql_elsewhere_needs_a_build_that_can_encrypt() {
        let problem = "names a PostgreSQL on another machine, and this build cannot encrypt the way there; take a build with the \
                       feature postgres-tls";
        for url in [
            "postgres://baton:pw@db.example.com/baton",
            "postgresql://10.0.0.1",
            "postgres:///baton?host=db.example.com",
            "postgres://localhost/baton?hostaddr=10.0.0.1",
        ] {
            assert_eq!(postgres(url, false).unwrap_err(), problem, "{url}");
            assert!(postgres(url, true).is_ok(), "{url}");
        }
    }
}
