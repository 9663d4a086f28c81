//! Many calls at once.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use serde_json::json;

use super::greenhouse::{Greenhouse, url};
use crate::harness::{Recruiter, TestApp, choices, external};

test_support::each_database! {
    async fn a_thousand_clicks_at_once_are_one_invite_and_one_mail(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let (greenhouse, url) = (Greenhouse::of(&app), url(1));
        let clicks = stream::iter(0..1_000).map(|_| greenhouse.send_test(&test, "zoe@candidate.example", &url));
        let answers: Vec<_> = clicks.buffer_unordered(100).collect().await;
        let interviews: HashSet<String> = answers.iter().map(|answer| answer.interview()).collect();
        assert_eq!(interviews.len(), 1);
        app.mail_to("zoe@candidate.example").await;
        app.idle().await;
        assert_eq!((app.rows("invites"), app.rows("places"), app.rows("candidates")), (1, 1, 1));
        assert_eq!(app.mail.messages().len(), 1);
    }

    async fn of_many_who_correct_one_address_at_once_one_is_left(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend")).await;
        let (greenhouse, url) = (&Greenhouse::of(&app), &url(1));
        let asks = stream::iter(0..40).map(|number| {
            let (test, email) = (&test, format!("zoe{}@candidate.example", number % 4));
            async move { greenhouse.send_test(test, &email, url).await.interview() }
        });
        asks.buffer_unordered(40).collect::<Vec<_>>().await;
        let (_, invites) = app.v1("GET", "invites?status=invited&limit=100", None).await;
        assert_eq!(invites["data"].as_array().expect("a list").len(), 1, "{invites}");
    }

    async fn two_hundred_candidates_in_one_bulk_get_one_mail_each(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(choices("Numbers")).await;
        let recruiter = Recruiter::connect(&app, &test).await;
        let mut applications = Vec::new();
        for number in 0..200 {
            applications.push(recruiter.candidate(&format!("kim{number}@candidate.example")).await);
        }
        let bulk = json!({ "application_ids": applications, "concurrency": 20 });
        let report = app.control("POST", "greenhouse/bulk-send", Some(bulk)).await;
        assert_eq!(report["sent"].as_array().expect("a list").len(), 200, "{report}");
        app.idle().await;
        assert_eq!(app.rows("invites"), 200);
        let mails = app.mail.messages();
        let recipients: HashSet<_> = mails.iter().map(|mail| mail.recipients.clone()).collect();
        assert_eq!((mails.len(), recipients.len()), (200, 200));
        let links: HashSet<_> = mails.iter().filter_map(|mail| mail.link()).collect();
        assert_eq!(links.len(), 200);
    }
}
