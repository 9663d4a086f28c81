//! What has to hold between settings. A setting that is at fault by itself is not judged again.

use secrecy::ExposeSecret;
use url::Url;

use crate::reader::Reader;
use crate::sections::OAuth;
use crate::{Settings, is_loopback_host};

/// Notes each pair that does not fit.
pub(crate) fn across(settings: &Settings, reader: &mut Reader) {
    listeners_differ(settings, reader);
    key_ids_differ(settings, reader);
    mail_has_a_sender(settings, reader);
    application_is_whole("greenhouse", &settings.greenhouse.oauth, reader);
    application_is_whole("lever", &settings.lever.oauth, reader);
}

fn listeners_differ(settings: &Settings, reader: &mut Reader) {
    let (public, metrics) = (settings.http.listen, settings.http.metrics_listen);
    let sound = reader.is_sound("http.listen") && reader.is_sound("http.metrics_listen");
    if sound && public == metrics && public.port() != 0 {
        reader.fault(
            "http.metrics_listen",
            "is the same as http.listen; give it a port of its own",
        );
    }
}

fn key_ids_differ(settings: &Settings, reader: &mut Reader) {
    let keys = &settings.secrets.keys;
    for (place, (id, _)) in keys.iter().enumerate() {
        if keys[..place].iter().any(|(earlier, _)| earlier == id) {
            reader.fault(
                "secrets.keys",
                format!("holds the id `{id}` twice; every key needs an id of its own"),
            );
        }
    }
}

fn mail_has_a_sender(settings: &Settings, reader: &mut Reader) {
    let Some(relay) = &settings.mail.smtp_url else {
        return;
    };
    let is_loopback = Url::parse(relay.expose_secret())
        .is_ok_and(|url| url.host_str().is_some_and(is_loopback_host));
    if settings.mail.from.is_none() && !is_loopback && reader.is_sound("mail.from") {
        reader.fault(
            "mail.from",
            "has to be set with mail.smtp_url: the address that mail comes from",
        );
    }
}

fn application_is_whole(ats: &str, oauth: &OAuth, reader: &mut Reader) {
    let lacking = match (&oauth.client_id, &oauth.client_secret) {
        (Some(_), None) => ("client_secret", "client_id"),
        (None, Some(_)) => ("client_id", "client_secret"),
        _ => return,
    };
    let problem = format!("has to be set with {ats}.{}", lacking.1);
    reader.fault(&format!("{ats}.{}", lacking.0), problem);
}
