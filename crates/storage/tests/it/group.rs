//! `GroupLane`: asks that share a transaction.

use domain::OrganizationId;
use storage::events::{self, EventRecord};
use storage::{AnyConnection, Db, Error, GroupLane, Grouped, Page, Result};
use test_support::{Database, each_database};

use crate::house::{HeldWriter, House, event, id, queued};
use crate::lost_connection::lose_connection;

/// An ask to write down one fact, which may go wrong.
#[derive(Debug, Clone, Copy)]
struct Note {
    organization: OrganizationId,
    number: u128,
    goes_wrong: Option<Where>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Where {
    PanicsInLoad,
    PanicsInDecide,
    PanicsInSave,
    LosesConnectionInSave,
}

/// What a member learns: how many were decided together, and how many of them before it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Noted {
    together: usize,
    earlier: usize,
}

#[derive(Default)]
struct Notes {
    records: Vec<EventRecord>,
    goes_wrong: Option<Where>,
}

impl Grouped for Note {
    type World = Noted;
    type Reply = Noted;
    type Changes = Notes;

    fn load(_: &mut AnyConnection, asks: &[&Self]) -> Result<Noted> {
        assert!(
            asks.iter()
                .all(|ask| ask.goes_wrong != Some(Where::PanicsInLoad)),
            "load is broken"
        );
        Ok(Noted {
            together: asks.len(),
            earlier: 0,
        })
    }

    fn decide(&self, world: &mut Noted, changes: &mut Notes) -> Noted {
        assert!(
            self.goes_wrong != Some(Where::PanicsInDecide),
            "decide is broken"
        );
        let reply = *world;
        world.earlier += 1;
        changes
            .records
            .push(event(self.number, self.organization, "invite.created"));
        changes.goes_wrong = changes.goes_wrong.or(self.goes_wrong);
        reply
    }

    fn save(conn: &mut AnyConnection, changes: Notes) -> Result<()> {
        assert!(
            changes.goes_wrong != Some(Where::PanicsInSave),
            "save is broken"
        );
        if changes.goes_wrong == Some(Where::LosesConnectionInSave) {
            lose_connection(conn)?;
        }
        events::insert(conn, &changes.records)
    }
}

/// A lane with one writer.
struct Lane {
    house: House,
    notes: GroupLane<Note>,
}

impl Lane {
    async fn on(database: &Database) -> Self {
        let house = House::on(database).await;
        let db = Db::open(database.url(), 1).expect("it can be reached");
        let house = House { db, ..house };
        Self {
            notes: GroupLane::new(house.db.clone()),
            house,
        }
    }

    fn note(&self, number: u128) -> Note {
        Note {
            organization: self.house.ours,
            number,
            goes_wrong: None,
        }
    }

    /// Has all of them wait together, then lets the writer come.
    async fn ask_together(&self, notes: &[Note]) -> Vec<Result<Noted>> {
        let held = HeldWriter::of(&self.house.db);
        let waiting = queued(notes.iter().map(|note| self.notes.ask(*note))).await;
        held.let_go().await;
        let mut answers = Vec::new();
        for ask in waiting {
            answers.push(ask.await);
        }
        answers
    }

    async fn stored(&self) -> Vec<u128> {
        let ours = self.house.ours;
        let page = Page {
            limit: 10_000,
            before: None,
        };
        let found = self
            .house
            .read(move |conn| events::of_invite(conn, ours, id(500), page))
            .await;
        let mut numbers: Vec<_> = found
            .iter()
            .map(|it| uuid::Uuid::from(it.id).as_u128())
            .collect();
        numbers.reverse();
        numbers
    }

    /// Notes 10 to 16, of which number 13 goes wrong.
    fn seven_with_a_bad_one(&self, goes_wrong: Where) -> Vec<Note> {
        let mut notes: Vec<_> = (10..17).map(|number| self.note(number)).collect();
        notes[3].goes_wrong = Some(goes_wrong);
        notes
    }
}

