//! One whole round trip, told step by step: everything over HTTP and mail, as the people in it would do it.

use std::io;
use std::time::Duration;

use domain::Assessment;
use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;
use crate::story::{Story, add_candidate, control};

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends the test to a new candidate, takes it with four of five right, and waits until Greenhouse shows the score.
///
/// # Errors
/// The step that failed, in words.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
pub(crate) async fn whole_round_trip(house: &House, story: &Story) -> io::Result<()> {
    let number = house.mail.messages().len() + 1;
    let last = format!("Noether{number}");
    let application =
        add_candidate(house, &story.http, story.job, story.stage, "Emmy", &last).await?;
    println!("Greenhouse: Emmy {last} is in the stage; the recruiter presses Send Test.");
    control(
        house,
        &story.http,
        Method::POST,
        &format!("applications/{application}/send"),
        json!({}),
    )
    .await?;
    let link = invitation(house, &last).await?;
    println!("Mail: the invitation is there, with a link of her own.\n  {link}");
    take(house, story, &link).await?;
    println!("Candidate: opened the link, pressed Start, got four of five right, pressed Submit.");
    let shown = complete(house, story, application).await?;
    println!(
        "Greenhouse: Complete, {}. Its result link:\n  {}\n",
        shown["score"],
        shown["profile_url"].as_str().unwrap_or_default()
    );
    Ok(())
}

async fn invitation(house: &House, last: &str) -> io::Result<String> {
    let address = format!("emmy.{last}@candidate.example").to_lowercase();
    let mail = house
        .mail
        .wait_for(|mail| mail.recipients.contains(&address), PATIENCE)
        .await
        .ok_or_else(|| io::Error::other("no invitation came"))?;
    let link = mail.link().map(str::to_owned);
    link.ok_or_else(|| io::Error::other("the invitation holds no link"))
}

/// Start and Submit, as the plain forms post them.
async fn take(house: &House, story: &Story, link: &str) -> io::Result<()> {
    let (organization, assessment) = (story.organization, story.assessment);
    let assessment = house
        .app
        .read(move |_, conn| app::assessments::find(conn, organization, assessment))
        .await
        .map_err(io::Error::other)?;
    post(story, &format!("{link}/start"), &[]).await?;
    post(story, &format!("{link}/submit"), &four_right(&assessment)).await
}

/// The right choice of each question but the last, and a wrong one there.
fn four_right(assessment: &Assessment) -> Vec<(String, String)> {
    let last = assessment.questions.len().saturating_sub(1);
    let answer = |(at, question): (usize, &domain::Question)| {
        let picked = question
            .choices
            .iter()
            .find(|choice| choice.correct == (at != last));
        picked.map(|choice| (format!("answer.{}", question.id), choice.id.to_string()))
    };
    assessment
        .questions
        .iter()
        .enumerate()
        .filter_map(answer)
        .collect()
}

async fn post(story: &Story, url: &str, fields: &[(String, String)]) -> io::Result<()> {
    let answer = story.http.post(url).form(fields).send().await;
    let status = answer.map_err(io::Error::other)?.status();
    if status.is_success() || status.is_redirection() {
        Ok(())
    } else {
        Err(io::Error::other(format!(
            "Baton answers the candidate {status}"
        )))
    }
}

/// Waits until Greenhouse has fetched the result.
async fn complete(house: &House, story: &Story, application: u64) -> io::Result<Value> {
    let path = format!("applications/{application}");
    let begun = tokio::time::Instant::now();
    loop {
        let shown = control(house, &story.http, Method::GET, &path, json!(null)).await?;
        let test = shown["take_home_tests"][0].clone();
        if !test["completed_at"].is_null() {
            return Ok(test);
        }
        if begun.elapsed() > PATIENCE {
            return Err(io::Error::other("Greenhouse did not learn of the result"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
