//! A database that cannot keep its word is not used.

use chrono::TimeDelta;
use domain::{Clock, FixedClock, SystemClock};
use storage::{DatabaseUrl, Db, Error, examine};
use test_support::{Database, each_database};

each_database! {
    async fn nothing_speaks_against_a_database_as_it_comes(database: Database) {
        assert_eq!(examine(database.url(), &SystemClock).expect("it is looked at"), []);
    }
}

#[test]
fn clocks_that_are_apart_forbid_a_start_and_the_distance_is_told() {
    let database = Database::postgres();
    for (seconds, word) in [(-90, "behind"), (90, "ahead of")] {
        let clock = FixedClock::at(SystemClock.now() + TimeDelta::seconds(seconds));
        let found = examine(database.url(), &clock).expect("it is looked at");
        let [objection] = &found[..] else {
            panic!("{found:?}")
        };
        assert!(objection.forbids);
        assert!(objection.what.contains(word), "{objection:?}");
    }
    let clock = FixedClock::at(SystemClock.now() + TimeDelta::seconds(20));
    assert_eq!(
        examine(database.url(), &clock).expect("it is looked at"),
        []
    );
}

#[test]
fn a_sqlite_without_a_write_ahead_log_is_refused() {
    let outcome = Db::open(&DatabaseUrl::Sqlite(":memory:".into()), 1);
    assert!(matches!(outcome, Err(Error::Unsuitable(_))), "{outcome:?}");
}
