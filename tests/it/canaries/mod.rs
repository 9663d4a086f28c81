//! Canaries in every secret field and in all that is about a candidate; real programs under traffic that goes wrong, at log
//! level trace. Afterwards none of them stands in a log, a metric, the body of a refusal or, for secrets, the database.

mod forms;
mod places;
mod settings;
mod traffic;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::harness::{Callback, Programs, answer, eventually};
use forms::Canary;
use places::Places;
use traffic::Traffic;

const OPERATOR: &str = "canary-of-the-operator-0123456789abcdef";
/// 32 bytes.
const ENCRYPTION_KEY: &str = "canary-key-that-encrypts-fields!";
const OAUTH_SECRET: &str = "canary-of-the-oauth-application";
const BOUNCE_TOKEN: &str = "canary-of-the-bounce-address-0123456789";
const RELAY_PASSWORD: &str = "canary-of-the-relay";
const PARTNER_PASSWORD: &str = "canary-of-the-partner-pair";

/// What Greenhouse answers to the PATCHes, in turn.
const ANSWERS: [u16; 6] = [200, 500, 401, 429, 200, 404];

test_support::each_database! {
    async fn no_secret_and_nothing_about_a_candidate_leaves_its_place(database: Database) {
        let mut places = Places::new();
        let mut baton = Programs::start_with(database, &secrets(&places)).await;
        let greenhouse = greenhouse().await;
        let mut traffic = Traffic::start(&baton, &greenhouse).await;
        traffic.good_and_bad(&baton, 0).await;
        places.read_metrics(&baton).await;
        // The same again with a relay and a credential that are refused, and with a database that hangs up.
        baton.set("MAIL__SMTP_URL", &refusing_relay(&baton));
        baton.set("GREENHOUSE__PATCH_CREDENTIAL", "partner_pair");
        baton.set("HTTP__METRICS_LISTEN", places.worker_metrics());
        baton.end_worker().await;
        baton.start_worker().await;
        traffic.good_and_bad(&baton, 1).await;
        hang_up(&baton);
        traffic.goes_on(&baton).await;
        a_mail_was_refused(&baton).await;
        places.read_metrics(&baton).await;
        let (mut secrets, people, refusals) = traffic.canaries();
        secrets.extend(of_settings(&baton));
        places.add("a refusal", refusals);
        let log = baton.log();
        assert!(log.windows(5).any(|part| part == b"TRACE"), "the log holds everything");
        places.add("the log", log);
        places.hold_none_of(&secrets);
        places.hold_none_of(&people);
        let dump = places::dump(&baton.database);
        assert!(people.iter().any(|canary| canary.found_in(&dump).is_some()), "the dump is one");
        let mut database = Places::new();
        database.add("the database", dump);
        database.hold_none_of(&secrets);
        baton.end().await;
    }
}

/// A canary for each setting that is secret.
fn secrets(places: &Places) -> Vec<(&'static str, &'static str)> {
    vec![
        ("LOG__FILTER", "trace"),
        ("OPERATOR__TOKEN", OPERATOR),
        (
            "SECRETS__KEYS",
            "canary:Y2FuYXJ5LWtleS10aGF0LWVuY3J5cHRzLWZpZWxkcyE=",
        ),
        ("GREENHOUSE__CLIENT_ID", "client"),
        ("GREENHOUSE__CLIENT_SECRET", OAUTH_SECRET),
        ("GREENHOUSE__PARTNER_USERNAME", "vendor"),
        ("GREENHOUSE__PARTNER_PASSWORD", PARTNER_PASSWORD),
        ("LEVER__CLIENT_ID", "client"),
        ("LEVER__CLIENT_SECRET", OAUTH_SECRET),
        ("MAIL__BOUNCE_TOKEN", BOUNCE_TOKEN),
        ("MAIL__FROM", "invitations@vendor.example"),
        ("HTTP__METRICS_LISTEN", places.api_metrics()),
    ]
}

fn of_settings(baton: &Programs) -> Vec<Canary> {
    let mut canaries = vec![
        Canary::new("the operator's token", OPERATOR),
        Canary::new("the encryption key", ENCRYPTION_KEY),
        Canary::new("an OAuth secret", OAUTH_SECRET),
        Canary::new("the bounce token", BOUNCE_TOKEN),
        Canary::new("the relay's password", RELAY_PASSWORD),
        Canary::new("the partner's password", PARTNER_PASSWORD),
    ];
    if let storage::DatabaseUrl::Postgres(url) = baton.database.url() {
        let url = url::Url::parse(url).expect("a URL");
        canaries.push(Canary::new(
            "the database's password",
            url.password().expect("one"),
        ));
    }
    canaries
}

/// Greenhouse, in a bad mood.
async fn greenhouse() -> Callback {
    let turn = AtomicUsize::new(0);
    Callback::start(move |_| {
        let status = ANSWERS[turn.fetch_add(1, Ordering::Relaxed) % ANSWERS.len()];
        async move { answer(status) }
    })
    .await
}

/// The mail catcher, with a password that it never asked for.
fn refusing_relay(baton: &Programs) -> String {
    baton
        .mail
        .smtp_url()
        .replace("smtp://", &format!("smtp://relay:{RELAY_PASSWORD}@"))
}

/// PostgreSQL drops every connection.
fn hang_up(baton: &Programs) {
    if !baton.is_alone() {
        let others = "datname = current_database() AND pid <> pg_backend_pid()";
        let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}");
        baton.database.run_sql(&sql);
    }
}

async fn a_mail_was_refused(baton: &Programs) {
    eventually("a mail waits for a relay that lets it in", async || {
        let waits = "SELECT count(*) FROM events WHERE name = 'mail.waits'";
        (baton.database.count(waits) > 0).then_some(())
    })
    .await;
}
