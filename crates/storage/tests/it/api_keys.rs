use chrono::{DateTime, Utc};
use domain::{ApiKeyId, ApiKeyKind, ApiKeyScope, WritebackState};
use storage::api_keys::{self, ApiKeyRecord};
use storage::{Error, Page};
use test_support::each_database;

use crate::house::{House, api_key, hours, id, start};
use crate::places::{has_places, in_state, place};

async fn has_key(house: &House, key: &ApiKeyRecord) {
    let key = key.clone();
    house.write(move |conn| api_keys::insert(conn, &key)).await;
}

async fn end(house: &House, key: u128, ends_at: DateTime<Utc>) -> bool {
    let ours = house.ours;
    house
        .write(move |conn| api_keys::end(conn, ours, id(key), ends_at))
        .await
}

async fn find(house: &House, key: u128) -> Option<ApiKeyRecord> {
    let ours = house.ours;
    house
        .read(move |conn| api_keys::find(conn, ours, id(key)))
        .await
}

async fn active(house: &House, now: DateTime<Utc>) -> Vec<ApiKeyId> {
    let ours = house.ours;
    let keys = house
        .read(move |conn| api_keys::active(conn, ours, ApiKeyKind::GreenhouseAssessment, now))
        .await;
    keys.into_iter().map(|key| key.id).collect()
}

async fn with_public_id(house: &House, public_id: &'static str) -> Option<(ApiKeyRecord, bool)> {
    let found = house.read(move |conn| api_keys::by_public_ids(conn, &[public_id]));
    found.await.pop()
}

each_database! {
    async fn several_are_found_at_once_and_each_once(database: Database) {
        let house = House::on(&database).await;
        for number in [10, 11, 12] {
            has_key(&house, &api_key(number, house.ours)).await;
        }
        let found = house.read(|conn| api_keys::by_public_ids(conn, &["public12", "public10", "unknown"])).await;
        let mut found: Vec<_> = found.into_iter().map(|(key, _)| key.id).collect();
        found.sort();
        assert_eq!(found, [id(10), id(12)]);
        assert!(house.read(|conn| api_keys::by_public_ids(conn, &[])).await.is_empty());
    }

    async fn what_was_stored_is_found_by_id_and_by_public_id(database: Database) {
        let house = House::on(&database).await;
        let mut key = api_key(10, house.ours);
        key.scopes = vec![ApiKeyScope::Assess, ApiKeyScope::Mail];
        has_key(&house, &key).await;
        let by_id = find(&house, 10).await.expect("it is there");
        let (by_public_id, _) = with_public_id(&house, "public10").await.expect("it is there");
        for found in [by_id, by_public_id] {
            assert_eq!(format!("{found:?}"), format!("{key:?}"));
        }
        assert!(with_public_id(&house, "PUBLIC10").await.is_none());
    }

    async fn a_key_tells_whether_write_backs_of_its_organization_are_blocked(database: Database) {
        let house = House::on(&database).await;
        has_key(&house, &api_key(10, house.ours)).await;
        has_key(&house, &api_key(11, house.foreign)).await;
        let blocked = async |public_id| {
            let found = with_public_id(&house, public_id).await;
            found.expect("the key is there").1
        };
        assert!(!blocked("public10").await);
        let sent = place(10, &house, 10, Some(in_state(WritebackState::Sent)));
        let stuck = place(11, &house, 10, Some(in_state(WritebackState::Blocked)));
        has_places(&house, &[sent]).await;
        assert!(!blocked("public10").await);
        has_places(&house, &[stuck]).await;
        assert!(blocked("public10").await);
        assert!(!blocked("public11").await);
    }

    async fn a_public_id_names_one_key(database: Database) {
        let house = House::on(&database).await;
        has_key(&house, &api_key(10, house.ours)).await;
        let twin = ApiKeyRecord { id: id(11), ..api_key(10, house.foreign) };
        let outcome = house.db.write(move |conn| api_keys::insert(conn, &twin)).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
    }

    async fn a_foreign_organization_neither_sees_nor_ends_nor_touches_a_key(database: Database) {
        let house = House::on(&database).await;
        has_key(&house, &api_key(10, house.ours)).await;
        let foreign = house.foreign;
        assert!(house.read(move |conn| api_keys::find(conn, foreign, id(10))).await.is_none());
        assert!(house.read(move |conn| api_keys::list(conn, foreign, Page::default())).await.is_empty());
        assert!(!house.write(move |conn| api_keys::end(conn, foreign, id(10), start())).await);
        house.write(move |conn| api_keys::touch(conn, foreign, id(10), start())).await;
        let key = find(&house, 10).await.expect("it is there");
        assert_eq!((key.ends_at, key.last_used_at), (None, None));
    }

    async fn keys_are_listed_newest_first(database: Database) {
        let house = House::on(&database).await;
        for number in [10, 11, 12] {
            has_key(&house, &api_key(number, house.ours)).await;
        }
        let ours = house.ours;
        let list = async |page| {
            let keys = house.read(move |conn| api_keys::list(conn, ours, page)).await;
            keys.into_iter().map(|key| key.id).collect::<Vec<_>>()
        };
        assert_eq!(list(Page { limit: 2, before: None }).await, [id(12), id(11)]);
        assert_eq!(list(Page { limit: 2, before: Some(id(11)) }).await, [id(10)]);
    }

    async fn active_keys_are_those_of_the_kind_that_have_not_ended_newest_first(database: Database) {
        let house = House::on(&database).await;
        for number in [10, 11, 12, 13] {
            has_key(&house, &api_key(number, house.ours)).await;
        }
        has_key(&house, &ApiKeyRecord { kind: ApiKeyKind::Platform, ..api_key(14, house.ours) }).await;
        has_key(&house, &api_key(15, house.foreign)).await;
        end(&house, 11, start()).await;
        end(&house, 12, start() + hours(1)).await;
        assert_eq!(active(&house, start()).await, [id(13), id(12), id(10)]);
        assert_eq!(active(&house, start() + hours(1)).await, [id(13), id(10)]);
        let ended = find(&house, 11).await.expect("it is kept");
        assert!(!ended.is_active(start()));
    }

    async fn an_earlier_end_stays(database: Database) {
        let house = House::on(&database).await;
        has_key(&house, &api_key(10, house.ours)).await;
        assert!(end(&house, 10, start() + hours(2)).await);
        assert!(end(&house, 10, start() + hours(1)).await);
        assert!(end(&house, 10, start() + hours(3)).await);
        assert_eq!(find(&house, 10).await.and_then(|key| key.ends_at), Some(start() + hours(1)));
        assert!(!end(&house, 99, start()).await);
    }

    async fn two_ends_at_the_same_moment_leave_the_earlier(database: Database) {
        let house = House::on(&database).await;
        for round in 0..20 {
            let number = 100 + round;
            has_key(&house, &api_key(number, house.ours)).await;
            tokio::join!(end(&house, number, start() + hours(1)), end(&house, number, start()));
            assert_eq!(find(&house, number).await.and_then(|key| key.ends_at), Some(start()));
        }
    }

    async fn a_key_that_was_called_with_says_when(database: Database) {
        let house = House::on(&database).await;
        has_key(&house, &api_key(10, house.ours)).await;
        has_key(&house, &api_key(11, house.ours)).await;
        let ours = house.ours;
        house.write(move |conn| api_keys::touch(conn, ours, id(10), start() + hours(1))).await;
        assert_eq!(find(&house, 10).await.and_then(|key| key.last_used_at), Some(start() + hours(1)));
        assert_eq!(find(&house, 11).await.and_then(|key| key.last_used_at), None);
    }
}
