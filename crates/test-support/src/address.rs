//! Where a program under test may listen.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 11_000;
const PORTS: u16 = 20_000;

/// An address on loopback whose port is free, below those that the system lends to outgoing connections: it is still free when a
/// program that was killed comes back to it.
///
/// # Panics
/// Where no port is free between 11000 and 31000.
#[must_use]
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes that start one after the other begin far from each other.
    let begin = u64::from(std::process::id()) * 7919 % u64::from(PORTS);
    let begin = u16::try_from(begin).unwrap_or(0);
    (0..PORTS)
        .map(|_| {
            let step = NEXT.fetch_add(1, Ordering::Relaxed) % PORTS;
            let port = FIRST + (begin + step) % PORTS;
            SocketAddr::from((Ipv4Addr::LOCALHOST, port))
        })
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a port is free between 11000 and 31000")
}
