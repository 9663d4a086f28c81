//! A PostgreSQL that cuts us off.

use diesel::RunQueryDsl;
use diesel::sql_types::Integer;
use storage::{AnyConnection, Db, Error, Result, organizations};
use test_support::Database;

use crate::house::{id, organization};

#[derive(diesel::QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// The server ends this very connection, in the midst of its transaction.
pub(crate) fn lose_connection(conn: &mut AnyConnection) -> Result<()> {
    if let AnyConnection::Postgres(conn) = conn {
        diesel::sql_query("SELECT pg_terminate_backend(pg_backend_pid())").execute(conn)?;
    }
    Ok(())
}

async fn backend_of_the_writer(db: &Db) -> i32 {
    let pid = db.write(|conn| {
        let AnyConnection::Postgres(conn) = conn else {
            panic!("this is PostgreSQL")
        };
        let backend: Backend =
            diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result(conn)?;
        Ok(backend.pid)
    });
    pid.await.expect("the writer says who serves it")
}

async fn make(db: &Db, number: u128) -> Result<()> {
    let record = organization(id(number));
    db.write(move |conn| organizations::insert(conn, &record))
        .await
}

async fn is_there(db: &Db, number: u128) -> bool {
    let found = db
        .read(move |conn| organizations::find(conn, id(number)))
        .await;
    found.expect("the look-up succeeds").is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_the_midst_of_a_write_costs_that_unit_and_no_other() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = db
        .write(|conn| {
            organizations::insert(conn, &organization(id(10)))?;
            lose_connection(conn)
        })
        .await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    make(&db, 11)
        .await
        .expect("the next unit has a new connection");
    assert!(!is_there(&db, 10).await);
    assert!(is_there(&db, 11).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_connection_is_cut_before_its_commit_is_run_again_on_a_new_one() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    backend_of_the_writer(&db).await;
    let tries = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0));
    let count = tries.clone();
    let outcome = db.write(move |conn| {
        organizations::insert(conn, &organization(id(10)))?;
        if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            lose_connection(conn)?;
        }
        Ok(())
    });
    outcome.await.expect("the second try succeeds");
    assert_eq!(tries.load(std::sync::atomic::Ordering::SeqCst), 2);
    assert!(is_there(&db, 10).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_while_idle_costs_nothing() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let pid = backend_of_the_writer(&db).await;
    assert!(!is_there(&db, 10).await);
    database.run_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    test_support::until("the server has ended the connection", || {
        database.count(&format!(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"
        )) == 0
    })
    .await;
    make(&db, 10).await.expect("it has a new connection");
    assert!(is_there(&db, 10).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_write_whose_connection_is_cut_at_the_commit_is_unknown() {
    let database = Database::postgres();
    database.run_sql(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; \
         CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON organizations DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW WHEN (NEW.name = 'Organization 00000000-0000-0000-0000-00000000000a') EXECUTE FUNCTION cut();",
    );
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = make(&db, 10).await;
    assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
    make(&db, 11)
        .await
        .expect("the next unit has a new connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writes_that_wait_for_each_other_both_succeed_in_the_end() {
    let database = Database::postgres();
    let db = database.open();
    for number in [10, 11] {
        make(&db, number).await.expect("it is stored");
    }
    // Both hold one row before either asks for the other's: PostgreSQL ends one of them, which is run again.
    let meeting = std::sync::Arc::new(std::sync::Barrier::new(2));
    let both = |first: u128, second: u128| {
        let (meeting, met) = (meeting.clone(), std::sync::atomic::AtomicBool::new(false));
        db.write(move |conn| {
            organizations::set_signing_secret(conn, id(first), "new")?;
            if !met.swap(true, std::sync::atomic::Ordering::SeqCst) {
                meeting.wait();
            }
            organizations::set_signing_secret(conn, id(second), "new")
        })
    };
    let (one, other) = tokio::join!(both(10, 11), both(11, 10));
    assert!(one.expect("the first succeeds"));
    assert!(other.expect("the second succeeds"));
}

/// New connections find a server that takes no writes, as a standby; those there were are gone.
fn becomes_a_standby(database: &Database, standby: bool) {
    let change = if standby {
        "SET default_transaction_read_only = on"
    } else {
        "RESET default_transaction_read_only"
    };
    database.run_sql(&format!(
        "BEGIN READ WRITE; \
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {change}', current_database()); END $$; \
         COMMIT; \
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_only_a_standby_answers_writes_are_refused_and_later_succeed_by_themselves() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    becomes_a_standby(&database, true);
    let outcome = make(&db, 10).await;
    assert!(
        matches!(outcome, Err(ref error) if error.is_passing()),
        "{outcome:?}"
    );
    becomes_a_standby(&database, false);
    until_it_is_made(&db, 11).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_turns_read_only_is_left_for_a_new_one() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = db.write(|conn| {
        if let AnyConnection::Postgres(conn) = conn {
            diesel::sql_query("SET TRANSACTION READ ONLY").execute(conn)?;
        }
        organizations::insert(conn, &organization(id(10)))
    });
    let outcome = outcome.await;
    assert!(matches!(outcome, Err(Error::NoWrites(_))), "{outcome:?}");
    db.takes_writes()
        .await
        .expect("the next unit has a new connection");
    make(&db, 11).await.expect("it is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_room_refuses_writes_and_is_forgotten_once_there_is_room() {
    let database = Database::postgres();
    database.run_sql(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION USING ERRCODE = 'disk_full', \
                 MESSAGE = 'could not extend file \"base/1/1\": No space left on device'; END $$; \
         CREATE TRIGGER full_disk BEFORE INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION full_disk(); \
         CREATE TRIGGER full_disk BEFORE INSERT ON write_probes FOR EACH ROW EXECUTE FUNCTION full_disk();",
    );
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = make(&db, 10).await;
    assert!(matches!(outcome, Err(Error::NoWrites(_))), "{outcome:?}");
    let probed = db.takes_writes().await;
    assert!(matches!(probed, Err(Error::NoWrites(_))), "{probed:?}");
    assert!(!is_there(&db, 10).await, "reads go on");
    database
        .run_sql("DROP TRIGGER full_disk ON organizations; DROP TRIGGER full_disk ON write_probes");
    db.takes_writes().await.expect("there is room again");
    make(&db, 11).await.expect("it is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_lets_in_only_some_of_us_those_do_all_the_work() {
    let database = Database::postgres();
    let storage::DatabaseUrl::Postgres(url) = database.url() else {
        panic!("this is PostgreSQL")
    };
    let name = url.rsplit('/').next().expect("a name");
    database.run_sql(&format!(
        "CREATE ROLE few_{name} LOGIN PASSWORD 'few' CONNECTION LIMIT 2; \
         GRANT ALL ON ALL TABLES IN SCHEMA public TO few_{name}"
    ));
    let (_, place) = url.rsplit_once('@').expect("a URL with a password");
    let few = storage::DatabaseUrl::Postgres(format!("postgres://few_{name}:few@{place}"));
    let db = Db::open(&few, 4).expect("it can be reached");
    until_it_is_made(&db, 1).await;
    let makes: Vec<_> = (10..210)
        .map(|number| {
            let db = db.clone();
            tokio::spawn(async move { make(&db, number).await })
        })
        .collect();
    let mut refused = 0;
    for made in makes {
        refused += usize::from(made.await.expect("no panic").is_err());
    }
    assert!(
        refused <= 2,
        "{refused} refused: each of the others finds out once"
    );
    drop(db);
    crate::lanes::until_closed(&database).await;
    database.run_sql(&format!("DROP OWNED BY few_{name}; DROP ROLE few_{name}"));
}

/// While nobody answers, units are refused; one thread asks from time to time whether somebody does.
async fn until_it_is_made(db: &Db, number: u128) {
    loop {
        match make(db, number).await {
            Err(error) if error.is_passing() => tokio::task::yield_now().await,
            outcome => return outcome.expect("it is stored"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_said_to_be_unavailable() {
    let nowhere = storage::DatabaseUrl::Postgres("postgres://nobody@127.0.0.1:1/nothing".into());
    let outcome = Db::open(&nowhere, 1);
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
}
