use domain::OrganizationId;
use storage::audit::{self, AuditRecord, ChainEnd, Stretch};
use storage::{Error, Page};
use test_support::each_database;

use crate::house::{House, id, start};

fn entry(number: u128, organization: OrganizationId) -> AuditRecord {
    AuditRecord {
        id: id(number),
        organization,
        actor: format!("user:{number}"),
        action: "api_key.made".into(),
        object: format!("api_key:{number}"),
        address: Some("192.0.2.7".into()),
        request: None,
        detail: serde_json::json!({ "kind": "platform" }),
        at: start(),
    }
}

async fn append(house: &House, record: AuditRecord) {
    house.write(move |conn| audit::append(conn, &record)).await;
}

async fn follow(house: &House, from: ChainEnd) -> Stretch {
    house
        .read(move |conn| audit::follow(conn, &from, 100))
        .await
}

async fn end_of(house: &House, organization: OrganizationId) -> ChainEnd {
    let ends = house.read(audit::ends).await;
    ends.into_iter()
        .find(|end| end.organization == organization)
        .expect("the chain was begun")
}

each_database! {
    async fn entries_are_listed_newest_first_page_by_page(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        // Ids that do not sort as they came: another process' clock runs behind.
        for number in [12, 10, 11] {
            append(&house, entry(number, ours)).await;
        }
        append(&house, entry(20, house.foreign)).await;
        let page = async |before, limit| {
            let page = Page { limit, before };
            let found = house.read(move |conn| audit::list(conn, ours, page)).await;
            found.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(page(None, 2).await, [id(11), id(10)]);
        assert_eq!(page(Some(id(10)), 2).await, [id(12)]);
        assert!(page(Some(id(20)), 2).await.is_empty(), "a foreign cursor opens nothing");
        let all = house.read(move |conn| audit::list(conn, ours, Page::default())).await;
        assert_eq!(format!("{:?}", all[2]), format!("{:?}", entry(12, ours)));
    }

    async fn a_chain_is_followed_from_its_beginning_to_its_end(database: Database) {
        let house = House::on(&database).await;
        for number in 1..=3 {
            append(&house, entry(number, house.ours)).await;
        }
        append(&house, entry(9, house.foreign)).await;
        let end = end_of(&house, house.ours).await;
        assert_eq!(follow(&house, audit::beginning(house.ours)).await, Stretch::Sound(end.clone()));
        assert_eq!(follow(&house, end).await, Stretch::End);
    }

    async fn whoever_adds_at_the_same_moment_finds_a_place_in_the_chain(database: Database) {
        let house = House::on(&database).await;
        let adding: Vec<_> = (1..=20_u128)
            .map(|number| {
                let (db, record) = (house.db.clone(), entry(number, house.ours));
                tokio::spawn(async move { db.write(move |conn| audit::append(conn, &record)).await })
            })
            .collect();
        for added in adding {
            added.await.expect("no panic").expect("it is added");
        }
        let end = end_of(&house, house.ours).await;
        assert_eq!(end.number, 20);
        assert_eq!(follow(&house, audit::beginning(house.ours)).await, Stretch::Sound(end));
    }

    async fn what_is_rolled_back_leaves_no_gap(database: Database) {
        let house = House::on(&database).await;
        append(&house, entry(1, house.ours)).await;
        let second = entry(2, house.ours);
        let refused = house.db.write(move |conn| {
            audit::append(conn, &second)?;
            Err::<(), _>(Error::Refused)
        });
        assert!(refused.await.is_err());
        append(&house, entry(3, house.ours)).await;
        let end = end_of(&house, house.ours).await;
        assert_eq!(end.number, 2);
        assert_eq!(follow(&house, audit::beginning(house.ours)).await, Stretch::Sound(end));
    }

    async fn whatever_is_changed_behind_its_back_shows(database: Database) {
        let house = House::on(&database).await;
        for number in 1..=4 {
            append(&house, entry(number, house.ours)).await;
        }
        let sound = follow(&house, audit::beginning(house.ours)).await;
        for (harm, mend, at) in [
            ("UPDATE audit_events SET actor = 'user:9' WHERE number = 2", "UPDATE audit_events SET actor = 'user:2' WHERE number = 2", 2),
            ("UPDATE audit_events SET address = NULL WHERE number = 3", "UPDATE audit_events SET address = '192.0.2.7' WHERE number = 3", 3),
            ("UPDATE audit_events SET at = at + 1 WHERE number = 1", "UPDATE audit_events SET at = at - 1 WHERE number = 1", 1),
            ("UPDATE audit_events SET number = 5 WHERE number = 4", "UPDATE audit_events SET number = 4 WHERE number = 5", 4),
        ] {
            database.run_sql(harm);
            let found = follow(&house, audit::beginning(house.ours)).await;
            assert_eq!(found, Stretch::Broken { number: at }, "{harm}");
            database.run_sql(mend);
            assert_eq!(follow(&house, audit::beginning(house.ours)).await, sound, "{mend}");
        }
    }
}
