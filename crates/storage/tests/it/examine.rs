//! A database that cannot keep its word is not used, and secrets are counted by the key they need.

use chrono::TimeDelta;
use domain::{Clock, FixedClock, SystemClock};
use storage::{DatabaseUrl, Db, Error, examine, organizations, sealed};
use test_support::{Database, each_database};

use crate::house::{id, organization};

each_database! {
    async fn nothing_speaks_against_a_database_as_it_comes(database: Database) {
        assert_eq!(examine(database.url(), &SystemClock).expect("it is looked at"), []);
    }

    async fn every_encrypted_value_is_counted_under_its_key(database: Database) {
        let db = database.open();
        for (number, link_key) in [(10, "v1.old.abc"), (11, "v1.new.abc"), (12, "v1.new.def")] {
            let mut record = organization(id(number));
            record.link_key = link_key.to_owned();
            record.signing_secret = "v1.old.x.y".to_owned();
            db.write(move |conn| organizations::insert(conn, &record)).await.expect("it is stored");
        }
        let counted = db.read(sealed::values_by_key).await.expect("they are counted");
        let counted: Vec<_> = counted.iter().map(|(key, many)| (key.as_str(), *many)).collect();
        assert_eq!(counted, [("new", 2), ("old", 4)]);
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
