//! Papers of sittings, and the revisions of results.

use std::collections::BTreeMap;

use domain::{Answer, Grade, QuestionId, ResultBody, Revision};
use storage::attempts::{self, Paper};
use storage::{Error, invites};
use test_support::each_database;

use crate::house::{House, id, start};

fn paper(seq: i64, text: &str) -> Paper {
    let question: QuestionId = id(70);
    let grade = Grade {
        question_id: question,
        points: 2.5,
        comment: Some("Good".into()),
    };
    Paper {
        answers: BTreeMap::from([
            (question, Answer::Text(text.into())),
            (id(71), Answer::Choices(vec![id(80), id(81)])),
        ]),
        seq,
        marks: BTreeMap::from([(question, grade)]),
    }
}

each_database! {
    async fn a_sitting_begins_with_an_empty_paper(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let found = house.read(move |conn| attempts::find(conn, ours, id(10), 1)).await;
        assert_eq!((found.answers.len(), found.seq, found.marks.len()), (0, 0, 0));
    }

    async fn each_save_replaces_the_paper_of_its_own_sitting(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        for (organization, attempt, seq, text) in
            [(ours, 1, 1, "one"), (ours, 1, 2, "two ✓\n"), (ours, 2, 7, "again"), (foreign, 1, 9, "foreign")]
        {
            house.write(move |conn| attempts::save(conn, organization, id(10), attempt, &paper(seq, text))).await;
        }
        for (organization, attempt, seq, text) in [(ours, 1, 2, "two ✓\n"), (ours, 2, 7, "again"), (foreign, 1, 9, "foreign")] {
            let found = house.read(move |conn| attempts::find(conn, organization, id(10), attempt)).await;
            let wanted = paper(seq, text);
            assert_eq!((found.answers, found.seq, found.marks), (wanted.answers, wanted.seq, wanted.marks));
        }
    }

    async fn a_revision_is_kept_once_under_its_number(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let keep = async |organization, number| {
            let revision = Revision { revision: number, at: start(), body: ResultBody::default() };
            house.db.write(move |conn| invites::keep_revision(conn, organization, id(10), &revision)).await
        };
        keep(ours, 1).await.expect("the first is kept");
        keep(ours, 2).await.expect("the second is kept");
        keep(house.foreign, 1).await.expect("another organization counts for itself");
        let outcome = keep(ours, 2).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
    }
}
