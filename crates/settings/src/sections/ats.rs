//! The sections of the applicant-tracking systems.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::Network;
use crate::parse;
use crate::reader::{Parsed, Reader};

/// What Lever tells assessment partners to ask for, `users` to choose who a note is written as, and `postings` to warn of titles
/// that mean something else there.
const LEVER_SCOPES: &[&str] = &[
    "offline_access",
    "opportunities:write:admin",
    "notes:write:admin",
    "stages:read:admin",
    "tags:read:admin",
    "webhooks:write:admin",
    "users:read:admin",
    "postings:read:admin",
];

/// Our application at an ATS. Id and secret are both set, or neither is.
#[derive(Debug, Clone)]
pub struct OAuth {
    /// Its id there.
    pub client_id: Option<String>,
    /// Its secret there.
    pub client_secret: Option<SecretString>,
    /// What we ask for.
    pub scopes: Vec<String>,
    /// Is PKCE used? Neither ATS documents it.
    pub pkce: bool,
}

/// Greenhouse.
#[derive(Debug, Clone)]
pub struct Greenhouse {
    /// Base of Harvest; `/v3/…` is appended.
    pub api_base_url: Url,
    /// Base of its OAuth.
    pub auth_base_url: Url,
    /// Our application there.
    pub oauth: OAuth,
    /// Hosts, with their subdomains, that a `send_test` `url` may name.
    pub callback_hosts: Vec<String>,
    /// What the completion PATCH signs in with.
    pub patch_credential: PatchCredential,
    /// How often a connection is swept for what webhooks missed.
    pub reconcile: Duration,
    /// A grant idle this long is refreshed.
    pub keep_alive: Duration,
}

/// What the completion PATCH signs in with.
#[derive(Debug, Clone)]
pub enum PatchCredential {
    /// The key of the organization, as Greenhouse itself uses it.
    OrganizationKey,
    /// One user name and password of the vendor's.
    PartnerPair {
        /// The user name.
        username: String,
        /// The password.
        password: SecretString,
    },
}

/// Lever.
#[derive(Debug, Clone)]
pub struct Lever {
    /// Base of its API, with the `/v1`.
    pub api_base_url: Url,
    /// Base of its OAuth.
    pub auth_base_url: Url,
    /// Which API a grant is for.
    pub audience: String,
    /// Our application there.
    pub oauth: OAuth,
    /// Hosts, with their subdomains, to which a data call's redirect is followed.
    pub redirect_hosts: Vec<String>,
    /// How often a connection is swept for what webhooks missed.
    pub reconcile: Duration,
    /// A grant idle this long is refreshed.
    pub keep_alive: Duration,
}

impl Greenhouse {
    pub(super) fn read(reader: &mut Reader, network: &Network) -> Self {
        let url = |text: &str| parse::ats_url(text, network.allow_loopback_http);
        let (api, auth) = (
            "https://harvest.greenhouse.io",
            "https://auth.greenhouse.io",
        );
        Self {
            api_base_url: reader.one("greenhouse.api_base_url", fixed(api), url),
            auth_base_url: reader.one("greenhouse.auth_base_url", fixed(auth), url),
            oauth: OAuth {
                client_id: reader.maybe("greenhouse.client_id", parse::plain),
                client_secret: reader.maybe("greenhouse.client_secret", parse::secret),
                scopes: scopes(
                    reader,
                    "greenhouse.scopes",
                    &greenhouse_harvest::scope::ASSESSMENT,
                ),
                pkce: reader.one("greenhouse.pkce", false, parse::flag),
            },
            callback_hosts: hosts(reader, "greenhouse.callback_hosts", "greenhouse.io"),
            patch_credential: PatchCredential::read(reader),
            reconcile: seconds(reader, "greenhouse.reconcile_seconds", 900),
            keep_alive: seconds(reader, "greenhouse.keep_alive_seconds", 21_600),
        }
    }
}

impl Lever {
    pub(super) fn read(reader: &mut Reader, network: &Network) -> Self {
        let url = |text: &str| parse::ats_url(text, network.allow_loopback_http);
        let (api, auth) = ("https://api.lever.co/v1", "https://auth.lever.co");
        let audience = "https://api.lever.co/v1/".to_owned();
        Self {
            api_base_url: reader.one("lever.api_base_url", fixed(api), url),
            auth_base_url: reader.one("lever.auth_base_url", fixed(auth), url),
            audience: reader.one("lever.audience", audience, parse::audience),
            oauth: OAuth {
                client_id: reader.maybe("lever.client_id", parse::plain),
                client_secret: reader.maybe("lever.client_secret", parse::secret),
                scopes: scopes(reader, "lever.scopes", LEVER_SCOPES),
                pkce: reader.one("lever.pkce", false, parse::flag),
            },
            redirect_hosts: hosts(reader, "lever.redirect_hosts", "lever.co"),
            reconcile: seconds(reader, "lever.reconcile_seconds", 600),
            keep_alive: seconds(reader, "lever.keep_alive_seconds", 604_800),
        }
    }
}

impl PatchCredential {
    /// The pair's two halves are read in any case, so that they are known settings.
    fn read(reader: &mut Reader) -> Self {
        let is_pair = reader.one("greenhouse.patch_credential", false, is_partner_pair);
        let username = reader.maybe("greenhouse.partner_username", parse::plain);
        let password = reader.maybe("greenhouse.partner_password", parse::secret);
        match (is_pair, username, password) {
            (false, ..) => Self::OrganizationKey,
            (true, Some(username), Some(password)) => Self::PartnerPair { username, password },
            (true, ..) => {
                reader.fault(
                    "greenhouse.patch_credential",
                    "is partner_pair, which needs greenhouse.partner_username and greenhouse.partner_password as well",
                );
                Self::OrganizationKey
            }
        }
    }
}

fn is_partner_pair(text: &str) -> Parsed<bool> {
    match text {
        "organization_key" => Ok(false),
        "partner_pair" => Ok(true),
        _ => Err(format!(
            "`{text}` has to be organization_key or partner_pair"
        )),
    }
}

/// OAuth writes scopes with spaces between, so a text with spaces is taken as well.
fn scopes(reader: &mut Reader, key: &'static str, default: &[&str]) -> Vec<String> {
    let default = || default.iter().map(|scope| (*scope).to_owned()).collect();
    let items = reader.list(key, default, parse::plain);
    let scopes = items.iter().flat_map(|item| item.split_whitespace());
    scopes.map(str::to_owned).collect()
}

fn hosts(reader: &mut Reader, key: &'static str, default: &str) -> Vec<String> {
    reader.list(key, || vec![default.to_owned()], parse::host)
}

fn seconds(reader: &mut Reader, key: &'static str, default: u64) -> Duration {
    reader.one(key, Duration::from_secs(default), parse::seconds)
}

fn fixed(url: &str) -> Url {
    Url::parse(url).expect("the default is a URL")
}
