use chrono::NaiveDate;
use domain::{Interview, InterviewScore, Passing, Receipt, Referral, WritebackState};
use storage::invites::EmailState;
use storage::referrals::{self, Link, ReferralRecord};
use storage::{Error, Page, erasures, events};
use test_support::each_database;

use crate::house::{House, candidate, event, hours, id, link_hash, start};

fn referral(number: u128, organization: domain::OrganizationId) -> ReferralRecord {
    ReferralRecord {
        id: id(number),
        organization,
        candidate_id: id(700),
        candidate: candidate("Ada", "Lovelace", "ada@example.com"),
        interview: Interview {
            interviewer_name: "Ines Ito".into(),
            interviewed_on: NaiveDate::from_ymd_opt(2026, 9, 28).expect("a day"),
            scores: vec![InterviewScore {
                name: "Technical skills".into(),
                score: 3.5,
            }],
            comments: "Good.".into(),
        },
        greenhouse_job_id: Some("4000123".into()),
        link_hash: link_hash(number),
        mails: true,
        email_state: EmailState::Queued,
        referral: Referral::filed(true),
        steps: String::new(),
        created_at: start(),
        edition: 1,
    }
}

async fn stored(house: &House, records: &[ReferralRecord]) {
    for record in records {
        let record = record.clone();
        house
            .write(move |conn| referrals::insert(conn, &record))
            .await;
    }
}

async fn found(house: &House, number: u128) -> Option<ReferralRecord> {
    let ours = house.ours;
    house
        .read(move |conn| referrals::find(conn, ours, id(number)))
        .await
}

fn same(one: &ReferralRecord, other: &ReferralRecord) -> bool {
    one.candidate == other.candidate
        && one.interview == other.interview
        && one.referral == other.referral
        && (one.id, one.candidate_id, one.created_at)
            == (other.id, other.candidate_id, other.created_at)
        && (one.mails, one.email_state, &one.steps)
            == (other.mails, other.email_state, &other.steps)
        && (&one.greenhouse_job_id, &one.link_hash) == (&other.greenhouse_job_id, &other.link_hash)
}

each_database! {
    async fn what_was_stored_is_found_as_it_was_by_its_own_organization_alone(database: Database) {
        let house = House::on(&database).await;
        let answered = ReferralRecord {
            referral: Referral {
                interested: Some(true),
                answered_at: Some(start() + hours(1)),
                begun: true,
                passing: Some(Passing::of(Receipt::Blocked { detail: "why".into() }, start() + hours(2))),
                ..Referral::filed(true)
            },
            greenhouse_job_id: None,
            steps: "{}".into(),
            ..referral(10, house.ours)
        };
        stored(&house, &[answered.clone(), referral(11, house.ours), referral(12, house.foreign)]).await;
        assert!(same(&found(&house, 10).await.expect("stored"), &answered));
        assert!(found(&house, 12).await.is_none());
        let ours = house.ours;
        let page = Page { limit: 1, before: None };
        let newest = house.read(move |conn| referrals::list(conn, ours, page)).await;
        assert_eq!(newest.iter().map(|it| it.id).collect::<Vec<_>>(), [id(11)]);
        let of_one = house.read(move |conn| referrals::of_candidate(conn, ours, id(700))).await;
        assert_eq!(of_one.iter().map(|it| it.id).collect::<Vec<_>>(), [id(10), id(11)]);
    }

    async fn of_two_who_change_it_at_once_the_second_looks_again(database: Database) {
        let house = House::on(&database).await;
        stored(&house, &[referral(10, house.ours)]).await;
        let read = found(&house, 10).await.expect("stored");
        let first = ReferralRecord { steps: "1".into(), ..read.clone() };
        house.write(move |conn| referrals::save(conn, &first)).await;
        let late = ReferralRecord { steps: "2".into(), ..read };
        let refused = house.db.write(move |conn| referrals::save(conn, &late)).await;
        assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
        assert_eq!(found(&house, 10).await.expect("stored").steps, "1");
    }

    async fn a_link_that_was_replaced_is_known_as_over(database: Database) {
        let house = House::on(&database).await;
        stored(&house, &[referral(10, house.ours)]).await;
        let ours = house.ours;
        house.write(move |conn| referrals::replace_link(conn, ours, id(10), (&link_hash(10), &link_hash(20)))).await;
        let by = async |number| house.read(move |conn| referrals::by_link(conn, &link_hash(number))).await;
        assert!(matches!(by(10).await, Some(Link::Dead)));
        assert!(matches!(by(20).await, Some(Link::Live(_))));
        assert!(by(30).await.is_none());
        let links = house.read(move |conn| referrals::links(conn, ours, None, 10)).await;
        assert_eq!(links, [(id(10), link_hash(20))]);
        assert!(house.read(move |conn| referrals::links(conn, ours, Some(id(10)), 10)).await.is_empty());
    }

    async fn its_traces_lose_their_words_and_its_person_is_known(database: Database) {
        let house = House::on(&database).await;
        let record = referral(500, house.ours);
        stored(&house, std::slice::from_ref(&record)).await;
        let ours = house.ours;
        let told = event(1, ours, "mail.failed");
        house.write(move |conn| events::insert(conn, std::slice::from_ref(&told))).await;
        house.write(move |conn| referrals::strip(conn, &record, |_| serde_json::json!({ "left": 1 }))).await;
        let left = house.read(move |conn| events::of_invite(conn, ours, id(500), Page::default())).await;
        assert_eq!(left[0].detail, serde_json::json!({ "left": 1 }));
        assert!(house.read(move |conn| erasures::is_known(conn, ours, id(700))).await);
        assert!(!house.read(move |conn| erasures::is_known(conn, ours, id(701))).await);
    }

    async fn what_became_of_the_mail_is_kept_beside_other_changes(database: Database) {
        let house = House::on(&database).await;
        stored(&house, &[referral(10, house.ours)]).await;
        let ours = house.ours;
        house.write(move |conn| referrals::set_email_state(conn, ours, id(10), EmailState::Sent)).await;
        let record = found(&house, 10).await.expect("stored");
        assert_eq!((record.email_state, record.edition), (EmailState::Sent, 2));
        let judged = house.read(move |conn| referrals::find_for_judging(conn, id(10))).await;
        assert_eq!(judged.map(|it| it.organization), Some(ours));
        assert_eq!(record.referral.passing.map(|it| it.state), None::<WritebackState>);
    }
}
