//! Links that lead nowhere any more say so, and what to do.

use chrono::TimeDelta;

use super::questions::sums;
use super::{owner, shared_result};
use crate::harness::{Browser, TestApp, text};

test_support::each_database! {
    async fn a_link_that_is_over_says_why_and_what_to_do(database: Database) {
        let app = TestApp::start_still(database, &[]).await;
        let test = app.publish(sums("Five sums")).await;
        let invite = async |email| {
            let made = app.invite(&test, email).await;
            (text(&made["id"]), text(&made["candidate_url"]))
        };
        let (_, expired) = invite("expired@candidate.example").await;
        app.advance(TimeDelta::days(15));
        let (id, cancelled) = invite("cancelled@candidate.example").await;
        app.command(&id, "cancel", None).await;
        let (id, before_reset) = invite("reset@candidate.example").await;
        app.command(&id, "start", None).await;
        app.command(&id, "reset", None).await;
        let after_reset = text(&app.show(&id).await["candidate_url"]);

        let kim = Browser::open().await;
        let unknown = format!("{}/take/nobody-knows-this", app.url);
        for (link, status, words) in [
            (&expired, 410, "The deadline has passed"),
            (&cancelled, 410, "This link is no longer in use"),
            (&before_reset, 410, "This link is no longer in use"),
            (&unknown, 404, "We don't know this link"),
        ] {
            assert_eq!(kim.visit(link).await, status, "{words}");
            kim.sees(words).await;
            kim.picture(&format!("take-over-{}", words.to_lowercase().replace([' ', '\''], "-"))).await;
        }
        assert_eq!(kim.visit(&after_reset).await, 200);
        kim.sees("Hello Ada").await;
        kim.close().await;
        app.stop().await;
    }

    async fn withdrawn_results_are_shown_to_those_who_sign_in_only(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(sums("Five sums")).await;
        let (invite, shared) = shared_result(&app, &test).await;
        let stranger = Browser::open().await;
        assert_eq!(stranger.visit(&shared).await, 200);
        stranger.sees("90 of 100").await;

        let owner = owner(&app).await;
        owner.visit(&format!("{}/results/{invite}", app.url)).await;
        owner.picture("result").await;
        owner.press("Withdraw shared links").await;
        owner.sees("Withdraw shared links?").await;
        owner.picture("result-withdraw").await;
        owner.press("Withdraw the links").await;
        owner.sees("90 of 100").await;

        assert_eq!(stranger.visit(&shared).await, 410);
        stranger.sees("Acme has withdrawn it").await;
        stranger.picture("result-withdrawn").await;
        stranger.press("Sign in").await;
        stranger.write("E-mail", "olga.owner@customer.example").await;
        stranger.picture("sign-in").await;
        stranger.write("Password", "four words in a row").await;
        stranger.press("Sign in").await;
        stranger.sees("90 of 100").await;
        assert!(stranger.address().await.ends_with(&format!("/results/{invite}")));
        stranger.close().await;
        owner.close().await;
        app.stop().await;
    }
}
