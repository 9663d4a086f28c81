//! Lists of invites: filters and pages.

use domain::{InviteId, Origin, Status};
use storage::invites::{self, Filter, InviteRecord};
use storage::{Page, Result};
use test_support::each_database;

use crate::house::{House, candidate, id, invite};

async fn list(house: &House, filter: Filter, page: Page) -> Result<Vec<InviteId>> {
    let ours = house.ours;
    let found = house
        .db
        .read(move |conn| invites::list(conn, ours, &filter, page))
        .await?;
    Ok(found
        .records
        .into_iter()
        .map(|record| record.invite.id)
        .collect())
}

async fn those_with(house: &House, filter: Filter) -> Vec<InviteId> {
    list(house, filter, Page::default())
        .await
        .expect("the list is read")
}

async fn search(house: &House, q: &str) -> Vec<InviteId> {
    let q = Some(q.to_owned());
    those_with(
        house,
        Filter {
            q,
            ..Filter::default()
        },
    )
    .await
}

/// An invite of one person for one assessment.
fn of(
    number: u128,
    house: &House,
    first_name: &str,
    last_name: &str,
    email: &str,
    title: &str,
) -> InviteRecord {
    InviteRecord {
        candidate: candidate(first_name, last_name, email),
        assessment_title: title.into(),
        ..invite(number, house.ours)
    }
}

