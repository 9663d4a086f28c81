use chrono::{DateTime, TimeDelta, Utc};
use domain::{ConnectionKind, GrantId};
use storage::grants::{self, Failing, GrantRecord, Lease, Tokens};
use test_support::each_database;

use crate::house::{House, id};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const FIRST: i64 = 1;

/// A grant in use whose access token is over.
async fn granted(house: &House) -> GrantId {
    let grant = GrantRecord {
        id: id(5),
        organization: house.ours,
        connection: id(6),
        kind: ConnectionKind::Lever,
        held: None,
        lost_at: None,
        account_id: None,
        account_name: None,
        granted_at: NOW,
        granted_at_there: None,
        tokens: Tokens {
            access_token: "sealed".into(),
            refresh_token: "sealed".into(),
            access_ends_at: NOW,
            refresh_at: NOW,
            refreshed_at: NOW,
            after_refusal: false,
        },
        version: FIRST,
        lease: None,
        failing: None,
        told_ending: false,
    };
    house.write(move |conn| grants::insert(conn, &grant)).await;
    id(5)
}

/// May whoever read the grant at its first version fetch the next tokens?
async fn may_fetch(house: &House, grant: GrantId, now: DateTime<Utc>) -> bool {
    let lease = Lease {
        holder: uuid::Uuid::from_u128(7),
        until: now + TimeDelta::minutes(1),
    };
    let ours = house.ours;
    house
        .write(move |conn| grants::lease(conn, ours, grant, FIRST, lease, now))
        .await
}

each_database! {
    async fn one_at_a_time_fetches_the_next_tokens(database: Database) {
        let house = House::on(&database).await;
        let grant = granted(&house).await;
        assert!(may_fetch(&house, grant, NOW).await);
        assert!(!may_fetch(&house, grant, NOW + TimeDelta::seconds(59)).await);
        assert!(may_fetch(&house, grant, NOW + TimeDelta::seconds(60)).await);
    }

    async fn nobody_fetches_for_a_grant_that_was_lost_since_it_was_read(database: Database) {
        let house = House::on(&database).await;
        let (ours, grant) = (house.ours, granted(&house).await);
        assert!(may_fetch(&house, grant, NOW).await);
        assert!(house.write(move |conn| grants::note_lost(conn, ours, grant, FIRST, NOW)).await);
        assert!(!may_fetch(&house, grant, NOW).await);
    }

    async fn nobody_fetches_before_it_is_time_again(database: Database) {
        let house = House::on(&database).await;
        let (ours, grant) = (house.ours, granted(&house).await);
        let retry_at = NOW + TimeDelta::seconds(30);
        let failing = Failing { since: NOW, times: 1, retry_at };
        house.write(move |conn| grants::put_off(conn, ours, grant, FIRST, failing)).await;
        assert!(!may_fetch(&house, grant, NOW).await);
        assert!(may_fetch(&house, grant, retry_at).await);
    }
}
