//! The other door of Acme's Greenhouse: a job that is imported, an interview that brings somebody over, and a score that comes late.

use std::io;

use app::connections::{self, HarvestChange, MadeBy};
use app::greenhouse::{self, Jobs, import};
use domain::ConnectionKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::candidate::{Candidate, until};
use crate::control::text;
use crate::greenhouse::send_and_take;
use crate::house::House;
use crate::story::Story;

const KIND: ConnectionKind = ConnectionKind::GreenhouseHarvest;
/// Who interviews are attributed to.
const AUTHOR: &str = "grace@acme.example";
/// The requisition id of the job that is imported.
const REQUISITION: &str = "ENG-7";

/// Connects, then walks through each of the three stories.
///
/// # Errors
/// The step that failed, in words.
pub(crate) async fn round_trip(house: &House, story: &Story) -> io::Result<()> {
    connect(house, story).await?;
    let job = job(house, story).await?;
    import_it(house, story, &job).await?;
    interview(house, story, &job).await?;
    late_score(house, story).await
}

#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn import_it(house: &House, story: &Story, job: &str) -> io::Result<()> {
    let imported = import(&house.app, story.organization, job).await;
    let imported = imported.map_err(io::Error::other)?;
    let title = imported.assessment.title;
    match imported.is_new {
        true => println!("Baton: the job “{title}” is imported as a draft."),
        false => println!("Baton: the job “{title}” was imported before."),
    }
    Ok(())
}

/// Files an interview after which both say yes, and waits until Greenhouse shows person and note.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn interview(house: &House, story: &Story, job: &str) -> io::Result<()> {
    let who = Candidate::new("Hedy", "Lamarr", house);
    let interview = file(story, house, &who, job).await?;
    println!(
        "Baton: an interviewer would go on with {}, who is asked by mail.",
        who.name()
    );
    let path = format!("interviews/{}/consent", text(&interview, "id")?);
    let yes = json!({ "interested": true });
    story.v1(house, Method::POST, &path, &yes).await?;
    println!("{} says yes.", who.name());
    let note = note(story, &who).await?;
    println!(
        "Greenhouse: {} is there, with one note.\n{}\n",
        who.name(),
        indented(&note)
    );
    Ok(())
}

/// Changes a score that the stage has taken, and waits until the candidate's feed tells of it.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn late_score(house: &House, story: &Story) -> io::Result<()> {
    let who = Candidate::new("Lise", "Meitner", house);
    let sent = send_and_take(house, story, &who).await?;
    let result = format!("invites/{}/result", text(&sent, "partner_interview_id")?);
    let better = json!({ "score": 85, "summary": "The last answer was right after all." });
    story.v1(house, Method::PUT, &result, &better).await?;
    println!("Baton: the score is now 85, which the stage no longer takes.");
    let note = note(story, &who).await?;
    println!(
        "Greenhouse: it is a note in the feed.\n{}\n",
        indented(&note)
    );
    Ok(())
}

/// The id of the job that is imported.
async fn job(house: &House, story: &Story) -> io::Result<String> {
    let wanted = Jobs {
        q: REQUISITION.to_owned(),
        before: None,
        limit: 1,
    };
    let found = greenhouse::jobs(&house.app, story.organization, &wanted).await;
    let found = found.map_err(io::Error::other)?;
    let job = found.first().map(|job| job.id.to_string());
    job.ok_or_else(|| io::Error::other("Greenhouse has no such job"))
}

async fn file(story: &Story, house: &House, who: &Candidate, job: &str) -> io::Result<Value> {
    let interview = json!({
        "candidate": {
            "first_name": who.first, "last_name": who.last, "email": who.email(), "linkedin_url": "https://www.linkedin.com/in/hedy",
        },
        "interviewer_name": "Grace Hopper", "interviewed_on": "2026-11-20", "advance": true,
        "scores": [{ "name": "Technical skills", "score": 4 }, { "name": "Communication skills", "score": 3 }],
        "comments": "Hops from one frequency to the next.", "greenhouse_job_id": job,
    });
    story
        .v1(house, Method::POST, "interviews", &interview)
        .await
}

/// Connects as a Site Admin would, where nobody has done so yet, and says to whom interviews are attributed.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn connect(house: &House, story: &Story) -> io::Result<()> {
    let organization = story.organization;
    let shown = connections::show(&house.app, organization, KIND).await;
    if !shown.map_err(io::Error::other)?.state.works() {
        let authorize = house
            .app
            .write(move |app, conn| {
                connections::authorize(app, conn, organization, KIND, &MadeBy::Key)
            })
            .await
            .map_err(io::Error::other)?;
        let accept = json!({ "url": authorize, "organization_id": story.greenhouse.organization, "service_account": true });
        let path = "greenhouse/harvest/authorize";
        let accepted = story.control.post(path, accept).await?;
        let back = text(&accepted, "redirect_to")?;
        let answer = story.control.http.get(back).send().await;
        answer
            .and_then(reqwest::Response::error_for_status)
            .map_err(io::Error::other)?;
        println!("Greenhouse: a Site Admin let Baton in; Baton is connected.");
    }
    let change = HarvestChange {
        created_by_email: Some(Some(AUTHOR.to_owned())),
    };
    let changed = connections::change_harvest(&house.app, organization, change).await;
    changed.map(drop).map_err(io::Error::other)
}

/// The note in somebody's feed.
async fn note(story: &Story, who: &Candidate) -> io::Result<String> {
    let path = format!(
        "greenhouse/harvest/organizations/{}/candidates",
        story.greenhouse.organization
    );
    until("Greenhouse did not get the note", async || {
        let shown = story.control.get(&path).await?;
        let mut people = shown["candidates"].as_array().into_iter().flatten();
        let them = people.find(|it| it["email_addresses"][0]["value"] == who.email());
        let note = them.and_then(|it| it["notes"][0]["body"].as_str());
        Ok(note.map(str::to_owned))
    })
    .await
}

fn indented(note: &str) -> String {
    let lines: Vec<String> = note.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
