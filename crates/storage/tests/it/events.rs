use domain::EventId;
use storage::events::{self, EventRecord};
use storage::{Error, Page};
use test_support::each_database;

use crate::house::{House, event, id};

async fn has_events(house: &House, records: &[EventRecord]) {
    let records = records.to_vec();
    house
        .write(move |conn| events::insert(conn, &records))
        .await;
}

async fn timeline(house: &House, page: Page) -> Vec<EventRecord> {
    let ours = house.ours;
    house
        .read(move |conn| events::of_invite(conn, ours, id(500), page))
        .await
}

async fn ids(house: &House, page: Page) -> Vec<EventId> {
    timeline(house, page)
        .await
        .into_iter()
        .map(|it| it.id)
        .collect()
}

each_database! {
    async fn a_timeline_is_read_newest_first_whatever_the_order_of_writing(database: Database) {
        let house = House::on(&database).await;
        has_events(&house, &[event(12, house.ours, "invite.started"), event(10, house.ours, "invite.created")]).await;
        has_events(&house, &[event(11, house.ours, "mail.sent")]).await;
        has_events(&house, &[]).await;
        let found = timeline(&house, Page::default()).await;
        let names: Vec<_> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["invite.started", "mail.sent", "invite.created"]);
        assert_eq!(format!("{:?}", found[2]), format!("{:?}", event(10, house.ours, "invite.created")));
    }

    async fn a_timeline_is_one_invite_s_of_one_organization(database: Database) {
        let house = House::on(&database).await;
        let other = EventRecord { invite: Some(id(501)), ..event(11, house.ours, "invite.created") };
        let none = EventRecord { invite: None, ..event(12, house.ours, "key.made") };
        has_events(&house, &[event(10, house.ours, "invite.created"), other, none, event(13, house.foreign, "invite.created")]).await;
        assert_eq!(ids(&house, Page::default()).await, [id(10)]);
    }

    async fn the_facts_of_one_name_are_listed_for_the_whole_organization(database: Database) {
        let house = House::on(&database).await;
        let none = EventRecord { invite: None, ..event(12, house.ours, "greenhouse.response_error") };
        has_events(&house, &[
            event(10, house.ours, "greenhouse.response_error"), event(11, house.ours, "invite.created"), none,
            event(13, house.foreign, "greenhouse.response_error"), event(14, house.ours, "greenhouse.response_error"),
        ]).await;
        let ours = house.ours;
        let named = async |page| {
            let found = house.read(move |conn| events::named(conn, ours, "greenhouse.response_error", page)).await;
            found.into_iter().map(|it| it.id).collect::<Vec<EventId>>()
        };
        assert_eq!(named(Page { limit: 2, before: None }).await, [14, 12].map(id));
        assert_eq!(named(Page { limit: 2, before: Some(id(12)) }).await, [10].map(id));
    }

    async fn pages_hold_everything_once(database: Database) {
        let house = House::on(&database).await;
        let all: Vec<_> = (10..20).map(|number| event(number, house.ours, "invite.resent")).collect();
        has_events(&house, &all).await;
        assert_eq!(ids(&house, Page { limit: 6, before: None }).await, [19, 18, 17, 16, 15, 14].map(id));
        assert_eq!(ids(&house, Page { limit: 6, before: Some(id(14)) }).await, [13, 12, 11, 10].map(id));
    }

    async fn a_fact_is_written_down_once(database: Database) {
        let house = House::on(&database).await;
        has_events(&house, &[event(10, house.ours, "invite.created")]).await;
        let again = event(10, house.ours, "invite.created");
        let outcome = house.db.write(move |conn| events::insert(conn, std::slice::from_ref(&again))).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
    }
}
