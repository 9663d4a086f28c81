use domain::{CompleteOn, ResultBody, Revision, Status};
use storage::Error;
use storage::invites::{self, EmailState, InviteRecord, Link};
use test_support::each_database;

use crate::house::{House, candidate, hours, id, invite, link_hash, start};

async fn find(house: &House, number: u128) -> Option<InviteRecord> {
    let ours = house.ours;
    house
        .read(move |conn| invites::find(conn, ours, id(number)))
        .await
}

async fn insert(house: &House, record: InviteRecord) -> storage::Result<()> {
    house
        .db
        .write(move |conn| invites::insert(conn, std::slice::from_ref(&record)))
        .await
}

async fn save(house: &House, record: &InviteRecord) -> storage::Result<()> {
    let record = record.clone();
    house
        .db
        .write(move |conn| invites::save(conn, &record))
        .await
}

async fn by_link(house: &House, number: u128) -> Option<Link> {
    house
        .read(move |conn| invites::by_link(conn, &link_hash(number)))
        .await
}

/// An invite with every column filled.
fn full(number: u128, house: &House) -> InviteRecord {
    let mut record = invite(number, house.ours);
    record.invite.status = Status::Completed;
    record.invite.attempt.number = 2;
    record.invite.attempt.started_at = Some(start() + hours(1));
    record.invite.attempt.ends_at = Some(start() + hours(2));
    record.invite.resends = 3;
    record.invite.submitted_at = Some(start() + hours(2));
    record.invite.completed_at = Some(start() + hours(3));
    record.invite.result = Some(Revision {
        revision: 4,
        at: start() + hours(3),
        body: ResultBody {
            score: Some(82.5),
            summary: Some("Good ✓".into()),
            ..ResultBody::default()
        },
    });
    record.complete_on = CompleteOn::Submitted;
    record.candidate.preferred_name = Some("Countess".into());
    record.candidate.phone = Some("+44 1".into());
    record.ats.profile_url = Some("https://app.greenhouse.io/people/1".into());
    record.launch_url = Some("https://runner.example/1".into());
    record.email_state = EmailState::Sent;
    record.grant_number = 2;
    record
}

