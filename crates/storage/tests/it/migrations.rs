use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use storage::{DatabaseUrl, SchemaState, migrate, schema_state};
use test_support::{Database, each_database};

const TABLES: &str = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
const SQLITE_TABLES: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";

fn migrations(engine: &str) -> FileBasedMigrations {
    let folder = format!("{}/../../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    FileBasedMigrations::from_path(folder).expect("the migrations are there")
}

fn undo_all(database: &Database) {
    let undone = match database.url() {
        DatabaseUrl::Postgres(url) => PgConnection::establish(url)
            .expect("the database can be reached")
            .revert_all_migrations(migrations("postgres"))
            .map(|undone| undone.len()),
        DatabaseUrl::Sqlite(path) => SqliteConnection::establish(&path.to_string_lossy())
            .expect("the file can be opened")
            .revert_all_migrations(migrations("sqlite"))
            .map(|undone| undone.len()),
    };
    assert!(undone.expect("every migration can be undone") > 0);
}

fn how_many_tables(database: &Database) -> i64 {
    match database.url() {
        DatabaseUrl::Postgres(_) => database.count(TABLES),
        DatabaseUrl::Sqlite(_) => database.count(SQLITE_TABLES),
    }
}

fn bare_twin(database: &Database) -> Database {
    match database.url() {
        DatabaseUrl::Postgres(_) => Database::bare_postgres(),
        DatabaseUrl::Sqlite(_) => Database::bare_sqlite(),
    }
}

each_database! {
    async fn every_migration_can_be_undone_and_done_again(database: Database) {
        let before = how_many_tables(&database);
        undo_all(&database);
        assert_eq!(how_many_tables(&database), 1, "only the list of migrations is left");
        assert!(!migrate(database.url()).expect("the schema comes back").is_empty());
        assert_eq!(how_many_tables(&database), before);
    }

    async fn a_database_knows_whether_it_is_up_to_date(database: Database) {
        let state = async |database: &Database| {
            database.open().read(schema_state).await.expect("the database answers")
        };
        assert_eq!(state(&database).await, SchemaState::Fits);
        assert!(migrate(database.url()).expect("there is nothing to do").is_empty());
        let bare = state(&bare_twin(&database)).await;
        assert!(matches!(&bare, SchemaState::Behind(lacking) if lacking.len() > 1), "{bare:?}");
    }

    async fn a_schema_that_a_later_release_added_to_fits_until_it_takes_away_what_is_used(database: Database) {
        let state = async || database.open().read(schema_state).await.expect("the database answers");
        database.run_sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')");
        assert_eq!(state().await, SchemaState::Fits);
        database.run_sql("INSERT INTO schema_floor (version) VALUES ('20261124000001')");
        assert_eq!(state().await, SchemaState::Fits);
        database.run_sql("INSERT INTO schema_floor (version) VALUES ('29991231000001')");
        assert_eq!(state().await, SchemaState::Ahead("29991231000001".to_owned()));
    }

    async fn several_processes_may_start_at_once_on_a_bare_database(database: Database) {
        let bare = bare_twin(&database);
        let starts: Vec<_> = (0..6).map(|_| {
            let url = bare.url().clone();
            std::thread::spawn(move || migrate(&url))
        }).collect();
        let ran: Vec<_> = starts.into_iter()
            .map(|start| start.join().expect("no start panics").expect("every start succeeds"))
            .filter(|ran| !ran.is_empty())
            .collect();
        assert_eq!(ran.len(), 1, "one of them brings it up to date: {ran:?}");
        assert_eq!(how_many_tables(&bare), how_many_tables(&database));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_steps_back_from_a_table_in_use_and_lets_the_traffic_through() {
    let database = Database::postgres();
    database.run_sql("DROP TABLE write_probes, schema_floor; DELETE FROM __diesel_schema_migrations WHERE version = '20261125000005'");
    let DatabaseUrl::Postgres(url) = database.url() else {
        panic!("this is PostgreSQL")
    };
    let mut reader = PgConnection::establish(url).expect("the database can be reached");
    // A list of migrations that is locked stands for any table that one of them has to change.
    reader
        .batch_execute("BEGIN; LOCK TABLE __diesel_schema_migrations IN SHARE MODE")
        .expect("the table can be locked");
    let url = database.url().clone();
    let migrating = std::thread::spawn(move || migrate(&url));
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '__diesel_schema_migrations'::regclass";
    test_support::until("the migration waits for the table", || {
        database.count(waiting) == 1
    })
    .await;
    test_support::until("it has stepped back", || database.count(waiting) == 0).await;
    test_support::until("it waits again", || database.count(waiting) == 1).await;
    reader.batch_execute("COMMIT").expect("the table is let go");
    let ran = migrating
        .join()
        .expect("no panic")
        .expect("it succeeds in the end");
    assert_eq!(ran, ["20261125000005"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_whose_build_was_cut_short_is_dropped() {
    let database = Database::postgres();
    database.run_sql("CREATE INDEX half_built ON jobs (kind); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'half_built'::regclass");
    migrate(database.url()).expect("there is nothing else to do");
    assert_eq!(
        database.count("SELECT count(*) FROM pg_class WHERE relname = 'half_built'"),
        0
    );
}

#[test]
fn the_migrations_come_in_pairs() {
    fn names<DB: diesel::backend::Backend>(migrations: &[Box<dyn Migration<DB>>]) -> Vec<String> {
        let mut names: Vec<_> = migrations.iter().map(|it| it.name().to_string()).collect();
        names.sort();
        names
    }
    let postgres =
        MigrationSource::<Pg>::migrations(&migrations("postgres")).expect("they are read");
    let sqlite =
        MigrationSource::<Sqlite>::migrations(&migrations("sqlite")).expect("they are read");
    assert_eq!(names(&postgres), names(&sqlite));
}