each_database! {
    async fn only_our_own_are_listed_newest_first(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(11, house.ours), invite(10, house.ours), invite(12, house.foreign)]).await;
        assert_eq!(those_with(&house, Filter::default()).await, [id(11), id(10)]);
    }

    async fn each_filter_narrows_and_all_of_them_count(database: Database) {
        let house = House::on(&database).await;
        let mut started = invite(11, house.ours);
        started.invite.status = Status::Started;
        let mut from_api = invite(12, house.ours);
        from_api.invite.origin = Origin::Api;
        let mut other = of(13, &house, "Grace", "Hopper", "Grace@Example.com", "COBOL");
        other.invite.assessment = id(901);
        house.has_invites(&[invite(10, house.ours), started, from_api, other]).await;

        let all = Filter::default;
        let status = Filter { status: Some(Status::Started), ..all() };
        assert_eq!(those_with(&house, status.clone()).await, [id(11)]);
        assert_eq!(those_with(&house, Filter { origin: Some(Origin::Api), ..all() }).await, [id(12)]);
        assert_eq!(those_with(&house, Filter { assessment: Some(id(901)), ..all() }).await, [id(13)]);
        let email = Filter { email: Some(" GRACE@example.COM ".into()), ..all() };
        assert_eq!(those_with(&house, email).await, [id(13)]);
        let none = Filter { origin: Some(Origin::Api), ..status };
        assert!(those_with(&house, none).await.is_empty());
        let nobody = Filter { email: Some("grace\0@example.com".into()), ..all() };
        assert!(those_with(&house, nobody).await.is_empty());
    }

    async fn a_search_looks_at_names_address_and_title_whatever_the_letter_case(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[
            of(10, &house, "Ada", "Lovelace", "countess@example.com", "Rust"),
            of(11, &house, "Zoë", "Ångström", "zo@candidate.example", "Straßenbau"),
        ]).await;
        for (q, wanted) in [
            ("ada", 10), ("LOVE", 10), ("Ada Love", 10), (" lovelace ", 10), ("COUNTESS@", 10), ("rUsT", 10),
            ("zoë", 11), ("ZOË", 11), ("ÅNGSTRÖM", 11), ("strasse", 11), ("STRAẞE", 11), ("candidate.example", 11),
        ] {
            assert_eq!(search(&house, q).await, [id(wanted)], "for {q:?}");
        }
        assert_eq!(search(&house, "  ").await, [id(11), id(10)]);
    }

    async fn a_search_finds_a_preferred_name(database: Database) {
        let house = House::on(&database).await;
        let mut record = invite(10, house.ours);
        record.candidate.preferred_name = Some("Countess".into());
        house.has_invites(&[record]).await;
        assert_eq!(search(&house, "countess").await, [id(10)]);
    }

    async fn a_search_does_not_see_what_people_do_not(database: Database) {
        let house = House::on(&database).await;
        let mut record = of(10, &house, "Ada", "Lovelace", "countess@example.com", "Rust");
        record.candidate.phone = Some("555 1234".into());
        house.has_invites(&[record]).await;
        for q in ["first_name", "email", "{", "\"", "null", "555 1234", "Ada\0", "Rust Lovelace", "greenhouse"] {
            assert!(search(&house, q).await.is_empty(), "for {q:?}");
        }
    }

    async fn a_search_takes_signs_literally(database: Database) {
        let house = House::on(&database).await;
        let titles = ["100 % Rust", "snake_case", "C:\\Rust", "plain", "[a-z]*?"];
        for (number, title) in (10..).zip(titles) {
            house.has_invites(&[of(number, &house, "Ada", "Lovelace", "ada@example.com", title)]).await;
        }
        for (q, wanted) in [("%", 10), ("_", 11), ("\\", 12), ("0 % r", 10), ("e_c", 11), (":\\r", 12), ("[a", 14), ("*", 14)] {
            assert_eq!(search(&house, q).await, [id(wanted)], "for {q:?}");
        }
        for q in ["p%n", "pl_in", "\\%", "%%", "a-z]?"] {
            assert!(search(&house, q).await.is_empty(), "for {q:?}");
        }
    }

    async fn a_search_sees_a_name_that_changed(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let renamed = InviteRecord { candidate: candidate("Grace", "Hopper", "g@example.com"), ..invite(10, house.ours) };
        house.write(move |conn| invites::save(conn, &renamed)).await;
        assert_eq!(search(&house, "hopper").await, [id(10)]);
        assert!(search(&house, "lovelace").await.is_empty());
    }

    async fn pages_hold_everything_once_even_while_invites_come_in(database: Database) {
        let house = House::on(&database).await;
        let first: Vec<_> = (100..125).map(|number| invite(number, house.ours)).collect();
        house.has_invites(&first).await;
        let (mut seen, mut before) = (Vec::new(), None);
        for newer in 200.. {
            let page = list(&house, Filter::default(), Page { limit: 7, before }).await.expect("the page is read");
            let Some(last) = page.last() else { break };
            before = Some((*last).into());
            seen.extend(page);
            house.has_invites(&[invite(newer, house.ours)]).await;
        }
        let wanted: Vec<InviteId> = (100..125).rev().map(id).collect();
        assert_eq!(seen, wanted);
    }

    async fn a_page_of_a_filtered_list_goes_on_where_the_last_one_ended(database: Database) {
        let house = House::on(&database).await;
        for number in 10..20 {
            let title = if number % 2 == 0 { "Even" } else { "Odd" };
            house.has_invites(&[of(number, &house, "Ada", "Lovelace", "ada@example.com", title)]).await;
        }
        let filter = Filter { q: Some("even".into()), ..Filter::default() };
        let page = |before| Page { limit: 3, before };
        let first = list(&house, filter.clone(), page(None)).await.expect("the page is read");
        assert_eq!(first, [id(18), id(16), id(14)]);
        let rest = list(&house, filter, page(Some(id(14)))).await.expect("the page is read");
        assert_eq!(rest, [id(12), id(10)]);
    }

    async fn a_search_looks_through_a_part_at_a_time_and_passes_nobody_over(database: Database) {
        let house = House::on(&database).await;
        let grace = of(100, &house, "Grace", "Hopper", "grace@example.com", "COBOL");
        house.has_invites(&[grace]).await;
        let numbers: Vec<u128> = (101..4_150).collect();
        for some in numbers.chunks(500) {
            let others: Vec<_> = some.iter().map(|number| invite(*number, house.ours)).collect();
            house.has_invites(&others).await;
        }
        let (mut seen, mut before, mut pages) = (Vec::new(), None, 0);
        loop {
            let ours = house.ours;
            let filter = Filter { q: Some("hopper".into()), ..Filter::default() };
            let page = Page { limit: 10, before };
            let listed = house.read(move |conn| invites::list(conn, ours, &filter, page)).await;
            seen.extend(listed.records.iter().map(|record| record.invite.id));
            pages += 1;
            let Some(looked_to) = listed.looked_to else { break };
            before = Some(looked_to.into());
        }
        assert_eq!(seen, [id(100)]);
        assert_eq!(pages, 3, "2,000 are looked through at a time");
    }
}
