//! The socket below a connection, for faults that HTTP cannot play.

use std::net::TcpStream;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

/// A second handle on the connection's socket, put into each connection's data by the server.
#[derive(Debug, Clone)]
pub(crate) struct Socket(pub(crate) Arc<TcpStream>);

impl Socket {
    /// A handle on a connection, if the system gives one.
    pub(crate) fn of(stream: &tokio::net::TcpStream) -> Option<Self> {
        let handle = stream.as_fd().try_clone_to_owned().ok()?;
        Some(Self(Arc::new(handle.into())))
    }
}

/// Ends the connection with a reset: a socket that does not linger, and a body that fails before a byte is sent.
pub(crate) fn reset(request: &HttpRequest) -> HttpResponse {
    if let Some(socket) = request.conn_data::<Socket>() {
        let _ = socket2::SockRef::from(&*socket.0).set_linger(Some(Duration::ZERO));
    }
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    HttpResponse::Ok().streaming(stream::once(std::future::ready(Err::<
        actix_web::web::Bytes,
        _,
    >(broken))))
}
