//! Mail: the relay, and what waits for it.

use std::time::Duration;

use app::App;
use server::settings::Settings;
use storage::inspection;

use super::{Finding, failed};

/// How long the relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does the relay answer, encrypt, and let us sign in?
pub(super) async fn relay(settings: &Settings) -> Vec<Finding> {
    let Some(url) = &settings.mail.smtp_url else {
        // The settings' own warning has said it.
        return Vec::new();
    };
    let outcome = match mail::SmtpSender::new(url, PATIENCE) {
        Ok(sender) => sender.check().await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    vec![match outcome {
        Ok(()) => Finding::fine("mail_relay", "It answers and lets us sign in."),
        Err(why) => Finding::error(
            "mail_relay",
            why,
            "Check `mail.smtp_url`, and that this machine may connect there. Mail waits meanwhile.",
        ),
    }]
}

/// What waits where there is no relay.
pub(super) async fn waiting(settings: &Settings, app: &App) -> Vec<Finding> {
    if settings.mail.smtp_url.is_some() {
        return Vec::new();
    }
    let waiting = app.read(|_, conn| Ok(inspection::waiting(conn, "mail_invite")?));
    match waiting.await {
        Ok(0) => Vec::new(),
        Ok(many) => vec![Finding::error(
            "mail",
            format!("{many} mails to candidates wait, and there is no relay."),
            "Set `mail.smtp_url` and `mail.from`, and restart: they go out then.",
        )],
        Err(error) => failed("mail", &error),
    }
}