each_database! {
    async fn a_lone_ask_waits_for_nobody(database: Database) {
        let lane = Lane::on(&database).await;
        let answer = lane.notes.ask(lane.note(10)).await.expect("it is stored");
        assert_eq!(answer, Noted { together: 1, earlier: 0 });
        assert_eq!(lane.stored().await, [10]);
    }

    async fn what_waits_together_is_decided_and_stored_together_up_to_64(database: Database) {
        let lane = Lane::on(&database).await;
        let notes: Vec<_> = (100..200).map(|number| lane.note(number)).collect();
        let answers = lane.ask_together(&notes).await;
        let wanted = (0..64).map(|earlier| Noted { together: 64, earlier })
            .chain((0..36).map(|earlier| Noted { together: 36, earlier }));
        for (answer, wanted) in answers.into_iter().zip(wanted) {
            assert_eq!(answer.expect("it is stored"), wanted);
        }
        assert_eq!(lane.stored().await, (100..200).collect::<Vec<_>>());
    }

    async fn an_answer_leaves_after_the_commit(database: Database) {
        let lane = Lane::on(&database).await;
        for number in 10..40 {
            lane.notes.ask(lane.note(number)).await.expect("it is stored");
            assert_eq!(lane.stored().await.last(), Some(&number));
        }
    }

    async fn asks_from_many_sides_are_each_answered_and_stored_once(database: Database) {
        let house = House::on(&database).await;
        let notes = GroupLane::new(house.db.clone());
        let asks: Vec<_> = (100..500).map(|number| {
            let (notes, organization) = (notes.clone(), house.ours);
            tokio::spawn(async move { notes.ask(Note { organization, number, goes_wrong: None }).await })
        }).collect();
        for ask in asks {
            ask.await.expect("the task is not cancelled").expect("it is stored");
        }
        assert_eq!(database.count("SELECT count(*) FROM events"), 400);
    }

    async fn one_that_cannot_be_stored_spoils_no_other(database: Database) {
        let lane = Lane::on(&database).await;
        lane.notes.ask(lane.note(13)).await.expect("it is stored");
        let notes: Vec<_> = (10..17).map(|number| lane.note(number)).collect();
        let answers = lane.ask_together(&notes).await;
        for (note, answer) in notes.iter().zip(answers) {
            match note.number {
                13 => assert!(matches!(answer, Err(Error::Taken(_))), "{answer:?}"),
                _ => assert_eq!(answer.expect("it is stored"), Noted { together: 1, earlier: 0 }),
            }
        }
        assert_eq!(lane.stored().await, [10, 11, 12, 13, 14, 15, 16]);
    }

    async fn one_that_panics_spoils_no_other(database: Database) {
        for goes_wrong in [Where::PanicsInLoad, Where::PanicsInDecide, Where::PanicsInSave] {
            let lane = Lane::on(&database).await;
            let answers = lane.ask_together(&lane.seven_with_a_bad_one(goes_wrong)).await;
            for (at, answer) in answers.into_iter().enumerate() {
                match at {
                    3 => assert!(matches!(answer, Err(Error::Panicked)), "{goes_wrong:?}: {answer:?}"),
                    _ => assert!(answer.is_ok(), "{goes_wrong:?}: {answer:?}"),
                }
            }
            assert_eq!(lane.stored().await, [10, 11, 12, 14, 15, 16]);
            database.run_sql("DELETE FROM events; DELETE FROM organizations;");
        }
    }

    async fn when_too_many_wait_the_next_is_told_to_come_back(database: Database) {
        let lane = Lane::on(&database).await;
        let held = HeldWriter::of(&lane.house.db);
        let waiting = queued((0..4096).map(|number| lane.notes.ask(lane.note(10_000 + number)))).await;
        let outcome = lane.notes.ask(lane.note(10)).await;
        assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}");
        held.let_go().await;
        for ask in waiting {
            ask.await.expect("whoever waited is served");
        }
        lane.notes.ask(lane.note(10)).await.expect("there is room again");
    }

    async fn when_the_writers_have_too_much_to_do_an_ask_is_told_to_come_back(database: Database) {
        let lane = Lane::on(&database).await;
        let held = HeldWriter::of(&lane.house.db);
        let waiting = queued((0..1024).map(|_| lane.house.db.write(|_| Ok(())))).await;
        let outcome = lane.notes.ask(lane.note(10)).await;
        assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}");
        held.let_go().await;
        for unit in waiting {
            unit.await.expect("whoever waited is served");
        }
        lane.notes.ask(lane.note(11)).await.expect("there is room again");
        assert_eq!(lane.stored().await, [11]);
    }

    async fn an_asker_that_goes_away_leaves_the_lane_in_order(database: Database) {
        let lane = Lane::on(&database).await;
        let held = HeldWriter::of(&lane.house.db);
        drop(queued((10..20).map(|number| lane.notes.ask(lane.note(number)))).await);
        held.let_go().await;
        lane.notes.ask(lane.note(20)).await.expect("the next one is served");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_loses_its_connection_stores_nothing_says_so_and_the_next_one_is_served() {
    let database = Database::postgres();
    let lane = Lane::on(&database).await;
    let answers = lane
        .ask_together(&lane.seven_with_a_bad_one(Where::LosesConnectionInSave))
        .await;
    for answer in answers {
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    }
    assert!(lane.stored().await.is_empty());
    let answers = lane.ask_together(&[lane.note(20), lane.note(21)]).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(lane.stored().await, [20, 21]);
}
