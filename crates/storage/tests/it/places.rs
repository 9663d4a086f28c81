use domain::{Place, Target, Writeback, WritebackState};
use storage::places::{self, PlaceRecord};
use test_support::each_database;

use crate::house::{House, hours, id, start};

const STATUS: Target = Target::GreenhouseStatus;

pub(crate) fn place(
    number: u128,
    house: &House,
    invite: u128,
    writeback: Option<Writeback>,
) -> PlaceRecord {
    PlaceRecord {
        organization: house.ours,
        invite: id(invite),
        place: Place {
            id: id(number),
            target: STATUS,
            subject: format!("https://app.greenhouse.io/{number}"),
        },
        writeback,
    }
}

pub(crate) fn in_state(progress: WritebackState) -> Writeback {
    Writeback {
        progress,
        detail: Some("why".into()),
        ..Writeback::pending(STATUS, 1, start())
    }
}

pub(crate) async fn has_places(house: &House, records: &[PlaceRecord]) {
    let records = records.to_vec();
    house
        .write(move |conn| places::insert(conn, &records))
        .await;
}

async fn of_invite(house: &House, invite: u128) -> Vec<PlaceRecord> {
    let ours = house.ours;
    house
        .read(move |conn| places::of_invite(conn, ours, id(invite)))
        .await
}

async fn writeback(house: &House, invite: u128) -> Option<Writeback> {
    of_invite(house, invite).await.remove(0).writeback
}

each_database! {
    async fn what_was_stored_is_found_as_it_was_in_order(database: Database) {
        let house = House::on(&database).await;
        let mut seen = in_state(WritebackState::Sent);
        seen.seen_at = Some(start() + hours(1));
        let records = [place(11, &house, 10, Some(seen)), place(10, &house, 10, None), place(12, &house, 20, None)];
        has_places(&house, &records).await;
        has_places(&house, &[]).await;
        let found = of_invite(&house, 10).await;
        let show = |records: &[PlaceRecord]| {
            records.iter().map(|it| (it.place.clone(), it.writeback.clone())).collect::<Vec<_>>()
        };
        assert_eq!(show(&found), show(&[records[1].clone(), records[0].clone()]));
        assert!(of_invite(&house, 99).await.is_empty());
        let foreign = house.foreign;
        assert!(house.read(move |conn| places::of_invite(conn, foreign, id(10))).await.is_empty());
    }

    async fn the_places_of_several_invites_come_together(database: Database) {
        let house = House::on(&database).await;
        has_places(&house, &[place(10, &house, 10, None), place(11, &house, 11, None), place(12, &house, 12, None)]).await;
        let (ours, foreign) = (house.ours, house.foreign);
        let of = async |organization, invites: &'static [u128]| {
            let found = house.read(move |conn| {
                let invites: Vec<_> = invites.iter().map(|number| id(*number)).collect();
                places::of_invites(conn, organization, &invites)
            }).await;
            found.into_iter().map(|it| it.place.id).collect::<Vec<_>>()
        };
        assert_eq!(of(ours, &[10, 12, 99]).await, [id(10), id(12)]);
        assert!(of(ours, &[]).await.is_empty());
        assert!(of(foreign, &[10, 12]).await.is_empty());
    }

    async fn a_write_back_goes_from_state_to_state(database: Database) {
        let house = House::on(&database).await;
        has_places(&house, &[place(10, &house, 10, None), place(11, &house, 11, None)]).await;
        let (ours, foreign) = (house.ours, house.foreign);
        for progress in [WritebackState::Pending, WritebackState::Retrying, WritebackState::Blocked, WritebackState::Sent] {
            let wanted = in_state(progress);
            let after = wanted.clone();
            house.write(move |conn| places::set_writeback(conn, ours, id(10), id(10), &after)).await;
            assert_eq!(writeback(&house, 10).await, Some(wanted));
        }
        house.write(move |conn| places::set_writeback(conn, foreign, id(11), id(11), &in_state(WritebackState::Sent))).await;
        assert_eq!(writeback(&house, 11).await, None);
    }

    async fn that_the_ats_fetched_it_is_noted_once_and_outlives_our_own_call(database: Database) {
        let house = House::on(&database).await;
        has_places(&house, &[place(10, &house, 10, Some(in_state(WritebackState::Pending)))]).await;
        let (ours, foreign) = (house.ours, house.foreign);
        let note = async |organization, now| {
            house.write(move |conn| places::note_seen(conn, organization, id(10), STATUS, now)).await
        };
        assert!(!note(foreign, start()).await);
        assert!(note(ours, start() + hours(1)).await);
        assert!(!note(ours, start() + hours(2)).await);
        house.write(move |conn| places::set_writeback(conn, ours, id(10), id(10), &in_state(WritebackState::Sent))).await;
        let found = writeback(&house, 10).await.expect("one was called for");
        assert_eq!(found.seen_at, Some(start() + hours(1)));
        assert_eq!(found.state(), WritebackState::Seen);
    }

    async fn what_was_not_called_for_yet_cannot_have_been_fetched(database: Database) {
        let house = House::on(&database).await;
        has_places(&house, &[place(10, &house, 10, None)]).await;
        let ours = house.ours;
        assert!(!house.write(move |conn| places::note_seen(conn, ours, id(10), STATUS, start())).await);
        assert_eq!(writeback(&house, 10).await, None);
    }
}
