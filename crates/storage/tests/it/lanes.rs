//! `Db::read` and `Db::write`: what one unit of work costs and keeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use storage::{Db, Error, Result, events, organizations};
use test_support::{Database, each_database};

use crate::house::{HeldWriter, House, event, id, organization, queued};

async fn is_there(db: &Db, number: u128) -> bool {
    let found = db
        .read(move |conn| organizations::find(conn, id(number)))
        .await;
    found.expect("the look-up succeeds").is_some()
}

async fn make(db: &Db, number: u128) -> Result<()> {
    let record = organization(id(number));
    db.write(move |conn| organizations::insert(conn, &record))
        .await
}

each_database! {
    async fn a_write_that_fails_leaves_nothing_behind(database: Database) {
        let db = database.open();
        let outcome: Result<()> = db.write(|conn| {
            organizations::insert(conn, &organization(id(10)))?;
            Err(Error::Refused)
        }).await;
        assert!(matches!(outcome, Err(Error::Refused)), "{outcome:?}");
        assert!(!is_there(&db, 10).await);
        make(&db, 10).await.expect("the next unit is not troubled");
    }

    async fn a_write_that_panics_costs_one_unit_of_work(database: Database) {
        let db = Db::open(database.url(), 1).expect("it can be reached");
        let outcome: Result<()> = db.write(|conn| {
            organizations::insert(conn, &organization(id(10)))?;
            panic!("this unit of work is broken")
        }).await;
        assert!(matches!(outcome, Err(Error::Panicked)), "{outcome:?}");
        assert!(!is_there(&db, 10).await);
        make(&db, 10).await.expect("the next unit is not troubled");
        assert!(is_there(&db, 10).await);
    }

    async fn a_read_that_panics_costs_one_unit_of_work(database: Database) {
        let db = Db::open(database.url(), 1).expect("it can be reached");
        for _ in 0..5 {
            let outcome: Result<()> = db.read(|_| panic!("this unit of work is broken")).await;
            assert!(matches!(outcome, Err(Error::Panicked)), "{outcome:?}");
        }
        assert!(!is_there(&db, 10).await);
    }

    async fn a_unit_that_lost_a_race_is_run_again(database: Database) {
        let db = database.open();
        let tries = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&tries);
        let outcome = db.write(move |conn| {
            organizations::insert(conn, &organization(id(10)))?;
            if count.fetch_add(1, Ordering::SeqCst) < 2 { Err(Error::Stale) } else { Ok(()) }
        }).await;
        outcome.expect("the third try succeeds");
        assert_eq!(tries.load(Ordering::SeqCst), 3);
        assert!(is_there(&db, 10).await);
    }

    async fn a_unit_that_loses_every_race_gives_up(database: Database) {
        let db = database.open();
        let tries = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&tries);
        let outcome: Result<()> = db.write(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Err(Error::Stale)
        }).await;
        assert!(matches!(outcome, Err(Error::Stale)), "{outcome:?}");
        assert!(tries.load(Ordering::SeqCst) > 1);
    }

    async fn when_too_much_waits_the_next_is_told_to_come_back_and_the_waiting_are_served(database: Database) {
        let db = Db::open(database.url(), 1).expect("it can be reached");
        let held = HeldWriter::of(&db);
        let waiting = queued((0..1024).map(|_| db.write(|_| Ok(())))).await;
        let outcome = make(&db, 10).await;
        assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}");
        held.let_go().await;
        for unit in waiting {
            unit.await.expect("whoever waited is served");
        }
        assert!(!is_there(&db, 10).await);
        make(&db, 10).await.expect("there is room again");
    }

    async fn a_reader_cannot_write(database: Database) {
        let db = database.open();
        let record = organization(id(10));
        let outcome = db.read(move |conn| organizations::insert(conn, &record)).await;
        assert!(matches!(outcome, Err(Error::NoWrites(_))), "{outcome:?}");
        assert!(!is_there(&db, 10).await);
    }

    async fn reads_do_not_wait_for_a_write(database: Database) {
        let db = Db::open(database.url(), 1).expect("it can be reached");
        make(&db, 10).await.expect("it is stored");
        let held = HeldWriter::of(&db);
        assert!(is_there(&db, 10).await);
        held.let_go().await;
    }

    async fn a_caller_that_goes_away_leaves_the_lanes_in_order(database: Database) {
        let db = Db::open(database.url(), 1).expect("it can be reached");
        let held = HeldWriter::of(&db);
        drop(queued([make(&db, 10), make(&db, 11)]).await);
        held.let_go().await;
        make(&db, 12).await.expect("the next caller is served");
        assert!(is_there(&db, 12).await);
    }

    async fn what_a_write_answered_is_there_for_every_reader(database: Database) {
        let house = House::on(&database).await;
        for number in 10..60 {
            let record = event(number, house.ours, "invite.created");
            house.write(move |conn| events::insert(conn, std::slice::from_ref(&record))).await;
            let ours = house.ours;
            let newest = house.read(move |conn| events::of_invite(conn, ours, id(500), storage::Page::default())).await;
            assert_eq!(newest.first().map(|it| it.id), Some(id(number)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_processes_that_write_to_one_sqlite_file_wait_for_each_other() {
    let database = Database::sqlite();
    let house = House::on(&database).await;
    let mut processes = Vec::new();
    for process in 1..=8_u128 {
        let (db, ours) = (database.open(), house.ours);
        processes.push(tokio::spawn(async move {
            for turn in 0..25 {
                let record = event(process * 1000 + turn, ours, "invite.created");
                // Reads first, as most units do: a deferred transaction would fail here with "database is locked".
                db.write(move |conn| {
                    organizations::find(conn, ours)?;
                    events::insert(conn, std::slice::from_ref(&record))
                })
                .await?;
            }
            Ok::<_, Error>(())
        }));
    }
    for process in processes {
        let outcome = process.await.expect("the task is not cancelled");
        outcome.expect("every write succeeds");
    }
    assert_eq!(database.count("SELECT count(*) FROM events"), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_database_keeps_no_connection() {
    let database = Database::postgres();
    let db = database.open();
    make(&db, 10).await.expect("it is stored");
    drop(db);
    until_closed(&database).await;
}

/// Waits until nobody but us is connected to a PostgreSQL database.
pub(crate) async fn until_closed(database: &Database) {
    let others = "SELECT count(*) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    test_support::until("every connection is closed", || database.count(others) == 0).await;
}
