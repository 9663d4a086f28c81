//! Greenhouse's pages beside those of the partner's half, as a browser without scripts uses them.

use reqwest::Method;
use reqwest::header::LOCATION;
use rstest::rstest;
use serde_json::{Value, json};

use super::play::{HarvestPlay, REDIRECT};
use crate::receiver::Receiver;

impl HarvestPlay {
    /// A page that has to be there.
    async fn page(&self, path: &str) -> String {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {page}");
        page
    }

    /// Sends a form: where it leads, or the page that says why not.
    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Result<String, String> {
        let call = self.http.post(self.url(path)).form(fields);
        let answer = call.send().await.unwrap();
        match answer.headers().get(LOCATION) {
            Some(to) => Ok(to.to_str().unwrap().to_owned()),
            None => Err(answer.text().await.unwrap()),
        }
    }
}

#[tokio::test]
async fn a_recruiter_reads_the_feed_and_a_move_fires_the_web_hook() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    let (ada, [_, stage]) = play.applicant().await;
    let center = format!("/organizations/{}/dev-center", play.organization);
    let hook = [
        ("event", "candidate_stage_change"),
        ("url", receiver.url.as_str()),
        ("secret_key", "a secret key"),
    ];
    let path = format!("/organizations/{}/webhooks", play.organization);
    assert_eq!(play.submit(&path, &hook).await.unwrap(), center);
    let page = play.page(&center).await;
    assert!(
        page.contains("✓ Enabled") && page.contains("Talent Works"),
        "{page}"
    );

    let note = json!({"candidate_id": ada["person_id"], "application_id": ada["application_id"],
        "body": "Result: 82 of 100", "note_type": "NOTE", "visibility": "private"});
    assert_eq!(play.write(Method::POST, "notes", note).await.0, 201);
    let people = play
        .page(&format!("/organizations/{}/people", play.organization))
        .await;
    let profile = format!("/people/{}", ada["person_id"]);
    assert!(
        people.contains(&profile) && people.contains("ada@example.org"),
        "{people}"
    );
    let page = play.page(&profile).await;
    for words in [
        "Result: 82 of 100",
        "Talent Works (service account)",
        "Private",
        "Application review",
        "Take home",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // The link that assessment partners are given leads to the same person.
    let kit = play
        .page(&format!("/candidates/{}", ada["application_id"]))
        .await;
    assert!(kit.contains(&profile), "{kit}");

    let (application, stage) = (ada["application_id"].to_string(), stage.to_string());
    let fields = [
        ("application_id", application.as_str()),
        ("stage_id", stage.as_str()),
    ];
    assert_eq!(
        play.submit(&format!("{profile}/move"), &fields)
            .await
            .unwrap(),
        profile
    );
    play.settled("candidate_stage_change", 1, 1).await;
    let page = play.page(&center).await;
    assert!(
        page.contains("✓ Delivered") && page.contains(&profile),
        "{page}"
    );
    assert!(
        play.page(&profile)
            .await
            .contains("Now in <b>Take home</b>")
    );
}

