use chrono::{DateTime, TimeDelta, Utc};
use domain::OrganizationId;
use storage::Error;
use storage::idempotency::{self, KeptAnswer};
use test_support::each_database;

use crate::house::{House, hours, start};

fn answer(body: &str, now: DateTime<Utc>) -> KeptAnswer {
    KeptAnswer {
        body_hash: vec![1; 32],
        status: 201,
        answer: Some(body.into()),
        created_at: now,
    }
}

async fn keep(
    house: &House,
    of: OrganizationId,
    key: &'static str,
    route: &'static str,
    answer: KeptAnswer,
) -> storage::Result<()> {
    house
        .db
        .write(move |conn| idempotency::keep(conn, of, key, route, &answer))
        .await
}

async fn find(
    house: &House,
    of: OrganizationId,
    key: &'static str,
    route: &'static str,
    now: DateTime<Utc>,
) -> Option<String> {
    let found = house
        .read(move |conn| idempotency::find(conn, of, key, route, now))
        .await;
    found.and_then(|kept| kept.answer)
}

each_database! {
    async fn an_answer_is_kept_per_organization_key_and_route(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        for (of, key, route, body) in
            [(ours, "k", "POST /a", "1"), (ours, "k", "POST /b", "2"), (ours, "K", "POST /a", "3"), (foreign, "k", "POST /a", "4")]
        {
            keep(&house, of, key, route, answer(body, start())).await.expect("it is kept");
        }
        assert_eq!(find(&house, ours, "k", "POST /a", start()).await.as_deref(), Some("1"));
        assert_eq!(find(&house, ours, "k", "POST /b", start()).await.as_deref(), Some("2"));
        assert_eq!(find(&house, ours, "K", "POST /a", start()).await.as_deref(), Some("3"));
        assert_eq!(find(&house, foreign, "k", "POST /a", start()).await.as_deref(), Some("4"));
        assert_eq!(find(&house, foreign, "k", "POST /b", start()).await, None);
    }

    async fn an_answer_comes_back_as_it_was_given(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let secret = KeptAnswer { answer: None, status: 204, ..answer("", start()) };
        keep(&house, ours, "k", "POST /a", secret.clone()).await.expect("it is kept");
        let found = house.read(move |conn| idempotency::find(conn, ours, "k", "POST /a", start())).await;
        assert_eq!(format!("{:?}", found.expect("it is there")), format!("{secret:?}"));
    }

    async fn a_key_is_answered_once(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        keep(&house, ours, "k", "POST /a", answer("first", start())).await.expect("it is kept");
        let outcome = keep(&house, ours, "k", "POST /a", answer("second", start() + hours(23))).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
        assert_eq!(find(&house, ours, "k", "POST /a", start()).await.as_deref(), Some("first"));
    }

    async fn an_answer_lasts_for_a_day_and_then_makes_room(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        keep(&house, ours, "k", "POST /a", answer("old", start())).await.expect("it is kept");
        let last = start() + hours(24) - TimeDelta::microseconds(1);
        assert_eq!(find(&house, ours, "k", "POST /a", last).await.as_deref(), Some("old"));
        let over = start() + hours(24);
        assert_eq!(find(&house, ours, "k", "POST /a", over).await, None);
        keep(&house, ours, "k", "POST /a", answer("new", over)).await.expect("the old one makes room");
        assert_eq!(find(&house, ours, "k", "POST /a", over).await.as_deref(), Some("new"));
    }

    async fn answers_on_the_routes_that_show_secrets_are_found_until_they_are_replaced(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        for (of, key, route, minute) in [
            (ours, "late", "POST /v1/api-keys", 3), (ours, "k", "POST /v1/api-keys", 2), (ours, "k", "POST /v1/invites", 0),
            (foreign, "k", "POST /v1/api-keys", 1),
        ] {
            keep(&house, of, key, route, answer("secret", start() + TimeDelta::minutes(minute))).await.expect("it is kept");
        }
        let found = async |most| {
            let before = start() + TimeDelta::minutes(2);
            let found = house.read(move |conn| idempotency::answers_before(conn, "/api-keys", 409, before, most)).await;
            found.into_iter().map(|it| (it.organization, it.key, it.answer)).collect::<Vec<_>>()
        };
        let theirs = (foreign, "k".to_owned(), "secret".to_owned());
        assert_eq!(found(10).await, [theirs.clone(), (ours, "k".into(), "secret".into())]);
        assert_eq!(found(1).await, std::slice::from_ref(&theirs));
        house.write(move |conn| idempotency::replace_answer(conn, ours, "k", "POST /v1/api-keys", 409, "gone")).await;
        assert_eq!(found(10).await, [theirs]);
        assert_eq!(find(&house, ours, "k", "POST /v1/api-keys", start()).await.as_deref(), Some("gone"));
        assert_eq!(find(&house, ours, "k", "POST /v1/invites", start()).await.as_deref(), Some("secret"));
    }

    async fn only_what_is_older_than_a_day_is_forgotten(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        keep(&house, ours, "old", "POST /a", answer("old", start())).await.expect("it is kept");
        keep(&house, ours, "new", "POST /a", answer("new", start() + hours(1))).await.expect("it is kept");
        assert_eq!(house.write(|conn| idempotency::forget_old(conn, start() + hours(24))).await, 1);
        assert_eq!(find(&house, ours, "new", "POST /a", start() + hours(24)).await.as_deref(), Some("new"));
    }
}
