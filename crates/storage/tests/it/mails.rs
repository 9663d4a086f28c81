use chrono::TimeDelta;
use storage::mails::{MailRecord, MailState};
use storage::reminders::Reminder;
use storage::{mail_days, mails, reminders};
use test_support::each_database;

use crate::house::{House, days, id, start};

fn mail(number: u128, house: &House, state: MailState) -> MailRecord {
    MailRecord {
        organization: house.ours,
        invite: id(number),
        attempt: 1,
        occasion: "invitation".into(),
        state,
        tries: 1,
        at: start() + TimeDelta::microseconds(i64::try_from(number).expect("small")),
        detail: Some("451 later".into()),
    }
}

each_database! {
    async fn a_mail_is_kept_once_as_it_last_was(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let first = mail(1, &house, MailState::Sending);
        let then = MailRecord { state: MailState::Sent, tries: 2, detail: None, ..first.clone() };
        let resend = MailRecord { occasion: "resend-1".into(), at: start() + days(1), ..first.clone() };
        let rows = [first, then.clone(), resend.clone()];
        house.write(move |conn| rows.iter().try_for_each(|row| mails::keep(conn, row))).await;
        let found = house.read(move |conn| mails::find(conn, ours, id(1), 1, "invitation")).await;
        assert_eq!(found, Some(then.clone()));
        let all = house.read(move |conn| mails::of_attempt(conn, ours, id(1), 1)).await;
        assert_eq!(all, [resend, then]);
        let foreign = house.foreign;
        assert_eq!(house.read(move |conn| mails::find(conn, foreign, id(1), 1, "invitation")).await, None);
    }

    async fn held_mail_comes_in_the_order_of_its_wait(database: Database) {
        let house = House::on(&database).await;
        let (ours, foreign) = (house.ours, house.foreign);
        let mut rows: Vec<_> = [3, 1, 2].map(|number| mail(number, &house, MailState::Held)).into();
        rows.push(mail(9, &house, MailState::Sent));
        house.write(move |conn| rows.iter().try_for_each(|row| mails::keep(conn, row))).await;
        let held = house.read(move |conn| mails::held(conn, ours, 2)).await;
        assert_eq!(held.iter().map(|row| row.invite).collect::<Vec<_>>(), [id(1), id(2)]);
        assert!(house.read(move |conn| mails::has_held(conn, ours)).await);
        assert!(!house.read(move |conn| mails::has_held(conn, foreign)).await);
        assert_eq!(house.read(|conn| mails::next_with_held(conn, None)).await, Some(ours));
        assert_eq!(house.read(move |conn| mails::next_with_held(conn, Some(ours))).await, None);
    }

    async fn workers_side_by_side_never_count_past_the_limit(database: Database) {
        const LIMIT: i64 = 7;
        let house = House::on(&database).await;
        let (ours, day) = (house.ours, mail_days::day_of(start()));
        let takers: Vec<_> = (0..20).map(|_| {
            let db = house.db.clone();
            tokio::spawn(async move {
                db.write(move |conn| {
                    let free = mail_days::lock(conn, ours, day)? < LIMIT;
                    if free {
                        mail_days::add(conn, ours, day, 1)?;
                    }
                    Ok(free)
                })
                .await
            })
        }).collect();
        let mut taken = 0;
        for taker in takers {
            taken += i64::from(taker.await.expect("no panic").expect("it is counted"));
        }
        assert_eq!(taken, LIMIT);
        assert_eq!(house.read(move |conn| mail_days::sent(conn, ours, day)).await, LIMIT);
        assert_eq!(house.read(move |conn| mail_days::sent(conn, ours, day + 1)).await, 0);
    }

    async fn a_reminder_is_due_once(database: Database) {
        let house = House::on(&database).await;
        let ours = house.ours;
        let planned = Reminder {
            organization: ours,
            invite: id(1),
            attempt: 1,
            deadline: start() + days(14),
            remind_at: Some(start() + days(12)),
        };
        let moved = Reminder { deadline: start() + days(20), remind_at: Some(start() + days(18)), ..planned.clone() };
        let rows = [planned, moved.clone()];
        house.write(move |conn| rows.iter().try_for_each(|row| reminders::keep(conn, row))).await;
        let due = async |after| house.read(move |conn| reminders::due(conn, start() + days(after), 10)).await;
        assert_eq!(due(17).await, []);
        assert_eq!(due(18).await, [(ours, id(1))]);
        assert!(house.write(move |conn| reminders::end(conn, ours, id(1))).await);
        assert!(!house.write(move |conn| reminders::end(conn, ours, id(1))).await);
        assert_eq!(due(99).await, []);
        let ended = Reminder { remind_at: None, ..moved };
        assert_eq!(house.read(move |conn| reminders::find(conn, ours, id(1))).await, Some(ended));
    }
}
