//! The way to PostgreSQL is encrypted, and leads to whom the certificate names.

use std::path::Path;

use storage::DatabaseUrl;
use test_support::Database;

use crate::harness::{OwnPostgres, Programs, external};

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_shows_its_certificate_is_spoken_to_in_secret() {
    let server = OwnPostgres::start().await;
    let root = server.speak_tls().await;
    let baton = Programs::start(verified(&server.database("baton"), &root)).await;
    baton.publish(external("Backend")).await;
    assert!(connections(&baton.database, "ssl") > 0);
    assert_eq!(connections(&baton.database, "NOT ssl"), 0);
    baton.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_told_to_end_as_it_connects_ends_well() {
    let mut baton = Programs::start(Database::postgres()).await;
    baton.end_worker().await;
    // One in twenty crashed, while OpenSSL cleared itself away.
    for _ in 0..40 {
        baton.start_worker().await;
        baton.end_worker().await;
    }
    baton.start_worker().await;
    baton.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_cannot_show_who_it_is_is_a_setting_at_fault_and_not_waited_with() {
    let (server, other) = (OwnPostgres::start().await, OwnPostgres::start().await);
    let database = server.database("baton");
    let mut baton = Programs::start(server.database("at_work")).await;
    baton.kill_api().await;
    let root = other.speak_tls().await;
    let why = refused(&baton, &verified(&database, &root)).await;
    assert!(why.contains("server does not support SSL"), "{why}");
    let own = server.speak_tls().await;
    let why = refused(&baton, &verified(&database, &root)).await;
    assert!(why.contains("certificate verify failed"), "{why}");
    let DatabaseUrl::Postgres(url) = verified(&database, &own).url().clone() else {
        panic!("this is PostgreSQL")
    };
    let elsewhere = DatabaseUrl::Postgres(url.replace("@127.0.0.1", "@localhost"));
    let why = refused(&baton, &Database::of_another(elsewhere)).await;
    assert!(why.contains("does not match host name"), "{why}");
    baton.kill_worker().await;
}

/// What the api says as it ends without having started.
async fn refused(baton: &Programs, database: &Database) -> String {
    let DatabaseUrl::Postgres(url) = database.url() else {
        panic!("this is PostgreSQL")
    };
    let changed = [("DATABASE__URL", url.as_str())];
    let ended = baton.run_to_its_end("baton-api", &changed).await;
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("`database.url`"), "{said}");
    said
}

/// The database, reached only where a certificate of `root` names the server.
fn verified(database: &Database, root: &Path) -> Database {
    let DatabaseUrl::Postgres(url) = database.url() else {
        panic!("this is PostgreSQL")
    };
    let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
    Database::of_another(DatabaseUrl::Postgres(format!("{url}?{parameters}")))
}

/// How many of Baton's connections are so.
fn connections(database: &Database, so: &str) -> i64 {
    database.count(&format!(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'baton' AND {so}"
    ))
}
