use ats_http::{AccessTokens, TokenError};
use chrono::TimeDelta;
use domain::Standing;
use futures_util::future::join_all;
use secrecy::ExposeSecret;

use super::House;
use super::server::Trouble;
use crate::connections::keep_alive;
use crate::{App, Error};

/// Past three quarters of an access token's life.
const OF_AGE: TimeDelta = TimeDelta::minutes(46);
/// Past all of it.
const OVER: TimeDelta = TimeDelta::minutes(61);

/// What `many` callers are given who ask at the same moment, half of them in another process.
async fn ask(house: &House, many: usize) -> Vec<Result<String, TokenError>> {
    let callers = (0..many).map(|number| {
        let app = if number % 2 == 0 {
            &house.one
        } else {
            &house.other
        };
        let tokens = house.tokens(app);
        async move {
            let given = tokens.current().await;
            given.map(|token| token.expose_secret().to_owned())
        }
    });
    join_all(callers).await
}

async fn refuse(house: &House, app: &App, token: &str) -> Result<String, TokenError> {
    let given = house.tokens(app).rejected(token.into()).await;
    given.map(|token| token.expose_secret().to_owned())
}

test_support::each_database! {
    async fn two_hundred_callers_at_expiry_make_one_refresh(database: Database) {
        let house = House::connected(database).await;
        house.clock.advance(OVER);
        let given = ask(&house, 200).await;
        assert_eq!(house.server.refreshes(), 1);
        assert!(given.iter().all(|token| token.as_deref() == Ok("access-2")), "{given:?}");
        assert_eq!(house.grant().await.version, 2);
    }

    async fn whoever_asks_at_three_quarters_is_not_kept_waiting_for_the_next_token(database: Database) {
        let house = House::connected(database).await;
        assert_eq!(ask(&house, 2).await, [Ok("access-1".into()), Ok("access-1".into())]);
        assert_eq!(house.server.refreshes(), 0);
        house.clock.advance(OF_AGE);
        let given = ask(&house, 50).await;
        assert_eq!(house.server.refreshes(), 1);
        let is_good = |token: &Result<String, TokenError>| matches!(token.as_deref(), Ok("access-1" | "access-2"));
        assert!(given.iter().all(is_good), "{given:?}");
        assert_eq!(ask(&house, 1).await, [Ok("access-2".into())]);
    }

    async fn strict_rotation_survives_a_hundred_expiries(database: Database) {
        let house = House::connected(database).await;
        for expiry in 1..=100 {
            house.clock.advance(OVER);
            let given = ask(&house, 6).await;
            let newest = house.server.newest();
            assert!(given.iter().all(|token| token.as_deref() == Ok(newest.as_str())), "{expiry}: {given:?}");
        }
        assert_eq!(house.server.refreshes(), 100);
        assert_eq!(house.connection().await.standing, Standing::Connected);
    }

    async fn a_dead_grant_is_told_of_once(database: Database) {
        let house = House::connected(database).await;
        house.server.revoke();
        house.clock.advance(OVER);
        let given = ask(&house, 20).await;
        assert!(given.iter().all(|token| matches!(token, Err(TokenError::Lost(_)))), "{given:?}");
        assert_eq!(house.server.refreshes(), 1, "once known, nobody asks again");
        let connection = house.connection().await;
        assert_eq!(connection.standing, Standing::NeedsAttention);
        assert!(connection.detail.expect("why").contains("log in to Lever again"));
        let mails = house.database.count("SELECT count(*) FROM jobs WHERE kind = 'mail_notice'");
        assert_eq!(mails, 1, "the operator: the organization has no admins");
        let told = house.database.count("SELECT count(*) FROM events WHERE name = 'connection.needs_attention'");
        assert_eq!(told, 1);
        let refused = crate::connections::lever_client(&house.one, house.organization).await;
        assert!(matches!(refused, Err(Error::Conflict { code: "needs_attention", .. })));
    }

    async fn an_outage_of_the_authorization_server_breaks_nothing(database: Database) {
        let house = House::connected(database).await;
        house.clock.advance(OF_AGE);
        house.server.trouble(&[Trouble::Unavailable; 2]);
        assert_eq!(ask(&house, 1).await, [Ok("access-1".into())], "the present one is still good");
        house.clock.advance(TimeDelta::minutes(20));
        house.server.trouble(&[Trouble::Unavailable; 2]);
        let given = ask(&house, 1).await;
        assert!(matches!(&given[..], [Err(TokenError::Unavailable(_))]), "{given:?}");
        let given = ask(&house, 1).await;
        assert!(matches!(&given[..], [Err(TokenError::Unavailable(_))]), "it is not yet time: {given:?}");
        assert_eq!(house.connection().await.standing, Standing::Connected);
        assert_eq!(house.grant().await.failing.expect("failing").times, 2);
        house.clock.advance(TimeDelta::minutes(1));
        assert_eq!(ask(&house, 1).await, [Ok("access-2".into())]);
        assert_eq!(house.grant().await.failing, None);
    }

    async fn an_answer_that_is_lost_is_asked_for_once_more_at_once(database: Database) {
        let house = House::connected(database).await;
        house.server.with_overlap();
        house.clock.advance(OVER);
        house.server.trouble(&[Trouble::SilentlyDone]);
        let given = ask(&house, 1).await;
        assert_eq!(given, [Ok("access-3".into())]);
        assert_eq!(house.server.refreshes(), 2);
    }

    async fn where_no_refresh_token_comes_the_one_before_is_kept(database: Database) {
        let house = House::connected(database).await;
        house.clock.advance(OVER);
        house.server.trouble(&[Trouble::WithoutRefreshToken]);
        assert_eq!(ask(&house, 1).await, [Ok("access-2".into())]);
        house.clock.advance(OVER);
        assert_eq!(ask(&house, 1).await, [Ok("access-3".into())]);
    }

    async fn a_refused_token_is_renewed_once_for_all_who_hear_of_it(database: Database) {
        let house = House::connected(database).await;
        let refusals = (0..40).map(|number| {
            let app = if number % 2 == 0 { &house.one } else { &house.other };
            refuse(&house, app, "access-1")
        });
        let given = join_all(refusals).await;
        assert!(given.iter().all(|token| token.as_deref() == Ok("access-2")), "{given:?}");
        assert_eq!(house.server.refreshes(), 1);
    }

    async fn a_token_that_is_refused_again_at_once_proves_the_grant_dead(database: Database) {
        let house = House::connected(database).await;
        assert_eq!(refuse(&house, &house.one, "access-1").await, Ok("access-2".into()));
        let again = refuse(&house, &house.other, "access-2").await;
        assert!(matches!(again, Err(TokenError::Lost(_))), "{again:?}");
        assert_eq!(house.connection().await.standing, Standing::NeedsAttention);
    }

    async fn one_that_is_refused_much_later_is_only_renewed(database: Database) {
        let house = House::connected(database).await;
        assert_eq!(refuse(&house, &house.one, "access-1").await, Ok("access-2".into()));
        house.clock.advance(TimeDelta::minutes(30));
        assert_eq!(refuse(&house, &house.one, "access-2").await, Ok("access-3".into()));
        assert_eq!(house.connection().await.standing, Standing::Connected);
    }

    async fn the_lease_of_a_process_that_went_away_passes_on(database: Database) {
        let house = House::connected(database).await;
        house.clock.advance(OVER);
        let until = (house.one.now() + TimeDelta::seconds(60)).timestamp_micros();
        let lease = "UPDATE grants SET lease = organization_id, leased_until =";
        house.database.run_sql(&format!("{lease} {until}"));
        house.clock.advance(TimeDelta::seconds(61));
        assert_eq!(ask(&house, 2).await, [Ok("access-2".into()), Ok("access-2".into())]);
        assert_eq!(house.server.refreshes(), 1);
    }

    async fn a_grant_that_nobody_uses_is_kept_alive(database: Database) {
        let house = House::connected(database).await;
        for _ in 0..20 {
            house.clock.advance(TimeDelta::days(6));
            assert_eq!(keep_alive(&house.one).await.expect("the database answers"), 0);
            house.clock.advance(TimeDelta::days(1));
            assert_eq!(keep_alive(&house.one).await.expect("the database answers"), 1);
        }
        assert_eq!(house.server.refreshes(), 20);
        assert_eq!(house.connection().await.standing, Standing::Connected);
    }

    async fn tokens_are_nowhere_in_clear(database: Database) {
        let house = House::connected(database).await;
        house.clock.advance(OVER);
        ask(&house, 1).await;
        let kept = house.database.texts("SELECT access_token || refresh_token AS text FROM grants");
        assert!(kept.iter().all(|text| text.starts_with("v1.k1.") && !text.contains("access-") && !text.contains("refresh-")));
        assert!(!format!("{:?}", house.tokens(&house.one)).contains("access-"));
    }
}
