//! May it be sent work? What keeps a program from starting, what it waits for, and what it says meanwhile.

use serde_json::json;
use storage::DatabaseUrl;
use test_support::Database;

use crate::harness::{OwnPostgres, Programs, TestApp, ask, eventually, external};

test_support::each_database! {
    async fn without_the_key_of_what_is_stored_nothing_starts_and_the_key_is_named(database: Database) {
        let mut baton = Programs::start(database).await;
        baton.kill_api().await;
        let other = ("SECRETS__KEYS", "other:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let ended = baton.run_to_its_end("baton-api", &[other]).await;
        let said = String::from_utf8_lossy(&ended.stdout);
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains("`secrets.keys`") && said.contains("`test` (3 values)"), "{said}");
        let both = "other:AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        baton.set("SECRETS__KEYS", both);
        baton.start_api().await;
        baton.publish(external("Backend")).await;
        baton.end().await;
    }

    async fn a_schema_that_lacks_a_migration_is_not_run_on_unless_it_may_be_brought_up_to_date(database: Database) {
        let mut baton = Programs::start(database).await;
        all_at_work(&baton).await;
        baton.kill_api().await;
        baton.database.run_sql("DROP TABLE schema_floor; DROP TABLE write_probes; DELETE FROM __diesel_schema_migrations WHERE version = '20261125000005'");
        let ended = baton.run_to_its_end("baton-api", &[("DATABASE__MIGRATE", "false")]).await;
        let said = String::from_utf8_lossy(&ended.stdout);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("baton-admin migrate"), "{said}");
        baton.start_api().await;
        baton.end().await;
    }

    async fn a_schema_that_a_later_release_has_cut_down_is_refused_by_name(database: Database) {
        let mut baton = Programs::start(database).await;
        all_at_work(&baton).await;
        baton.database.run_sql("INSERT INTO schema_floor (version) VALUES ('29991231000001')");
        eventually("a running one is not ready", async || {
            let (status, answer) = baton.readyz().await;
            (status == 503 && answer["checks"]["schema"] == "failed").then_some(())
        }).await;
        baton.kill_api().await;
        let ended = baton.run_to_its_end("baton-api", &[]).await;
        let said = String::from_utf8_lossy(&ended.stdout);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(said.contains("29991231000001"), "{said}");
        baton.database.run_sql("DELETE FROM schema_floor");
        baton.start_api().await;
        baton.end().await;
    }

    async fn a_disk_without_room_refuses_writes_and_says_not_ready_until_there_is_room(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let candidate = json!({ "first_name": "Ada", "last_name": "Lovelace", "email": "ada@candidate.example" });
        let body = json!({ "assessment_id": test, "candidate": candidate });
        fill_disk(&app.database);
        let (status, refusal) = app.v1("POST", "invites", Some(body.clone())).await;
        assert_eq!((status, &refusal["code"]), (503, &json!("unavailable")), "{refusal}");
        assert_eq!(app.v1("GET", "invites", None).await.0, 200, "reads go on");
        eventually("it is not ready", async || {
            let (status, answer) = app.readyz().await;
            (status == 503 && answer["checks"]["writes"] == "failed" && answer["checks"]["database"] == "ok").then_some(())
        }).await;
        make_room(&app.database);
        eventually("it is ready", async || (app.readyz().await.0 == 200).then_some(())).await;
        let (status, made) = app.v1("POST", "invites", Some(body)).await;
        assert_eq!(status, 201, "{made}");
        app.stop().await;
    }
}

/// What starts beside the api has started, too: it has sent a mail.
async fn all_at_work(baton: &Programs) {
    let test = baton.publish(external("Backend")).await;
    let url = "https://app.greenhouse.io/take_home_tests/1";
    baton
        .send_test(&ask(&test, "ada@candidate.example", url))
        .await;
    baton.idle().await;
}

const FULL: [&str; 2] = ["invites", "write_probes"];

/// The database says what it says when the disk is full.
fn fill_disk(database: &Database) {
    if let DatabaseUrl::Postgres(_) = database.url() {
        database.run_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE EXCEPTION USING ERRCODE = 'disk_full', \
                     MESSAGE = 'could not extend file \"base/1/1\": No space left on device'; END $$",
        );
    }
    for table in FULL {
        database.run_sql(&match database.url() {
            DatabaseUrl::Postgres(_) => format!("CREATE TRIGGER full_{table} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()"),
            DatabaseUrl::Sqlite(_) => format!("CREATE TRIGGER full_{table} BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"),
        });
    }
}

fn make_room(database: &Database) {
    for table in FULL {
        database.run_sql(&match database.url() {
            DatabaseUrl::Postgres(_) => format!("DROP TRIGGER full_{table} ON {table}"),
            DatabaseUrl::Sqlite(_) => format!("DROP TRIGGER full_{table}"),
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_before_the_database_is_there_lives_unready_and_then_serves() {
    let server = OwnPostgres::start().await;
    let mut baton = Programs::start(server.database("baton")).await;
    baton.kill_api().await;
    server.halt().await;
    baton.spawn_api();
    eventually("it says that it is starting", async || {
        let (status, answer) = baton.try_operations("readyz").await?;
        (status == 503 && answer["status"] == "starting").then_some(())
    })
    .await;
    assert_eq!(
        baton
            .try_operations("healthz")
            .await
            .map(|(status, _)| status),
        Some(200)
    );
    server.resume().await;
    eventually("it is ready", async || {
        (baton.try_operations("readyz").await?.0 == 200).then_some(())
    })
    .await;
    baton.publish(external("Backend")).await;
    baton.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_waits_for_the_database_can_be_told_to_end() {
    let server = OwnPostgres::start().await;
    let mut baton = Programs::start(server.database("baton")).await;
    baton.kill_api().await;
    server.halt().await;
    baton.spawn_api();
    eventually("it waits", async || {
        baton.try_operations("healthz").await.map(drop)
    })
    .await;
    baton.tell_api_to_end().await;
    assert_eq!(baton.api_ends().await, Some(0));
    server.resume().await;
    baton.kill_worker().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_keep_what_it_acknowledges_is_refused() {
    let server = OwnPostgres::start().await;
    let mut baton = Programs::start(server.database("baton")).await;
    baton.kill_api().await;
    server.run_sql("ALTER SYSTEM SET fsync = off");
    server.run_sql("SELECT pg_reload_conf()");
    let off = "SELECT count(*) FROM pg_settings WHERE name = 'fsync' AND setting = 'off'";
    eventually("fsync is off", async || {
        (baton.database.count(off) == 1).then_some(())
    })
    .await;
    let ended = baton.run_to_its_end("baton-api", &[]).await;
    let said = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("ALTER SYSTEM SET fsync = on"), "{said}");
    baton.kill_worker().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_a_setting_at_fault_and_not_waited_with() {
    let server = OwnPostgres::start().await;
    let mut baton = Programs::start(server.database("baton")).await;
    baton.kill_api().await;
    let DatabaseUrl::Postgres(url) = baton.database.url() else {
        panic!("this is PostgreSQL")
    };
    let (_, place) = url.rsplit_once('@').expect("a URL with a password");
    let wrong = format!("postgres://postgres:wrong@{place}");
    let ended = baton
        .run_to_its_end("baton-api", &[("DATABASE__URL", &wrong)])
        .await;
    let said = String::from_utf8_lossy(&ended.stdout);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(
        said.contains("`database.url`") && !said.contains("wrong@"),
        "{said}"
    );
    baton.kill_worker().await;
}
