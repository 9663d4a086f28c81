//! From the list to the result.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::greenhouse::{Greenhouse, Status};
use crate::harness::{Callback, TestApp, answer, basic, eventually, external};

/// What Greenhouse read while the PATCH was still waiting for its answer.
type Seen = Arc<Mutex<Option<Status>>>;

impl Greenhouse {
    /// What Greenhouse's staff enter: the addresses and the key.
    pub(super) fn of(app: &TestApp) -> Self {
        Self {
            http: app.http.clone(),
            base: format!("{}/api/greenhouse", app.url),
            key: app.greenhouse_key.clone(),
        }
    }

    /// A place for PATCHes that reads the status before it answers, of the interview that `known` will name.
    async fn callback(&self, known: Arc<Mutex<String>>, seen: Seen) -> Callback {
        let greenhouse = self.clone();
        Callback::start(move |_| {
            let (greenhouse, known, seen) = (greenhouse.clone(), known.clone(), seen.clone());
            async move {
                let interview = known.lock().expect("no panic").clone();
                let status = greenhouse.status(&interview).await;
                *seen.lock().expect("no panic") = Some(status);
                answer(200)
            }
        })
        .await
    }
}

test_support::each_database! {
    async fn a_test_travels_from_the_list_over_the_mail_to_the_result(database: Database) {
        let app = TestApp::start(database).await;
        app.publish(external("Backend practical")).await;
        let greenhouse = Greenhouse::of(&app);
        let (known, seen) = (Arc::<Mutex<String>>::default(), Seen::default());
        let callback = greenhouse.callback(known.clone(), seen.clone()).await;

        let tests = greenhouse.list_tests().await;
        assert_eq!(tests.len(), 1);
        assert_eq!(tests[0].partner_test_name, "Backend practical");
        let (test, url) = (&tests[0].partner_test_id, callback.url("90210004"));
        let interview = greenhouse.send_test(test, "zoe.n@candidate.example", &url).await.interview();
        known.lock().expect("no panic").clone_from(&interview);
        assert_eq!(greenhouse.status(&interview).await, waiting("sent"));

        let link = app.mail_to("zoe.n@candidate.example").await.link().expect("a link").to_owned();
        let page = app.http.get(&link).send().await.expect("an answer");
        assert_eq!(page.status(), 200);
        let page = page.text().await.expect("a page");
        assert!(page.contains("Backend practical") && page.contains("Start"), "{page}");
        assert_eq!(greenhouse.status(&interview).await, waiting("sent"));

        app.command(&interview, "start", None).await;
        assert_eq!(greenhouse.status(&interview).await, waiting("in_progress"));
        app.command(&interview, "submit", None).await;
        assert_eq!(greenhouse.status(&interview).await, waiting("submitted"));
        let result = json!({ "score": 16.3, "max_score": 20, "recommendation": "yes" });
        app.report(&interview, result).await;

        let read = eventually("Greenhouse hears of it", async || {
            seen.lock().expect("no panic").take()
        })
        .await;
        let [patch] = &callback.heard()[..] else { panic!("one PATCH") };
        assert_eq!((patch.method.as_str(), patch.path.as_str()),
            ("PATCH", "/integrations/testing_partners/take_home_tests/90210004"));
        assert_eq!(patch.header("authorization"), Some(basic(&app.greenhouse_key).as_str()));
        assert_eq!((patch.header("content-length"), &patch.body[..]), (Some("0"), &b""[..]));

        assert_eq!((read.partner_status.as_str(), read.partner_score), ("complete", Some(81.5)));
        let metadata = read.metadata.as_ref().expect("labels and values");
        assert_eq!(metadata["Recommendation"], "Yes");
        assert_eq!(greenhouse.status(&interview).await, read);
        let result = read.partner_profile_url.expect("a link");
        let page = app.http.get(&result).send().await.expect("an answer");
        assert_eq!(page.status(), 200);
        assert!(page.text().await.expect("a page").contains("81.5"));
    }
}

fn waiting(word: &str) -> Status {
    Status {
        partner_status: word.to_owned(),
        partner_profile_url: None,
        partner_score: None,
        metadata: None,
    }
}
