//! The way to PostgreSQL is encrypted, and leads to whom the certificate names.

use std::path::Path;

use storage::DatabaseUrl;
use test_support::Database;

use crate::harness::{OwnPostgres, Programs, external};

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_shows_its_certificate_is_spoken_to_in_secret() {
    let server = OwnPostgres::start().await;
    let root = server.speak_tls().await;
    let url = verified(&server.database("baton"), &root);
    let baton = Programs::start(Database::of_another(DatabaseUrl::Postgres(url))).await;
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
    let by_another_name = verified(&database, &own).replace("@127.0.0.1", "@localhost");
    let why = refused(&baton, &by_another_name).await;
    assert!(why.contains("does not match host name"), "{why}");
    baton.kill_worker().await;
}

/// What the api says as it ends without having started.
async fn refused(baton: &Programs, url: &str) -> String {
    let ended = baton
        .run_to_its_end("baton-api", &[("DATABASE__URL", url)])
        .await;
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("`database.url`"), "{said}");
    said
}

/// The database's URL, with which it is reached only where a certificate of `root` names the server.
fn verified(database: &Database, root: &Path) -> String {
    let DatabaseUrl::Postgres(url) = database.url() else {
        panic!("this is PostgreSQL")
    };
    format!("{url}?sslmode=verify-full&sslrootcert={}", root.display())
}

/// How many of Baton's connections are so.
fn connections(database: &Database, so: &str) -> i64 {
    database.count(&format!(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'baton' AND {so}"
    ))
}
