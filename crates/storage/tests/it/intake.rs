//! What comes in from an ATS: taken once, listed, and forgotten in time.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::{ConnectionKind, OrganizationId};
use storage::activities::{self, ActivityRecord, Decision, Source, Wanted};
use storage::inbox::{self, DeliveryKey};
use storage::{Error, Page, invite_sources, sweeps};
use test_support::each_database;

use crate::house::{House, days, id, start};

fn delivery(organization: OrganizationId, token: u8) -> DeliveryKey {
    DeliveryKey {
        organization,
        connection: id(70),
        token_hash: [token; 32],
    }
}

fn hash(number: u16) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..2].copy_from_slice(&number.to_be_bytes());
    hash
}

fn activity(number: u128, organization: OrganizationId, subject: &str) -> ActivityRecord {
    ActivityRecord {
        id: id(number),
        organization,
        kind: ConnectionKind::Lever,
        source: Source::Webhook,
        event: Some("candidateStageChange".into()),
        subject: Some(subject.into()),
        decision: Decision::Nothing,
        reason: Some("no_tag".into()),
        detail: Some("None of its tags.".into()),
        invite: Some(id(9)),
        at: start() + TimeDelta::days(i64::try_from(number).expect("small")),
    }
}

each_database! {
    async fn a_delivery_is_taken_once_by_its_organization_and_connection(database: Database) {
        let house = House::on(&database).await;
        let (one, two) = (delivery(house.ours, 1), delivery(house.ours, 2));
        let foreign = delivery(house.foreign, 1);
        let taken = [one.clone()];
        house.write(move |conn| inbox::insert(conn, &taken, start())).await;
        let wanted = [one.clone(), two.clone(), foreign.clone()];
        let known = house.read(move |conn| inbox::known(conn, &wanted)).await;
        assert_eq!(known, HashSet::from([one.clone()]));
        let again = [two, one];
        let refused = house.db.write(move |conn| inbox::insert(conn, &again, start())).await;
        assert!(matches!(refused, Err(Error::Taken(_))), "{refused:?}");
        house.write(move |conn| inbox::insert(conn, std::slice::from_ref(&foreign), start())).await;
    }

    async fn deliveries_are_forgotten_in_slices_and_no_sooner_than_told(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        for day in 0..4_u16 {
            house.write(move |conn| {
                let many: Vec<_> = (0..400_u16).map(|number| DeliveryKey { token_hash: hash(day * 400 + number), ..delivery(ours, 0) }).collect();
                inbox::insert(conn, &many, start() + days(day.into()))
            }).await;
        }
        let forget = async || house.write(move |conn| inbox::forget(conn, start() + days(3))).await;
        assert!(forget().await, "there are more than a slice");
        assert_eq!(database.count("SELECT count(*) FROM inbox"), 800, "what came in at one moment goes together");
        assert!(!forget().await);
        assert_eq!(database.count("SELECT count(*) FROM inbox"), 400);
    }

    async fn activity_is_listed_newest_first_for_one_organization(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        house.write(move |conn| {
            let other = ActivityRecord { kind: ConnectionKind::GreenhouseHarvest, ..activity(13, ours, "a") };
            activities::insert(conn, &[activity(11, ours, "a"), activity(12, ours, "b"), other, activity(14, foreign, "a")])
        }).await;
        let list = async |wanted| house.read(move |conn| activities::list(conn, ours, ConnectionKind::Lever, wanted, Page::default())).await;
        assert_eq!(list(Wanted::All).await, [activity(12, ours, "b"), activity(11, ours, "a")]);
        let about = house.read(move |conn| activities::latest_about(conn, ours, "a", 1)).await;
        assert_eq!(about.iter().map(|it| it.id).collect::<Vec<_>>(), [id(13)]);
        while house.write(move |conn| activities::forget(conn, start() + days(12))).await {}
        assert_eq!(list(Wanted::All).await, [activity(12, ours, "b")]);
    }

    async fn activity_is_told_apart_by_whether_something_was_sent(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let all = [Decision::Test, Decision::Received, Decision::Invited, Decision::Resent, Decision::Nothing, Decision::Failed];
        house.write(move |conn| {
            let records: Vec<_> = (11..).zip(all).map(|(number, decision)| ActivityRecord { decision, ..activity(number, ours, "a") }).collect();
            activities::insert(conn, &records)
        }).await;
        let list = async |wanted| {
            let listed = house.read(move |conn| activities::list(conn, ours, ConnectionKind::Lever, wanted, Page::default())).await;
            listed.into_iter().map(|it| it.decision).collect::<Vec<_>>()
        };
        assert_eq!(list(Wanted::Sent).await, [Decision::Resent, Decision::Invited]);
        assert_eq!(list(Wanted::NotSent).await, [Decision::Failed, Decision::Nothing]);
        assert_eq!(list(Wanted::All).await.len(), all.len());
    }

    async fn the_invites_of_one_source_are_found_oldest_first(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        house.write(move |conn| {
            for (organization, source, invite) in [(ours, "a", 12), (ours, "a", 11), (ours, "b", 13), (foreign, "a", 14)] {
                invite_sources::insert(conn, organization, id(70), source, id(invite))?;
            }
            Ok(())
        }).await;
        let found = house.read(move |conn| invite_sources::invites_of(conn, ours, id(70), "a")).await;
        assert_eq!(found, [id(11), id(12)]);
        assert_eq!(house.read(move |conn| invite_sources::invites_of(conn, ours, id(71), "a")).await, []);
    }

    async fn a_sweep_s_end_never_moves_back(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let end = async || house.read(move |conn| sweeps::swept_to(conn, ours, id(70))).await;
        assert_eq!(end().await, None);
        for day in [2, 5, 3] {
            house.write(move |conn| sweeps::set(conn, ours, id(70), start() + days(day))).await;
        }
        assert_eq!(end().await, Some(start() + days(5)));
    }
}
