use domain::{ConnectionKind, OrganizationId, Standing};
use storage::connections::{self, ConnectionRecord};
use storage::{AnyConnection, Error, Result, migrate};
use test_support::each_database;

use crate::house::{House, id};

/// Has an organization be connected to account `a-1`.
fn connect(conn: &mut AnyConnection, organization: OrganizationId, shared: bool) -> Result<()> {
    let fresh = id(organization.0.as_u128() + 100);
    let held = connections::hold(conn, organization, ConnectionKind::Lever, fresh)?;
    let connected = ConnectionRecord {
        standing: Standing::Connected,
        account_id: Some("a-1".into()),
        shared,
        ..held
    };
    connections::save(conn, &connected)
}

each_database! {
    async fn two_organizations_have_one_account_only_where_the_operator_says_so(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        house.write(move |conn| connect(conn, ours, false)).await;
        let second = house.db.write(move |conn| connect(conn, foreign, false)).await;
        assert!(matches!(&second, Err(Error::Taken(_))), "{second:?}");
        house.write(move |conn| connect(conn, foreign, true)).await;
        // Whoever has lost access keeps the account; whoever was disconnected does not.
        for (standing, is_taken) in [(Standing::NeedsAttention, true), (Standing::Disconnected, false)] {
            house.write(move |conn| {
                let held = connections::hold(conn, ours, ConnectionKind::Lever, id(1))?;
                connections::save(conn, &ConnectionRecord { standing, ..held })
            }).await;
            let second = house.db.write(move |conn| connect(conn, foreign, false)).await;
            assert_eq!(second.is_err(), is_taken, "{standing:?}");
        }
    }

    async fn organizations_that_had_one_account_before_that_was_kept_apart_go_on(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        house.write(move |conn| connect(conn, ours, false)).await;
        house.write(move |conn| connect(conn, foreign, true)).await;
        drop(house);
        database.run_sql("DROP TABLE partings; DROP INDEX connections_of_account; ALTER TABLE connections DROP COLUMN shared; \
             DELETE FROM __diesel_schema_migrations WHERE version = '20261125000018'");
        assert_eq!(migrate(database.url()).expect("it is brought up to date"), ["20261125000018"]);
        assert_eq!(database.count("SELECT count(*) FROM connections WHERE shared"), 2);
    }
}
