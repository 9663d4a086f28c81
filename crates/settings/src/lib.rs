//! The settings of Baton: one type per section, read from a TOML file and the environment, checked as a whole.
//!
//! The file is read first, then the environment, which wins: `http.listen` is `BATON__HTTP__LISTEN` there. A key that does not exist
//! is a fault. All faults are reported at once, each with its key and what to do.
//!
//! This crate owns the sections' types and knows no other crate of ours; the programs hand plain values on.

mod checks;
mod faults;
mod key_file;
mod parse;
mod reader;
mod sections;

use std::path::Path;

pub use faults::{Fault, Faults};
pub use key_file::{EncryptionKeys, keys_as_they_are, keys_or_key_file};
pub use parse::is_loopback_host;
pub use sections::{
    Database, DatabaseUrl, Greenhouse, Http, Lever, Limits, Log, LogFormat, Mail, Network, OAuth,
    Operator, PatchCredential, Platform, Secrets, Webhooks, Worker,
};
pub use url::Url;

/// The file that is read where none is named.
const DEFAULT_FILE: &str = "baton.toml";

/// Everything that can be set, checked. `Debug` shows no secret.
#[derive(Debug)]
pub struct Settings {
    /// Base of every link we hand out, without a slash at its end; `https` unless on loopback.
    pub public_url: String,
    /// The listeners.
    pub http: Http,
    /// Where everything is kept.
    pub database: Database,
    /// What stored secrets are encrypted with.
    pub secrets: Secrets,
    /// The vendor's own staff.
    pub operator: Operator,
    /// Background work.
    pub worker: Worker,
    /// Mail to candidates and users.
    pub mail: Mail,
    /// How the vendor appears.
    pub platform: Platform,
    /// Greenhouse: Harvest, its OAuth application, the completion call.
    pub greenhouse: Greenhouse,
    /// Lever and its OAuth application.
    pub lever: Lever,
    /// What a vendor's webhook URL may name.
    pub webhooks: Webhooks,
    /// How much one key may ask.
    pub limits: Limits,
    /// What a machine for development may do.
    pub network: Network,
    /// How the log looks.
    pub log: Log,
}

impl Settings {
    /// Reads and checks everything: `file`, or else `./baton.toml` if it is there, then `env` (pairs of name and value; only names
    /// that begin with `BATON__` count).
    ///
    /// # Errors
    /// All faults at once. A file that cannot be read, or is no TOML, is reported alone: the rest would be guesswork.
    ///
    /// ```
    /// use settings::Settings;
    ///
    /// let env = [("BATON__HTTP__LISTEN".to_owned(), "127.0.0.1:9000".to_owned())];
    /// let settings = Settings::load(None, env.into_iter())?;
    /// assert_eq!(settings.http.listen.port(), 9000);
    ///
    /// let env = [("BATON__HTTP__LISTEN".to_owned(), "9000".to_owned())];
    /// let faults = Settings::load(None, env.into_iter()).unwrap_err();
    /// assert!(faults.to_string().contains("http.listen"));
    /// # Ok::<(), settings::Faults>(())
    /// ```
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Faults> {
        let file = file.or_else(|| Some(Path::new(DEFAULT_FILE)).filter(|path| path.exists()));
        let mut reader = reader::Reader::layered(file, env)?;
        let settings = sections::read(&mut reader);
        checks::across(&settings, &mut reader);
        reader.finish().map(|()| settings)
    }

    /// What is allowed but should be known at start, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.network.allow_loopback_http {
            warnings.push(
                "`network.allow_loopback_http` is on: ATS, callback, catalogue and webhook URLs may be plain http on this machine. \
                 Switch it off in production."
                    .to_owned(),
            );
        }
        if self.mail.smtp_url.is_none() {
            warnings.push(
                "`mail.smtp_url` is not set: mail waits in the outbox until it is.".to_owned(),
            );
        }
        warnings
    }

    /// Is `public_url` on this machine?
    pub fn is_on_loopback(&self) -> bool {
        Url::parse(&self.public_url).is_ok_and(|url| url.host_str().is_some_and(is_loopback_host))
    }
}

/// The process's environment, for [`Settings::load`]. Text that is not UTF-8 has its broken parts replaced.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (
            name.to_string_lossy().into_owned(),
            value.to_string_lossy().into_owned(),
        )
    })
}
