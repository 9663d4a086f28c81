//! Acme's Greenhouse, and one whole round trip with it.

use std::io;

use domain::AssessmentId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::candidate::{Candidate, until};
use crate::control::{Control, number};
use crate::house::House;
use crate::story::Story;

/// The job and stage in the sandbox's Greenhouse that have the test.
#[derive(Debug)]
pub(crate) struct Greenhouse {
    pub(crate) job: u64,
    stage: u64,
}

impl Greenhouse {
    /// Connects it with Baton: a job, a stage with the test and a grader, three candidates.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn set_up(
        control: &Control,
        baton: &str,
        key: &str,
        test: AssessmentId,
    ) -> io::Result<Self> {
        let base = format!("{baton}/api/greenhouse");
        let organization =
            json!({ "name": "Acme", "partner_name": "Baton", "base_url": base, "key": key });
        let organization = control
            .post("greenhouse/organizations", organization)
            .await?;
        let job = json!({ "organization_id": organization["id"], "name": "Support engineer" });
        let job = number(&control.post("greenhouse/jobs", job).await?, "id")?;
        let path = format!("greenhouse/jobs/{job}/stages");
        let stage = control
            .post(&path, json!({ "name": "Baton assessment" }))
            .await?;
        let stage = number(&stage, "id")?;
        let test = json!({ "partner_test_id": test, "graders": ["Grace Hopper"] });
        let path = format!("greenhouse/stages/{stage}");
        control.call(Method::PATCH, &path, &test).await?;
        let greenhouse = Self { job, stage };
        for (first, last) in [
            ("Ada", "Lovelace"),
            ("Alan", "Turing"),
            ("Katherine", "Johnson"),
        ] {
            greenhouse
                .add(control, &Candidate::called(first, last))
                .await?;
        }
        Ok(greenhouse)
    }

    /// Adds a candidate to the stage; the application's id.
    async fn add(&self, control: &Control, who: &Candidate) -> io::Result<u64> {
        let candidate = json!({
            "job_id": self.job, "stage_id": self.stage, "first_name": who.first, "last_name": who.last, "email": who.email(),
        });
        let made = control.post("greenhouse/applications", candidate).await?;
        number(&made, "application_id")
    }
}

/// Sends the test to a new candidate, takes it with four of five right, and waits until Greenhouse shows the score.
///
/// # Errors
/// The step that failed, in words.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
pub(crate) async fn round_trip(house: &House, story: &Story) -> io::Result<()> {
    let who = Candidate::new("Emmy", "Noether", house);
    let application = story.greenhouse.add(&story.control, &who).await?;
    println!(
        "Greenhouse: {} is in the stage; the recruiter presses Send Test.",
        who.name()
    );
    let send = format!("greenhouse/applications/{application}/send");
    story.control.post(&send, json!({})).await?;
    who.take(house, story, async || Ok(())).await?;
    let shown = complete(story, application).await?;
    println!(
        "Greenhouse: Complete, {}. Its result link:\n  {}\n",
        shown["score"],
        shown["profile_url"].as_str().unwrap_or_default()
    );
    Ok(())
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
