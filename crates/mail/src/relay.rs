//! The SMTP relay that a URL names, and how a connection to it is opened.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// What is wrong with `mail.smtp_url`. Never repeats it: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mail.smtp_url {0}")]
pub struct RelayError(&'static str);

/// How the way to the relay is kept private.
#[derive(Clone)]
pub(crate) enum Privacy {
    /// TLS from the first byte (`smtps://`).
    Tls(TlsParameters),
    /// Begins in clear text and does nothing more until TLS is up (`smtp://`).
    StartTls(TlsParameters),
    /// Clear text, to this machine alone (`smtp://` on loopback).
    ClearText,
}

/// Where mail is handed over.
pub(crate) struct Relay {
    host: String,
    port: u16,
    privacy: Privacy,
    credentials: Option<Credentials>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay({}:{})", self.host, self.port)
    }
}

/// At which step opening a connection failed.
pub(crate) enum OpenError {
    /// TCP, TLS or the first words.
    Greeting(Error),
    /// The relay offers no STARTTLS, so nothing was said to it.
    NoStartTls,
    /// It does not take the user name and password.
    Login(Error),
}

impl Relay {
    /// Reads `smtps://user:password@host:port` or `smtp://…`. Everything after the port is refused: what others write
    /// there (`?tls=opportunistic`) would weaken the rule that mail leaves this machine encrypted or not at all.
    pub(crate) fn parse(url: &SecretString) -> Result<Self, RelayError> {
        let url = Url::parse(url.expose_secret())
            .map_err(|_| RelayError("is not a URL such as smtps://user:password@mail.example"))?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(RelayError("ends after the port: take off what follows it"));
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return Err(RelayError("names no host"));
        }
        let (privacy, usual_port) = privacy(url.scheme(), &host)?;
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            credentials: credentials(&url)?,
            privacy,
            host,
        })
    }

    /// Opens a connection, encrypted and signed in as the URL asks.
    pub(crate) async fn open(&self, timeout: Duration) -> Result<AsyncSmtpConnection, OpenError> {
        let us = ClientId::default();
        let tls = match &self.privacy {
            Privacy::Tls(tls) => Some(tls.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(timeout), &us, tls, None)
                .await
                .map_err(OpenError::Greeting)?;
        if let Privacy::StartTls(tls) = &self.privacy {
            start_tls(&mut connection, tls, &us).await?;
        }
        if let Some(credentials) = &self.credentials {
            let login = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            login.map_err(OpenError::Login)?;
        }
        Ok(connection)
    }

    #[cfg(test)]
    pub(crate) fn starting_tls_at(port: u16) -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port,
            privacy: Privacy::StartTls(trust("127.0.0.1").expect("TLS parameters")),
            credentials: None,
        }
    }
}

async fn start_tls(
    connection: &mut AsyncSmtpConnection,
    tls: &TlsParameters,
    us: &ClientId,
) -> Result<(), OpenError> {
    if !connection.can_starttls() {
        return Err(OpenError::NoStartTls);
    }
    let upgraded = connection.starttls(tls.clone(), us).await;
    upgraded.map_err(OpenError::Greeting)
}

fn privacy(scheme: &str, host: &str) -> Result<(Privacy, u16), RelayError> {
    match scheme {
        "smtps" => Ok((Privacy::Tls(trust(host)?), 465)),
        "smtp" if is_loopback(host) => Ok((Privacy::ClearText, 587)),
        "smtp" => Ok((Privacy::StartTls(trust(host)?), 587)),
        _ => Err(RelayError("has to begin with smtps:// or smtp://")),
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Reads the machine's root certificates, once per relay.
fn trust(host: &str) -> Result<TlsParameters, RelayError> {
    TlsParameters::new(host.to_owned())
        .map_err(|_| RelayError("needs TLS, which could not be set up on this machine"))
}

fn credentials(url: &Url) -> Result<Option<Credentials>, RelayError> {
    let decode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8();
        let fault = |_| RelayError("has a user name or password that is not percent-encoded UTF-8");
        decoded.map(|text| text.into_owned()).map_err(fault)
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) => Ok(Some(Credentials::new(decode(user)?, decode(password)?))),
        (_, None) => Err(RelayError("has a user name but no password")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(url: &str) -> Result<Relay, RelayError> {
        Relay::parse(&SecretString::from(url))
    }

    #[test]
    fn mail_goes_encrypted_or_stays_on_this_machine() {
        let tls = relay("smtps://mail.example").unwrap();
        assert!(matches!(tls.privacy, Privacy::Tls(_)));
        assert_eq!(tls.port, 465);
        for url in [
            "smtp://mail.example",
            "smtp://192.0.2.1",
            "smtp://127.0.0.1.example",
        ] {
            let relay = relay(url).unwrap();
            assert!(matches!(relay.privacy, Privacy::StartTls(_)), "{url}");
            assert_eq!(relay.port, 587);
        }
        for url in [
            "smtp://127.0.0.1:25",
            "smtp://[::1]:25",
            "smtp://localhost:25",
        ] {
            assert!(
                matches!(relay(url).unwrap().privacy, Privacy::ClearText),
                "{url}"
            );
        }
    }

    #[test]
    fn a_user_name_and_password_are_decoded() {
        let relay = relay("smtps://user%40x:p%2Fw+1@mail.example:2465").unwrap();
        assert_eq!(relay.port, 2465);
        let expected = Credentials::new("user@x".into(), "p/w+1".into());
        assert!(relay.credentials == Some(expected));
    }

    #[test]
    fn a_url_that_asks_for_less_privacy_is_refused_before_anything_is_sent() {
        for url in [
            "smtp://mail.example?tls=opportunistic",
            "smtp://mail.example/?tls=none",
            "smtp://mail.example/name",
            "http://mail.example",
            "smtp://",
            "smtps://user@mail.example",
            "mail.example:25",
            "",
        ] {
            let error = relay(url).expect_err(url).to_string();
            assert!(error.starts_with("mail.smtp_url "), "{error}");
        }
    }

    #[test]
    fn a_fault_never_repeats_the_password() {
        let error = relay("smtp://user:hunter2@mail.example?x").expect_err("a fault");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        let relay = relay("smtp://user:hunter2@mail.example").unwrap();
        assert!(!format!("{relay:?}").contains("hunter2"));
    }
}
