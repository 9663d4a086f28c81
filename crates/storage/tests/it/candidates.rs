use domain::{CandidateId, OrganizationId};
use storage::{Error, candidates};
use test_support::{Database, each_database};

use crate::house::{House, id, start};
use crate::lanes::until_closed;

async fn make(house: &House, wanted: &[(OrganizationId, &str, u128)]) -> storage::Result<()> {
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(organization, key, number)| {
            (*organization, (*key).to_owned(), id::<CandidateId>(*number))
        })
        .collect();
    house
        .db
        .write(move |conn| candidates::make(conn, &wanted, start()))
        .await
}

async fn known(
    house: &House,
    wanted: &[(OrganizationId, &str)],
) -> Vec<(OrganizationId, String, CandidateId)> {
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(organization, key)| (*organization, (*key).to_owned()))
        .collect();
    let mut found = house
        .read(move |conn| candidates::by_email(conn, &wanted))
        .await;
    found.sort();
    found
}

each_database! {
    async fn a_person_is_one_per_organization_and_address(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        make(&house, &[(ours, "ada@example.com", 10), (foreign, "ada@example.com", 11)]).await.expect("both are new");
        let found = known(&house, &[(ours, "ada@example.com"), (foreign, "ada@example.com")]).await;
        assert_eq!(found, [(ours, "ada@example.com".into(), id(10)), (foreign, "ada@example.com".into(), id(11))]);
    }

    async fn only_the_pairs_asked_for_come(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        make(&house, &[(ours, "ada@example.com", 10), (ours, "eve@example.com", 11), (foreign, "eve@example.com", 12)])
            .await.expect("all are new");
        let found = known(&house, &[(ours, "ada@example.com"), (foreign, "eve@example.com")]).await;
        assert_eq!(found, [(ours, "ada@example.com".into(), id(10)), (foreign, "eve@example.com".into(), id(12))]);
        assert!(known(&house, &[]).await.is_empty());
    }

    async fn whoever_became_known_meanwhile_keeps_the_first_id(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        make(&house, &[(ours, "ada@example.com", 10)]).await.expect("she is new");
        let outcome = make(&house, &[(ours, "ada@example.com", 11), (ours, "eve@example.com", 12)]).await;
        assert!(matches!(outcome, Err(Error::Stale)), "{outcome:?}");
        assert_eq!(known(&house, &[(ours, "ada@example.com")]).await, [(ours, "ada@example.com".into(), id(10))]);
        assert!(known(&house, &[(ours, "eve@example.com")]).await.is_empty(), "the whole unit was rolled back");
        make(&house, &[]).await.expect("nobody is no trouble");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_groups_that_name_the_same_people_the_other_way_round_do_not_wait_for_each_other() {
    let database = Database::postgres();
    let house = House::on(&database).await;
    for round in 1..20 {
        let there: Vec<_> = (0..40)
            .map(|n| {
                let person = id::<CandidateId>(round * 1000 + n);
                (house.ours, format!("p{n}-{round}@example.com"), person)
            })
            .collect();
        let back: Vec<_> = there.iter().rev().cloned().collect();
        let (one, other) = tokio::join!(
            house
                .db
                .write(move |conn| candidates::make(conn, &there, start())),
            house
                .db
                .write(move |conn| candidates::make(conn, &back, start())),
        );
        for outcome in [&one, &other] {
            assert!(matches!(outcome, Ok(()) | Err(Error::Stale)), "{outcome:?}");
        }
        assert!(one.is_ok() || other.is_ok(), "one of them came first");
    }
    // The server counts what a connection did when that connection ends.
    drop(house);
    until_closed(&database).await;
    assert_eq!(
        database.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"),
        0
    );
}
