//! The recruiter's pages, as a browser without scripts uses them.

use reqwest::header::{HeaderMap, LOCATION};
use rstest::rstest;

use crate::play::Play;
use crate::vendor::{KEY, RESULT};

impl Play {
    async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Sends a form: status, where it leads, and the page if it leads nowhere.
    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String, String) {
        let answer = self
            .http
            .post(self.url(path))
            .form(fields)
            .send()
            .await
            .unwrap();
        let to = answer
            .headers()
            .get(LOCATION)
            .map(|to| to.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        (status, to.unwrap_or_default(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_recruiter_connects_sets_up_sends_and_sees_the_result() {
    let play = Play::start().await;
    let connection = [
        ("name", "Northwind"),
        ("partner_name", "Talent Works"),
        ("base_url", &play.vendor.base),
        ("key", KEY),
        ("patch_auth", "org_key"),
        ("dialect", "2025"),
        ("polling", "patch_only"),
        ("read_before_answer", "on"),
    ];
    let (status, organization, _) = play.submit("/organizations", &connection).await;
    assert_eq!(status, 303);
    let (_, page) = play.page(&organization).await;
    assert!(page.contains("✓ Connected") && page.contains("2 tests offered"));
    assert!(!page.contains(KEY));
    let id = organization.rsplit('/').next().unwrap();
    let job = [("name", "Data engineer"), ("organization_id", id)];
    let (_, job, _) = play.submit("/jobs", &job).await;
    let add = [("kind", "assessment"), ("name", "")];
    let (_, stage, _) = play.submit(&format!("{job}/stages"), &add).await;
    let (_, dialog) = play.page(&stage).await;
    assert!(dialog.contains("Edit Take Home Test") && dialog.contains("Support interview"));
    let (status, _, dialog) = play.submit(&stage, &[("partner_test_id", "tst_b")]).await;
    assert_eq!(status, 422);
    assert!(dialog.contains("Choose at least one person to grade."));
    assert!(
        dialog.contains(r#"<option value="tst_b" selected>"#),
        "the choice is not lost"
    );
    let chosen = [
        ("partner_test_id", "tst_b"),
        ("graders", "Dan Nolan"),
        ("graders", "Priya Raman"),
    ];
    assert_eq!(play.submit(&stage, &chosen).await.1, job);
    let stage_id = stage.rsplit('/').next().unwrap();
    let person = [
        ("first_name", "Daenerys"),
        ("email", "d@candidate.example"),
        ("stage_id", stage_id),
    ];
    play.submit(&format!("{job}/candidates"), &person).await;
    let (_, page) = play.page(&job).await;
    assert!(page.contains("Test to be sent") && page.contains("to be sent to Daenerys"));
    let candidate = between(&page, "href=\"/candidates/", "\"");
    assert_eq!(
        play.submit(&format!("/candidates/{candidate}/send"), &[])
            .await
            .1,
        job
    );
    let (_, page) = play.page(&job).await;
    assert!(page.contains("Test sent") && page.contains("Waiting for Daenerys to submit"));
    assert!(page.contains("Send again"));
    let sent = play.get("summary").await["take_home_tests"][0].clone();
    play.complete(&sent, 80.0).await;
    let (_, page) = play.page(&job).await;
    assert!(
        page.contains("Complete, 80") && page.contains("Scorecard due from Dan Nolan, Priya Raman")
    );
    assert!(page.contains(&format!("<a href=\"{RESULT}\"")));
    let (_, kit) = play.page(&format!("/candidates/{candidate}")).await;
    assert!(kit.contains("View results") && kit.contains("Advance"));
}

#[tokio::test]
async fn ticked_candidates_are_sent_to_together() {
    let play = Play::start().await;
    let ids = [
        play.candidate("a").await,
        play.candidate("b").await,
        play.candidate("c").await,
    ];
    let ids = ids.map(|id| id.to_string());
    let ticked = [
        ("application", &*ids[0]),
        ("application", &*ids[2]),
        ("action", "send"),
    ];
    let (status, to, _) = play
        .submit(&format!("/stages/{}/bulk", play.stage), &ticked)
        .await;
    assert_eq!((status, to), (303, format!("/jobs/{}", play.job)));
    let mut version = 0;
    while play.vendor.received("send_test").len() < 2 {
        version = play.version(version).await;
    }
    assert_eq!(play.vendor.received("send_test").len(), 2);
}

#[tokio::test]
async fn nobody_ticked_is_said_with_a_way_back() {
    let play = Play::start().await;
    let (status, _, page) = play
        .submit(&format!("/stages/{}/bulk", play.stage), &[])
        .await;
    assert_eq!(status, 422);
    assert!(page.contains("Nobody is ticked") && page.contains(&format!("/jobs/{}", play.job)));
}

#[tokio::test]
async fn a_form_at_fault_keeps_what_was_typed() {
    let play = Play::start().await;
    let fields = [
        ("name", "Northwind"),
        ("partner_name", "P & Q"),
        ("base_url", "nonsense"),
    ];
    let (status, _, page) = play.submit("/organizations", &fields).await;
    assert_eq!(status, 422);
    assert!(page.contains("That is no URL") && page.contains("value=\"nonsense\""));
    assert!(page.contains("value=\"P &#38; Q\""));
}

#[tokio::test]
async fn names_are_shown_as_text() {
    let play = Play::start().await;
    play.candidate("<script>alert(1)</script>").await;
    let (_, page) = play.page(&format!("/jobs/{}", play.job)).await;
    assert!(!page.contains("<script>alert"));
}

#[rstest]
#[case("/")]
#[case("/organizations/new")]
#[case("/calls")]
#[case("/faults")]
#[case("/assets/sandbox.css")]
#[case("/assets/live.js")]
#[tokio::test]
async fn every_page_says_what_it_may_load(#[case] path: &str) {
    let play = Play::start().await;
    let answer = play.http.get(play.url(path)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    let page = answer.text().await.unwrap();
    assert!(!page.contains(" style=") && !page.contains("<script>"));
}

#[tokio::test]
async fn another_website_cannot_press_a_button() {
    let play = Play::start().await;
    let call = play.http.post(play.url("/control/reset"));
    let answer = call
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(play.get("jobs").await["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_profile_link_leads_to_the_candidate() {
    let play = Play::start().await;
    let sent = play.send().await;
    let body = &play.vendor.received("send_test")[0].body;
    let link = body["candidate"]["greenhouse_profile_url"]
        .as_str()
        .unwrap();
    let answer = play.http.get(link).send().await.unwrap();
    let to: &HeaderMap = answer.headers();
    assert_eq!(
        to[LOCATION],
        format!("/candidates/{}", sent["application_id"])
    );
}

#[tokio::test]
async fn a_fault_set_on_the_page_is_played() {
    let play = Play::start().await;
    let sent = play.send().await;
    let fields = [("kind", "429"), ("times", "1"), ("seconds", "9")];
    assert_eq!(play.submit("/faults", &fields).await.0, 303);
    let (_, page) = play.page("/faults").await;
    assert!(page.contains("It will answer 429 with Retry-After: 9, once more."));
    assert_eq!(play.patch(&sent).await.unwrap().status(), 429);
    assert_eq!(play.patch(&sent).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_call_can_be_looked_at_with_both_bodies() {
    let play = Play::start().await;
    play.send().await;
    let (_, list) = play.page("/calls").await;
    assert!(list.contains("send_test"));
    let sequence = play.log("call=send_test").await[0]["sequence"].clone();
    let (_, page) = play.page(&format!("/calls/{sequence}")).await;
    assert!(page.contains("partner_interview_id") && page.contains("greenhouse_profile_url"));
    assert!(!page.contains(KEY));
}

#[tokio::test]
async fn an_unknown_address_has_a_way_on() {
    let play = Play::start().await;
    for path in ["/nowhere", "/jobs/5", "/candidates/5", "/calls/999"] {
        let (status, page) = play.page(path).await;
        assert_eq!(status, 404, "{path}");
        assert!(page.contains("Go back"), "{path}");
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap() + before.len();
    &text[start..start + text[start..].find(after).unwrap()]
}
