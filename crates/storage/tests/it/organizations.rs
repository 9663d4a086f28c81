use domain::Organization;
use storage::{Page, organizations};
use test_support::each_database;

use crate::house::{House, days, id, organization, start};

each_database! {
    async fn what_was_stored_is_found_as_it_was(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let found = house.read(move |conn| organizations::find(conn, ours)).await.expect("it is there");
        let stored = organization(ours);
        assert_eq!(found.organization, stored.organization);
        assert_eq!(found.link_key, stored.link_key);
        assert_eq!(found.signing_secret, stored.signing_secret);
        assert_eq!(found.created_at, start());
        assert!(house.read(|conn| organizations::find(conn, id(99))).await.is_none());
    }

    async fn of_those_asked_for_the_known_ones_come(database: Database) {
        let house = House::on(&database).await;
        let found = house.read(|conn| organizations::among(conn, &[id(2), id(99), id(2)])).await;
        let ids: Vec<_> = found.iter().map(|record| record.organization.id).collect();
        assert_eq!(ids, [house.foreign]);
        assert!(house.read(|conn| organizations::among(conn, &[])).await.is_empty());
    }

    async fn what_people_may_change_is_replaced_and_the_rest_stays(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let changed = Organization {
            id: ours,
            name: "Renamed".into(),
            logo_url: Some("https://example.com/logo.svg".into()),
            privacy_url: None,
            note_visibility: domain::NoteVisibility::Public,
            reply_to: Some("people@example.com".into()),
        };
        let wanted = changed.clone();
        assert!(house.write(move |conn| organizations::update(conn, &changed)).await);
        let found = house.read(move |conn| organizations::find(conn, ours)).await.expect("it is there");
        assert_eq!(found.organization, wanted);
        assert_eq!(found.link_key, organization(ours).link_key);
        assert_eq!(found.created_at, start());
    }

    async fn changing_what_is_not_there_says_so_and_makes_nothing(database: Database) {
        let house = House::on(&database).await;
        let unknown = organization(id(99)).organization;
        assert!(!house.write(move |conn| organizations::update(conn, &unknown)).await);
        assert!(!house.write(|conn| organizations::set_signing_secret(conn, id(99), "new")).await);
        assert!(house.read(|conn| organizations::find(conn, id(99))).await.is_none());
    }

    async fn a_new_signing_secret_is_that_organization_s_alone(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        assert!(house.write(move |conn| organizations::set_signing_secret(conn, ours, "new")).await);
        let secret = async |of| {
            let found = house.read(move |conn| organizations::find(conn, of)).await;
            found.map(|record| record.signing_secret)
        };
        assert_eq!(secret(ours).await.as_deref(), Some("new"));
        assert_eq!(secret(foreign).await.as_deref(), Some("encrypted secret"));
    }

    async fn operators_page_through_all_of_them_newest_first(database: Database) {
        let house = House::on(&database).await;
        let mut third = organization(id(3));
        third.created_at = start() + days(1);
        house.write(move |conn| organizations::insert(conn, &third)).await;
        let page = Page { limit: 2, before: None };
        let first = house.read(move |conn| organizations::list(conn, page)).await;
        let ids: Vec<_> = first.iter().map(|record| record.organization.id).collect();
        assert_eq!(ids, [id(3), id(2)]);
        let page = Page { limit: 2, before: Some(id(2)) };
        let rest = house.read(move |conn| organizations::list(conn, page)).await;
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].organization.id, house.ours);
    }
}
