//! Acme's Greenhouse, and one whole round trip with it.

use std::io;

use domain::AssessmentId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::candidate::{Candidate, until};
use crate::control::{Control, number};
use crate::house::{HARVEST_CLIENT_ID, HARVEST_CLIENT_SECRET, House};
use crate::story::Story;

/// More jobs that Acme has open: name, requisition id, text.
const ADVERTISED: [(&str, &str, &str); 2] = [
    (
        "Backend engineer",
        "ENG-7",
        "<h2>What you do</h2><p>You keep <strong>our services</strong> quick and quiet.</p><ul><li>Rust</li><li>PostgreSQL</li></ul>",
    ),
    (
        "Data analyst",
        "DATA-2",
        "<p>You read tables for a living, and say what they mean.</p>",
    ),
];

/// Acme in the sandbox's Greenhouse, with the job and the stage that have the test.
#[derive(Debug)]
pub(crate) struct Greenhouse {
    /// Acme's id there.
    pub(crate) organization: u64,
    pub(crate) job: u64,
    stage: u64,
}

impl Greenhouse {
    /// Connects it with Baton: a job, a stage with a test and a grader and three candidates, and one with the test that people grade and
    /// one candidate.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn set_up(
        control: &Control,
        baton: &str,
        key: &str,
        test: AssessmentId,
        graded: AssessmentId,
    ) -> io::Result<Self> {
        let base = format!("{baton}/api/greenhouse");
        let organization =
            json!({ "name": "Acme", "partner_name": "Baton", "base_url": base, "key": key });
        let organization = control
            .post("greenhouse/organizations", organization)
            .await?;
        let organization = number(&organization, "id")?;
        let job = json!({ "organization_id": organization, "name": "Support engineer" });
        let job = number(&control.post("greenhouse/jobs", job).await?, "id")?;
        let stage = add_stage(control, job, "Baton assessment", test).await?;
        let sample = add_stage(control, job, "Work sample", graded).await?;
        let greenhouse = Self {
            organization,
            job,
            stage,
        };
        greenhouse.open_harvest(control, baton).await?;
        for (first, last) in [
            ("Ada", "Lovelace"),
            ("Alan", "Turing"),
            ("Katherine", "Johnson"),
        ] {
            let who = Candidate::called(first, last);
            greenhouse.add(control, &who, stage).await?;
        }
        let who = Candidate::called("Margaret", "Hamilton");
        greenhouse.add(control, &who, sample).await?;
        Ok(greenhouse)
    }

    /// Registers Baton for Harvest, and advertises jobs that can be imported. Connecting is left to whoever tries it out.
    async fn open_harvest(&self, control: &Control, baton: &str) -> io::Result<()> {
        let app = json!({
            "name": "Baton", "redirect_uris": [format!("{baton}/oauth/greenhouse/callback")],
            "client_id": HARVEST_CLIENT_ID, "client_secret": HARVEST_CLIENT_SECRET,
        });
        control.post("greenhouse/harvest/apps", app).await?;
        let here = format!("greenhouse/harvest/organizations/{}", self.organization);
        let colleague =
            json!({ "name": "Grace Hopper", "emails": ["grace@acme.example"], "site_admin": true });
        control.post(&format!("{here}/users"), colleague).await?;
        let post =
            json!({ "title": "Support engineer", "content": "<p>Answer what others cannot.</p>" });
        let posts = format!("greenhouse/harvest/jobs/{}/posts", self.job);
        control.post(&posts, post).await?;
        for (name, requisition, content) in ADVERTISED {
            let job = json!({
                "name": name, "requisition_id": requisition, "stages": ["Take home", "Offer"],
                "posts": [{ "title": name, "content": content }],
            });
            control.post(&format!("{here}/jobs"), job).await?;
        }
        Ok(())
    }

    /// Adds a candidate to a stage; the application's id.
    async fn add(&self, control: &Control, who: &Candidate, stage: u64) -> io::Result<u64> {
        let candidate = json!({
            "job_id": self.job, "stage_id": stage, "first_name": who.first, "last_name": who.last, "email": who.email(),
        });
        let made = control.post("greenhouse/applications", candidate).await?;
        number(&made, "application_id")
    }
}

/// A stage of the job that sends `test`; its id.
async fn add_stage(control: &Control, job: u64, name: &str, test: AssessmentId) -> io::Result<u64> {
    let path = format!("greenhouse/jobs/{job}/stages");
    let stage = number(&control.post(&path, json!({ "name": name })).await?, "id")?;
    let test = json!({ "partner_test_id": test, "graders": ["Grace Hopper"] });
    let path = format!("greenhouse/stages/{stage}");
    control.call(Method::PATCH, &path, &test).await?;
    Ok(stage)
}

/// A whole round trip with a new candidate.
///
/// # Errors
/// The step that failed, in words.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
pub(crate) async fn round_trip(house: &House, story: &Story) -> io::Result<()> {
    let who = Candidate::new("Emmy", "Noether", house);
    let shown = send_and_take(house, story, &who).await?;
    println!(
        "Its result link:\n  {}\n",
        shown["profile_url"].as_str().unwrap_or_default()
    );
    Ok(())
}

/// Sends the test to `who`, takes it with four of five right, and waits until Greenhouse shows the score; what it then shows.
///
/// # Errors
/// The step that failed, in words.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
pub(crate) async fn send_and_take(
    house: &House,
    story: &Story,
    who: &Candidate,
) -> io::Result<Value> {
    let greenhouse = &story.greenhouse;
    let added = greenhouse.add(&story.control, who, greenhouse.stage);
    let application = added.await?;
    println!(
        "Greenhouse: {} is in the stage; the recruiter presses Send Test.",
        who.name()
    );
    let send = format!("greenhouse/applications/{application}/send");
    story.control.post(&send, json!({})).await?;
    who.take(house, story, async || Ok(())).await?;
    let shown = complete(story, application).await?;
    println!("Greenhouse: Complete, {}.", shown["score"]);
    Ok(shown)
}

/// Waits until Greenhouse has fetched the result.
async fn complete(story: &Story, application: u64) -> io::Result<Value> {
    let path = format!("greenhouse/applications/{application}");
    until("Greenhouse did not learn of the result", async || {
        let shown = story.control.get(&path).await?;
        let test = shown["take_home_tests"][0].clone();
        Ok((!test["completed_at"].is_null()).then_some(test))
    })
    .await
}
