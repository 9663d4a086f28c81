//! What the worker needs of the settings.

use std::time::Duration;

use app::App;
use app::worker::{Mailer, PatchCredential, Tools};
use ats::greenhouse::partner::{CompletionClient, Credential};
use jobs::WorkerConfig;
use mail::SmtpSender;
use secrecy::ExposeSecret;
use settings::Settings;

use crate::OpenError;

const MAIL_TIMEOUT: Duration = Duration::from_secs(15);

/// The tools of jobs, as `settings` say. To be called inside a Tokio runtime.
///
/// # Errors
/// [`OpenError`] for a relay's URL or a list of hosts that cannot be used.
pub fn tools(settings: &Settings, app: &App) -> Result<Tools, OpenError> {
    let unusable = |error: &dyn std::fmt::Display| OpenError::Setting(error.to_string());
    let hosts = app.config().greenhouse.callback_hosts.clone();
    let agent = concat!("Baton/", env!("CARGO_PKG_VERSION"));
    Ok(Tools {
        app: app.clone(),
        mailer: mailer(settings)?,
        completion: CompletionClient::new(agent, hosts).map_err(|error| unusable(&error))?,
        patch_credential: patch_credential(settings),
    })
}

/// How the one worker inside the api works: what an earlier run had begun goes back at once.
pub fn alone() -> WorkerConfig {
    WorkerConfig {
        alone: true,
        ..WorkerConfig::default()
    }
}

fn mailer(settings: &Settings) -> Result<Option<Mailer>, OpenError> {
    let Some(url) = &settings.mail.smtp_url else {
        return Ok(None);
    };
    let sender = SmtpSender::new(url, MAIL_TIMEOUT)
        .map_err(|error| OpenError::Setting(format!("`mail.smtp_url`: {error}")))?;
    let from = settings.mail.from.clone();
    Ok(Some(Mailer {
        sender,
        // Only a relay on loopback may go without: it is there to look at.
        from: from.unwrap_or_else(|| "baton@localhost.example".to_owned()),
    }))
}

fn patch_credential(settings: &Settings) -> PatchCredential {
    match &settings.greenhouse.patch_credential {
        settings::PatchCredential::OrganizationKey => PatchCredential::OrganizationKey,
        settings::PatchCredential::PartnerPair { username, password } => {
            PatchCredential::PartnerPair(Credential::PartnerPair {
                username: username.clone(),
                password: password.expose_secret().to_owned(),
            })
        }
    }
}
