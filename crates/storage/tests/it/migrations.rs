use diesel::migration::{Migration, MigrationSource};
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use storage::{DatabaseUrl, migrate, schema_is_current};
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
        let current = async |database: &Database| {
            database.open().read(schema_is_current).await.expect("the database answers")
        };
        assert!(current(&database).await);
        assert!(migrate(database.url()).expect("there is nothing to do").is_empty());
        assert!(!current(&bare_twin(&database)).await);
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