each_database! {
    async fn what_was_stored_is_found_as_it_was(database: Database) {
        let house = House::on(&database).await;
        for record in [invite(10, house.ours), full(11, &house)] {
            let number = u128::from_be_bytes(*uuid::Uuid::from(record.invite.id).as_bytes());
            insert(&house, record.clone()).await.expect("it is stored");
            let found = find(&house, number).await.expect("it is there");
            assert_eq!(found.invite, record.invite);
            assert_eq!(found.candidate, record.candidate);
            assert_eq!(found.ats, record.ats);
            assert_eq!(format!("{found:?}"), format!("{record:?}"));
        }
    }

    async fn storing_none_is_no_trouble(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[]).await;
    }

    async fn many_are_stored_at_once(database: Database) {
        let house = House::on(&database).await;
        let many: Vec<_> = (100..164).map(|number| invite(number, house.ours)).collect();
        house.has_invites(&many).await;
        for number in 100..164 {
            assert!(find(&house, number).await.is_some());
        }
    }

    async fn a_live_ask_is_one_invite(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let again = InviteRecord { ask_key: invite(10, house.ours).ask_key, ..invite(11, house.ours) };
        let outcome = insert(&house, again.clone()).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
        assert!(find(&house, 11).await.is_none());
        let foreign = InviteRecord { ask_key: again.ask_key.clone(), ..invite(12, house.foreign) };
        insert(&house, foreign).await.expect("another organization's ask is another ask");
        let replaced = InviteRecord { ask_key: None, ..invite(10, house.ours) };
        save(&house, &replaced).await.expect("the old one lets go of the ask");
        insert(&house, again).await.expect("the ask is free");
    }

    async fn invites_without_an_ask_are_never_in_each_other_s_way(database: Database) {
        let house = House::on(&database).await;
        for number in [10, 11] {
            insert(&house, InviteRecord { ask_key: None, ..invite(number, house.ours) }).await.expect("it is stored");
        }
    }

    async fn one_bad_row_stores_none_of_its_batch(database: Database) {
        let house = House::on(&database).await;
        let clash = InviteRecord { ask_key: invite(10, house.ours).ask_key, ..invite(11, house.ours) };
        let batch = [invite(10, house.ours), clash];
        let outcome = house.db.write(move |conn| invites::insert(conn, &batch)).await;
        assert!(matches!(outcome, Err(Error::Taken(_))), "{outcome:?}");
        assert!(find(&house, 10).await.is_none());
    }

    async fn a_change_raises_the_edition_and_a_late_one_is_stale(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let read = find(&house, 10).await.expect("it is there");
        let changed = InviteRecord { launch_url: Some("https://runner.example".into()), ..read.clone() };
        save(&house, &changed).await.expect("it is as it was read");
        let found = find(&house, 10).await.expect("it is there");
        assert_eq!(found.edition, read.edition + 1);
        assert_eq!(found.launch_url.as_deref(), Some("https://runner.example"));
        let late = InviteRecord { grant_number: 9, ..read };
        assert!(matches!(save(&house, &late).await, Err(Error::Stale)));
        assert_eq!(find(&house, 10).await.map(|it| it.grant_number), Some(1));
    }

    async fn a_change_can_empty_a_column(database: Database) {
        let house = House::on(&database).await;
        insert(&house, full(10, &house)).await.expect("it is stored");
        let mut record = find(&house, 10).await.expect("it is there");
        record.invite.attempt.started_at = None;
        record.invite.result = None;
        record.launch_url = None;
        save(&house, &record).await.expect("it is as it was read");
        let found = find(&house, 10).await.expect("it is there");
        assert_eq!(found.invite, record.invite);
        assert_eq!(found.launch_url, None);
    }

    async fn a_foreign_organization_neither_finds_nor_changes_it(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let foreign = house.foreign;
        assert!(house.read(move |conn| invites::find(conn, foreign, id(10))).await.is_none());
        let stolen = InviteRecord { mails: false, ..invite(10, foreign) };
        assert!(matches!(save(&house, &stolen).await, Err(Error::Stale)));
        house.write(move |conn| invites::set_email_state(conn, foreign, id(10), EmailState::Failed)).await;
        let found = find(&house, 10).await.expect("it is there");
        assert_eq!((found.mails, found.email_state), (true, EmailState::None));
    }

    async fn the_mail_s_state_is_noted_whatever_else_changed(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let read = find(&house, 10).await.expect("it is there");
        let ours = house.ours;
        house.write(move |conn| invites::set_email_state(conn, ours, id(10), EmailState::Sent)).await;
        assert!(matches!(save(&house, &read).await, Err(Error::Stale)), "a save would undo what was noted");
        assert_eq!(find(&house, 10).await.map(|it| it.email_state), Some(EmailState::Sent));
    }

    async fn a_results_page_finds_it_before_its_visitor_is_judged(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        let found = house.read(|conn| invites::find_for_judging(conn, id(10))).await.expect("it is there");
        assert_eq!(found.invite.organization, house.ours);
        assert!(house.read(|conn| invites::find_for_judging(conn, id(99))).await.is_none());
    }

    async fn a_link_is_live_then_dead_and_another_one_is_unknown(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        assert!(matches!(by_link(&house, 10).await, Some(Link::Live(found)) if found.invite.id == id(10)));
        let before = find(&house, 10).await.expect("it is there");
        let after = InviteRecord { link_hash: link_hash(77), ..before.clone() };
        house.write(move |conn| {
            storage::links::bury_link(conn, &before)?;
            invites::save(conn, &after)
        }).await;
        assert!(matches!(by_link(&house, 10).await, Some(Link::Dead)));
        assert!(matches!(by_link(&house, 77).await, Some(Link::Live(_))));
        assert!(by_link(&house, 99).await.is_none());
    }

    async fn of_the_asks_only_the_pairs_asked_for_come(database: Database) {
        let house = House::on(&database).await;
        let key = |number| invite(number, house.ours).ask_key.expect("these come with an ask");
        house.has_invites(&[
            invite(10, house.ours),
            invite(11, house.ours),
            InviteRecord { ask_key: Some(key(11)), ..invite(12, house.foreign) },
        ]).await;
        let asked = [(house.ours, key(10)), (house.foreign, key(11)), (house.foreign, key(99))];
        let mut found: Vec<_> = house.read(move |conn| invites::by_asks(conn, &asked)).await
            .into_iter().map(|it| it.invite.id).collect();
        found.sort();
        assert_eq!(found, [id(10), id(12)]);
        assert!(house.read(|conn| invites::by_asks(conn, &[])).await.is_empty());
    }

    async fn of_the_invites_only_the_pairs_asked_for_come(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours), invite(11, house.ours), invite(12, house.foreign)]).await;
        let asked = [(house.ours, id(10)), (house.foreign, id(11)), (house.foreign, id(12)), (house.ours, id(99))];
        let mut found: Vec<_> = house.read(move |conn| invites::among(conn, &asked)).await
            .into_iter().map(|it| it.invite.id).collect();
        found.sort();
        assert_eq!(found, [id(10), id(12)]);
        assert!(house.read(|conn| invites::among(conn, &[])).await.is_empty());
    }

    async fn those_whose_time_is_over_are_due_the_longest_overdue_first(database: Database) {
        let house = House::on(&database).await;
        let ending = |number, organization, hour| {
            let mut record = invite(number, organization);
            record.invite.expires_at = start() + hours(hour);
            record
        };
        let mut cancelled = ending(13, house.ours, 1);
        cancelled.invite.status = Status::Cancelled;
        let mut timed = ending(14, house.ours, 1);
        timed.invite.status = Status::Started;
        timed.invite.attempt.ends_at = Some(start() + hours(9));
        house.has_invites(&[
            ending(10, house.ours, 3), ending(11, house.foreign, 2), ending(12, house.ours, 5), cancelled, timed,
        ]).await;
        let due = house.read(|conn| invites::due(conn, start() + hours(3), 10)).await;
        assert_eq!(due, [(house.foreign, id(11)), (house.ours, id(10))]);
        let due = house.read(|conn| invites::due(conn, start() + hours(3), 1)).await;
        assert_eq!(due, [(house.foreign, id(11))]);
    }

    async fn a_value_that_cannot_be_read_names_its_column(database: Database) {
        let house = House::on(&database).await;
        house.has_invites(&[invite(10, house.ours)]).await;
        database.run_sql("UPDATE invites SET status = 'lost'");
        let ours = house.ours;
        let outcome = house.db.read(move |conn| invites::find(conn, ours, id(10))).await;
        assert!(matches!(outcome, Err(Error::Corrupt { table: "invites", column: "status", .. })), "{outcome:?}");
    }

    async fn names_and_addresses_do_not_show_in_debug_output(database: Database) {
        let house = House::on(&database).await;
        let record = InviteRecord { candidate: candidate("Grace", "Hopper", "grace@example.com"), ..full(10, &house) };
        insert(&house, record).await.expect("it is stored");
        let shown = format!("{:?}", find(&house, 10).await);
        for secret in ["Grace", "Hopper", "grace@", "people/1"] {
            assert!(!shown.contains(secret), "{secret} is in {shown}");
        }
    }
}
