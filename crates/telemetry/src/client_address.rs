//! Where a call comes from. Forwarding headers count only as far as the proxies that wrote them are ours.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap};
use ipnet::IpNet;

/// The caller's address, told by the connection and, as far as they are among `trusted`, the proxies before it; none where
/// the connection has no address, as in tests.
pub fn client_address(call: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = call.peer_addr()?.ip().to_canonical();
    Some(behind_proxies(peer, call.headers(), trusted))
}

/// Walks back from the peer, one proxy of ours after the other, to the first address that is not one.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let ours = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    for before in forwarded(headers).into_iter().rev() {
        match before {
            Some(before) if ours(&address) => address = before,
            _ => break,
        }
    }
    address
}

/// The addresses that proxies wrote down, the nearest last; none for what is no address.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let standard = listed(headers, &header::FORWARDED);
    if !standard.is_empty() {
        return standard.into_iter().map(for_pair).collect();
    }
    let usual = listed(headers, &header::X_FORWARDED_FOR);
    usual.into_iter().map(address).collect()
}

fn listed<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Vec<&'a str> {
    let lines = headers.get_all(name).filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect()
}

/// The `for=` of one element of `Forwarded` (RFC 7239).
fn for_pair(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let mut ours = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    address(ours.next()?.1.trim().trim_matches('"'))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']').parse();
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    bare.or_else(|_| with_port())
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(peer: &str, headers: &[(&str, &str)]) -> String {
        let mut call = TestRequest::default().peer_addr(peer.parse().expect("an address"));
        for header in headers {
            call = call.append_header(*header);
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network"));
        let address = client_address(&call.to_http_request(), &trusted);
        address.expect("there is a peer").to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let forged = [("X-Forwarded-For", "192.0.2.7")];
        assert_eq!(seen("198.51.100.1:5", &forged), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:5", &forged), "192.0.2.7");
        let chain = [("X-Forwarded-For", "203.0.113.9, 192.0.2.7, 10.0.0.2")];
        assert_eq!(seen("10.0.0.1:5", &chain), "192.0.2.7");
        let two_lines = [
            ("X-Forwarded-For", "192.0.2.7"),
            ("X-Forwarded-For", "10.0.0.2"),
        ];
        assert_eq!(seen("10.0.0.1:5", &two_lines), "192.0.2.7");
        assert_eq!(seen("10.0.0.1:5", &[]), "10.0.0.1");
        assert_eq!(
            seen("10.0.0.1:5", &[("X-Forwarded-For", "unknown")]),
            "10.0.0.1"
        );
    }

    #[test]
    fn the_standard_header_is_read_in_all_its_spellings() {
        for (element, address) in [
            ("for=192.0.2.7", "192.0.2.7"),
            (
                "proto=https; For=\"192.0.2.7:443\";by=10.0.0.1",
                "192.0.2.7",
            ),
            ("for=\"[2001:db8::1]:80\"", "2001:db8::1"),
            ("for=\"[2001:db8::1]\"", "2001:db8::1"),
            ("for=\"[::ffff:192.0.2.7]\"", "192.0.2.7"),
            ("for=_hidden", "10.0.0.1"),
            ("by=192.0.2.7", "10.0.0.1"),
        ] {
            assert_eq!(
                seen("10.0.0.1:5", &[("Forwarded", element)]),
                address,
                "{element}"
            );
        }
    }
}