#[tokio::test]
async fn people_are_merged_anonymized_and_deleted_on_their_page() {
    let play = HarvestPlay::start().await;
    let (first, _) = play.applicant().await;
    let (second, _) = play.applicant().await;
    let (third, _) = play.applicant().await;
    let profile = |who: &Value| format!("/people/{}", who["person_id"]);
    let into = second["person_id"].to_string();
    let merged = play
        .submit(&format!("{}/merge", profile(&first)), &[("into", &into)])
        .await;
    assert_eq!(merged.unwrap(), profile(&second));
    play.submit(&format!("{}/anonymize", profile(&second)), &[])
        .await
        .unwrap();
    let page = play.page(&profile(&second)).await;
    assert!(page.contains(&format!("Anonymized {into}")), "{page}");
    let application = second["application_id"].to_string();
    let path = format!("{}/delete-application", profile(&second));
    play.submit(&path, &[("application_id", &application)])
        .await
        .unwrap();
    assert_eq!(play.list("applications").await.len(), 2);
    let people = play
        .submit(&format!("{}/delete", profile(&third)), &[])
        .await
        .unwrap();
    assert_eq!(
        people,
        format!("/organizations/{}/people", play.organization)
    );
    assert_eq!(play.list("candidates").await.len(), 1);
    let gone = play
        .http
        .get(play.url(&profile(&third)))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn access_is_revoked_and_a_web_hook_switched_off_in_the_dev_center() {
    let play = HarvestPlay::start().await;
    let receiver = Receiver::start();
    let hook = play.hook(&receiver, "delete_candidate").await;
    let center = format!("/organizations/{}/dev-center", play.organization);
    play.submit(&format!("/webhooks/{}/disable", hook["id"]), &[])
        .await
        .unwrap();
    assert!(play.page(&center).await.contains("! Disabled"));
    play.submit(&format!("/webhooks/{}/enable", hook["id"]), &[])
        .await
        .unwrap();
    assert!(play.page(&center).await.contains("✓ Enabled"));
    let ping = play.get(&play.of_organization("/deliveries")).await["deliveries"][0]["id"].clone();
    play.submit(&format!("/deliveries/{ping}/duplicate"), &[])
        .await
        .unwrap();
    assert_eq!(receiver.deliveries().len(), 3);
    play.submit(&format!("/webhooks/{}/remove", hook["id"]), &[])
        .await
        .unwrap();
    assert!(play.page(&center).await.contains("No web hook yet"));

    assert_eq!(play.list("users").await.len(), 2);
    let client_id = play.app["client_id"].as_str().unwrap();
    let path = format!("/organizations/{}/revoke", play.organization);
    play.submit(&path, &[("client_id", client_id)])
        .await
        .unwrap();
    assert!(
        play.page(&center)
            .await
            .contains("The customer removed the app.")
    );
    assert_eq!(play.refused("users").await.0, 401);
    assert_eq!(
        play.refreshed(&play.refresh).await.1,
        json!({"error": "invalid_grant"})
    );
}

#[tokio::test]
async fn posts_job_apps_and_faults_have_their_pages() {
    let play = HarvestPlay::start().await;
    play.applicant().await;
    let job = play.list("jobs").await[0]["id"].clone();
    let posts = format!("/jobs/{job}/posts");
    let post = [
        ("title", "Rust engineer"),
        ("content", "<p>Come & build</p>"),
        ("live", "on"),
    ];
    assert_eq!(play.submit(&posts, &post).await.unwrap(), posts);
    let page = play.page(&posts).await;
    assert!(
        page.contains("&#60;p&#62;Come &#38; build") || page.contains("&lt;p&gt;Come &amp; build"),
        "{page}"
    );
    let there = &play.list("job_posts").await[0];
    assert_eq!(
        (&there["content"], &there["live"]),
        (&json!("<p>Come & build</p>"), &json!(true))
    );
    let state = [("status", "closed"), ("requisition_id", "R-9")];
    play.submit(&format!("/jobs/{job}/harvest"), &state)
        .await
        .unwrap();
    assert_eq!(
        play.list("jobs?status=closed").await[0]["requisition_id"],
        "R-9"
    );
    assert!(
        play.submit(&format!("/jobs/{job}/harvest"), &[("status", "lost")])
            .await
            .is_err()
    );

    let app = [
        ("name", "Another app"),
        ("redirect_uri", REDIRECT),
        ("client_id", "another-7"),
        ("client_secret", "s"),
    ];
    play.submit("/harvest/apps", &app).await.unwrap();
    let page = play.page("/harvest").await;
    assert!(
        page.contains("another-7") && page.contains("/greenhouse/auth/token"),
        "{page}"
    );
    play.submit("/harvest/apps/another-7/remove", &[])
        .await
        .unwrap();
    assert!(!play.page("/harvest").await.contains("another-7"));

    let faults = format!("/organizations/{}/harvest-faults", play.organization);
    play.submit(
        &faults,
        &[("kind", "429"), ("seconds", "7"), ("times", "1")],
    )
    .await
    .unwrap();
    assert!(
        play.page(&faults)
            .await
            .contains("answer 429 with Retry-After: 7, once more")
    );
    assert_eq!(play.api(Method::GET, "jobs", None).await.status(), 429);
    assert!(play.page(&faults).await.contains("✓ Off"));
}

#[rstest]
#[case("/people/1")]
#[case("/organizations/1/people")]
#[case("/organizations/1/dev-center")]
#[case("/organizations/1/harvest-faults")]
#[case("/jobs/1/posts")]
#[tokio::test]
async fn a_page_of_nothing_says_so(#[case] path: &str) {
    let play = HarvestPlay::start().await;
    let answer = play.http.get(play.url(path)).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.unwrap().contains("There is no"));
}
