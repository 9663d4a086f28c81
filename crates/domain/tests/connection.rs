//! What holds of connections whatever happens.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Arrival, ConnectionState, GrantLife, GrantRules, Hold, Standing};
use proptest::prelude::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a moment")
}

fn account() -> impl Strategy<Value = Option<String>> {
    prop::option::of("[ab]")
}

fn standing() -> impl Strategy<Value = Standing> {
    prop::sample::select(vec![
        Standing::NotConfigured,
        Standing::Connected,
        Standing::NeedsAttention,
        Standing::Disconnected,
    ])
}

prop_compose! {
    fn life()(idle in 1i64..10_000_000, absolute in prop::option::of(1i64..100_000_000), refreshed in 0i64..50_000_000, alarm in prop::option::of(1i64..100_000)) -> GrantLife {
        GrantLife {
            rules: GrantRules { idle: TimeDelta::seconds(idle), absolute: absolute.map(TimeDelta::seconds), alarm: alarm.map(TimeDelta::seconds) },
            granted_at: at(0),
            refreshed_at: at(refreshed),
            failing_since: None,
        }
    }
}

proptest! {
    #[test]
    fn a_grant_that_is_taken_is_never_for_an_account_that_is_known_to_be_another(before in account(), arriving in account(), elsewhere: bool) {
        match Arrival::judge(before.as_deref(), arriving.as_deref(), elsewhere) {
            Arrival::Taken { .. } => {
                prop_assert!(!(elsewhere && arriving.is_some()));
                prop_assert!(before.is_none() || arriving.is_none() || before == arriving);
            }
            Arrival::Held(Hold::HeldElsewhere) => prop_assert!(elsewhere && arriving.is_some()),
            Arrival::Held(Hold::LetThrough) => prop_assert!(false, "nobody has let it through yet"),
            Arrival::Held(Hold::AnotherAccount) => prop_assert!(before.is_some() && arriving.is_some() && before != arriving),
        }
    }

    #[test]
    fn only_what_is_connected_works(standing in standing(), requested: bool, life in prop::option::of(life()), now in 0i64..100_000_000) {
        let state = standing.state(requested, life.as_ref(), at(now));
        prop_assert_eq!(state.works(), standing == Standing::Connected);
        prop_assert_eq!(state == ConnectionState::NeedsAttention, standing == Standing::NeedsAttention);
    }

    #[test]
    fn a_grant_ends_after_its_idle_life_and_never_after_its_absolute_one(life in life()) {
        prop_assert!(life.ends_at() <= life.refreshed_at + life.rules.idle);
        if let Some(absolute) = life.rules.absolute {
            prop_assert!(life.ends_at() <= life.granted_at + absolute);
        }
    }

    #[test]
    fn a_grant_is_said_to_end_before_it_ends_and_from_then_on(life in life(), later in 0i64..100_000_000) {
        let ended = life.ends_at();
        prop_assert!(life.is_ending(ended));
        prop_assert!(life.is_ending(ended + TimeDelta::seconds(later)));
        prop_assert!(!life.is_ending(ended - life.rules.idle));
    }

    #[test]
    fn a_grant_that_cannot_be_refreshed_is_said_to_end_after_a_while(life in life(), later in 0i64..200_000) {
        let begun = life.ends_at() - life.rules.idle;
        let failing = GrantLife { failing_since: Some(begun), ..life };
        let now = begun + TimeDelta::seconds(later);
        let long = life.rules.alarm.is_some_and(|alarm| now - begun >= alarm);
        prop_assert_eq!(failing.is_ending(now), life.is_ending(now) || long);
    }
}

#[test]
fn what_somebody_ended_begins_anew_and_what_broke_goes_on() {
    for (standing, same, goes_on) in [
        (Standing::NeedsAttention, true, true),
        (Standing::Connected, true, true),
        (Standing::NeedsAttention, false, false),
        (Standing::Disconnected, true, false),
        (Standing::NotConfigured, true, false),
    ] {
        assert_eq!(standing.goes_on(same), goes_on, "{standing:?} {same}");
    }
}

#[test]
fn a_request_shows_until_the_connection_is_there() {
    let now = at(0);
    assert_eq!(
        Standing::NotConfigured.state(true, None, now),
        ConnectionState::Requested
    );
    assert_eq!(
        Standing::Disconnected.state(true, None, now),
        ConnectionState::Requested
    );
    assert_eq!(
        Standing::Connected.state(true, None, now),
        ConnectionState::Connected
    );
}
