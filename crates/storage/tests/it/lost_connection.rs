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
async fn a_connection_cut_while_idle_costs_at_most_one_unit() {
    let database = Database::postgres();
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let pid = backend_of_the_writer(&db).await;
    database.run_sql(&format!("SELECT pg_terminate_backend({pid})"));
    test_support::until("the server has ended the connection", || {
        database.count(&format!(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"
        )) == 0
    })
    .await;
    let outcome = make(&db, 10).await;
    assert!(
        matches!(outcome, Ok(()) | Err(Error::Unavailable(_))),
        "{outcome:?}"
    );
    make(&db, 11)
        .await
        .expect("the next unit has a new connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_at_the_commit_costs_that_unit_and_no_other() {
    let database = Database::postgres();
    database.run_sql(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; \
         CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON organizations DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW WHEN (NEW.name = 'Organization 00000000-0000-0000-0000-00000000000a') EXECUTE FUNCTION cut();",
    );
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = make(&db, 10).await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_became_a_standby_is_left_for_a_new_connection() {
    let database = Database::postgres();
    database.run_sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); \
         END $$",
    );
    let db = Db::open(database.url(), 1).expect("it can be reached");
    let outcome = make(&db, 10).await;
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
    database.run_sql(
        "BEGIN READ WRITE; \
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$; \
         COMMIT",
    );
    make(&db, 11)
        .await
        .expect("the next unit has a new connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_said_to_be_unavailable() {
    let nowhere = storage::DatabaseUrl::Postgres("postgres://nobody@127.0.0.1:1/nothing".into());
    let outcome = Db::open(&nowhere, 1);
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
}
