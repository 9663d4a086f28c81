use domain::Role;
use storage::users::{self, Session, User};
use storage::{Error, Page};
use test_support::each_database;

use crate::house::{House, days, hours, id, start, user};

async fn has_user(house: &House, user: &User) {
    let user = user.clone();
    house.write(move |conn| users::insert(conn, &user)).await;
}

async fn signs_in(house: &House, user: &User, token_hash: &'static [u8]) {
    let user = user.id;
    house
        .write(move |conn| users::open_session(conn, token_hash, user, "csrf", start()))
        .await;
}

async fn session(house: &House, token_hash: &'static [u8]) -> Option<Session> {
    house
        .read(move |conn| users::session(conn, token_hash))
        .await
}

async fn chooses_password(
    house: &House,
    user: &User,
    setup_hash: &[u8],
    hash: &'static str,
) -> bool {
    let (user, setup_hash) = (user.id, setup_hash.to_vec());
    house
        .write(move |conn| users::choose_password(conn, user, &setup_hash, hash))
        .await
}

fn setup_hash(user: &User) -> Vec<u8> {
    user.setup_hash
        .clone()
        .expect("a new user has a setup link")
}

each_database! {
    async fn a_user_is_found_by_address_whatever_its_letter_case(database: Database) {
        let house = House::on(&database).await;
        let ada = user(10, Some(house.ours), "Ada@Example.com");
        has_user(&house, &ada).await;
        let found = house.read(|conn| users::by_email(conn, " aDA@exAMple.com ")).await.expect("she is there");
        assert_eq!(found.id, ada.id);
        assert_eq!(found.email, "Ada@Example.com");
        assert_eq!(found.organization, Some(house.ours));
        assert_eq!(found.role, Role::Admin);
        assert_eq!(found.setup_expires_at, Some(start() + days(3)));
        assert!(house.read(|conn| users::by_email(conn, "eve@example.com")).await.is_none());
    }

    async fn an_address_has_one_account_whatever_its_letter_case(database: Database) {
        let house = House::on(&database).await;
        has_user(&house, &user(10, Some(house.ours), "ada@example.com")).await;
        let twin = user(11, Some(house.foreign), "ADA@example.com");
        let outcome = house.db.write(move |conn| users::insert(conn, &twin)).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
    }

    async fn an_operator_belongs_to_no_organization(database: Database) {
        let house = House::on(&database).await;
        has_user(&house, &user(10, None, "op@example.com")).await;
        let found = house.read(|conn| users::by_email(conn, "op@example.com")).await.expect("the operator is there");
        assert_eq!((found.organization, found.role), (None, Role::Operator));
        let ours = house.ours;
        assert!(house.read(move |conn| users::list(conn, ours, Page::default())).await.is_empty());
    }

    async fn an_organization_s_users_are_listed_newest_first_without_others(database: Database) {
        let house = House::on(&database).await;
        for (number, organization) in [(10, house.ours), (11, house.foreign), (12, house.ours), (13, house.ours)] {
            has_user(&house, &user(number, Some(organization), &format!("u{number}@example.com"))).await;
        }
        let ours = house.ours;
        let list = async |page| {
            let users = house.read(move |conn| users::list(conn, ours, page)).await;
            users.into_iter().map(|user| user.id).collect::<Vec<_>>()
        };
        assert_eq!(list(Page { limit: 2, before: None }).await, [id(13), id(12)]);
        assert_eq!(list(Page { limit: 2, before: Some(id(12)) }).await, [id(10)]);
    }

    async fn a_setup_link_works_once(database: Database) {
        let house = House::on(&database).await;
        let ada = user(10, Some(house.ours), "ada@example.com");
        has_user(&house, &ada).await;
        let hash = setup_hash(&ada);
        let seen = hash.clone();
        let found = house.read(move |conn| users::by_setup(conn, &seen)).await.expect("the link is open");
        assert_eq!(found.id, ada.id);
        assert!(chooses_password(&house, &ada, &hash, "first").await);
        assert!(!chooses_password(&house, &ada, &hash, "second").await);
        assert!(house.read(move |conn| users::by_setup(conn, &hash)).await.is_none());
        let found = house.read(|conn| users::by_email(conn, "ada@example.com")).await.expect("she is there");
        assert_eq!(found.password_hash.as_deref(), Some("first"));
        assert_eq!(found.setup_expires_at, None);
    }

    async fn a_setup_link_is_of_one_user(database: Database) {
        let house = House::on(&database).await;
        let (ada, eve) = (user(10, Some(house.ours), "ada@example.com"), user(11, Some(house.ours), "eve@example.com"));
        has_user(&house, &ada).await;
        has_user(&house, &eve).await;
        assert!(!chooses_password(&house, &eve, &setup_hash(&ada), "stolen").await);
        let found = house.read(|conn| users::by_email(conn, "eve@example.com")).await.expect("she is there");
        assert_eq!(found.password_hash, None);
    }

    async fn choosing_a_password_ends_every_session_of_that_user_and_no_other(database: Database) {
        let house = House::on(&database).await;
        let (ada, eve) = (user(10, Some(house.ours), "ada@example.com"), user(11, Some(house.ours), "eve@example.com"));
        for who in [&ada, &eve] {
            has_user(&house, who).await;
        }
        signs_in(&house, &ada, b"laptop").await;
        signs_in(&house, &ada, b"phone").await;
        signs_in(&house, &eve, b"eve's").await;
        assert!(chooses_password(&house, &ada, &setup_hash(&ada), "new").await);
        assert!(session(&house, b"laptop").await.is_none());
        assert!(session(&house, b"phone").await.is_none());
        assert!(session(&house, b"eve's").await.is_some());
    }

    async fn a_setup_link_that_is_used_up_signs_nobody_out(database: Database) {
        let house = House::on(&database).await;
        let ada = user(10, Some(house.ours), "ada@example.com");
        has_user(&house, &ada).await;
        assert!(chooses_password(&house, &ada, &setup_hash(&ada), "new").await);
        signs_in(&house, &ada, b"laptop").await;
        assert!(!chooses_password(&house, &ada, &setup_hash(&ada), "again").await);
        assert!(session(&house, b"laptop").await.is_some());
    }

    async fn a_session_knows_its_user_and_when_it_was_last_heard_of(database: Database) {
        let house = House::on(&database).await;
        let ada = user(10, Some(house.ours), "ada@example.com");
        has_user(&house, &ada).await;
        signs_in(&house, &ada, b"laptop").await;
        house.write(|conn| users::touch_session(conn, b"laptop", start() + hours(1))).await;
        let found = session(&house, b"laptop").await.expect("she is signed in");
        assert_eq!((found.user.id, found.csrf.as_str()), (ada.id, "csrf"));
        assert_eq!((found.created_at, found.seen_at), (start(), start() + hours(1)));
        house.write(|conn| users::close_session(conn, b"laptop")).await;
        assert!(session(&house, b"laptop").await.is_none());
    }

    async fn an_address_that_no_database_can_hold_is_nobody_s(database: Database) {
        let house = House::on(&database).await;
        assert!(house.read(|conn| users::by_email(conn, "ada\0@example.com")).await.is_none());
    }
}
