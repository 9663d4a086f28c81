//! Acme's Lever, and one whole round trip with it.

use std::io;
use std::time::Duration;

use app::connections::{self, MadeBy};
use domain::{ConnectionKind, OrganizationId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::assessments::WALKED;
use crate::candidate::{Candidate, until};
use crate::control::{Control, text};
use crate::house::{House, LEVER_CLIENT_ID, LEVER_CLIENT_SECRET};
use crate::story::Story;

/// A little more than one.
const A_SECOND: Duration = Duration::from_millis(1_100);

/// Acme's account in the sandbox's Lever.
#[derive(Debug)]
pub(crate) struct Lever {
    pub(crate) account: String,
    posting: String,
    /// The stage into which candidates are moved.
    stage: String,
    /// Where they are before.
    first_stage: String,
}

impl Lever {
    /// Makes the account and three candidates, and registers Baton as an app. Connecting is left to whoever tries it out.
    ///
    /// # Errors
    /// What went wrong, in words.
    pub(crate) async fn set_up(control: &Control, baton: &str) -> io::Result<Self> {
        let app = json!({
            "name": "Baton", "redirect_uris": [format!("{baton}/oauth/lever/callback")],
            "client_id": LEVER_CLIENT_ID, "client_secret": LEVER_CLIENT_SECRET,
        });
        control.post("lever/apps", app).await?;
        let made = control
            .post("lever/accounts", json!({ "name": "Acme" }))
            .await?;
        let account = text(&made, "id")?;
        let lever = Self::of(control, account).await?;
        for (first, last) in [
            ("Grace", "Hopper"),
            ("Barbara", "Liskov"),
            ("Edsger", "Dijkstra"),
        ] {
            lever.add(control, &Candidate::called(first, last)).await?;
        }
        Ok(lever)
    }

    async fn of(control: &Control, account: String) -> io::Result<Self> {
        let shown = control.get(&format!("lever/accounts/{account}")).await?;
        let stage = |name: &str| {
            let stages = shown["stages"].as_array().into_iter().flatten();
            let mut named = stages.filter(|stage| stage["text"] == name);
            named.next().map_or_else(
                || Err(io::Error::other(format!("no stage {name}"))),
                |stage| text(stage, "id"),
            )
        };
        Ok(Self {
            posting: text(&shown["postings"][0], "id")?,
            stage: stage("Assessment")?,
            first_stage: stage("New applicant")?,
            account,
        })
    }

    /// Adds a candidate to the posting; the opportunity's id.
    async fn add(&self, control: &Control, who: &Candidate) -> io::Result<String> {
        let opportunity = json!({
            "name": who.name(), "emails": [who.email()], "posting_id": self.posting, "stage_id": self.first_stage,
        });
        let path = format!("lever/accounts/{}/opportunities", self.account);
        text(&control.post(&path, opportunity).await?, "id")
    }

    /// An opportunity's tags.
    async fn tags(&self, control: &Control, opportunity: &str) -> io::Result<Vec<String>> {
        let shown = control
            .get(&format!("lever/opportunities/{opportunity}"))
            .await?;
        let tags = shown["tags"].as_array().into_iter().flatten();
        Ok(tags.filter_map(Value::as_str).map(str::to_owned).collect())
    }
}

/// Tags a new candidate, moves them, takes the assessment, and waits until Lever shows tag and note.
///
/// # Errors
/// The step that failed, in words.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
pub(crate) async fn round_trip(house: &House, story: &Story) -> io::Result<()> {
    connect(house, story).await?;
    let (control, lever) = (&story.control, &story.lever);
    let who = Candidate::new("Radia", "Perlman", house);
    let opportunity = lever.add(control, &who).await?;
    let here = format!("lever/opportunities/{opportunity}");
    control
        .post(&format!("{here}/add-tags"), json!({ "tags": [WALKED] }))
        .await?;
    control
        .post(&format!("{here}/move"), json!({ "stage_id": lever.stage }))
        .await?;
    println!(
        "Lever: {} is tagged “{WALKED}”; the recruiter moves the card to Assessment.",
        who.name()
    );
    let shows = async |status: &str| shows_tag(story, &opportunity, status).await;
    shows("Invited").await?;
    who.take(house, story, async || shows("Started").await)
        .await?;
    shows("Submitted").await?;
    let note = note(story, &opportunity).await?;
    println!("Lever: one note.\n{}\n", indented(&note));
    Ok(())
}

/// Connects as a Super Admin would, where nobody has done so yet.
#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn connect(house: &House, story: &Story) -> io::Result<()> {
    let organization = story.organization;
    if !is_connected(house, organization).await? {
        log_in(house, story).await?;
        println!("Lever: a Super Admin logged in and accepted; Baton is connected.");
    }
    let switch = format!("lever/accounts/{}/events", story.lever.account);
    let on = json!({ "candidateStageChange": true });
    story.control.call(Method::PATCH, &switch, &on).await?;
    let stage = story.lever.stage.clone();
    let stages = house
        .app
        .read(move |_, conn| connections::trigger_stages(conn, organization))
        .await
        .map_err(io::Error::other)?;
    if stages.iter().all(|known| known.stage_id != stage) {
        add_trigger_stage(house, organization, &stage)
            .await
            .map_err(io::Error::other)?;
        println!("Baton: Assessment is a trigger stage.");
        // Lever tells the time in whole seconds: only what happens after this one is a new move for certain.
        tokio::time::sleep(A_SECOND).await;
    }
    Ok(())
}

async fn add_trigger_stage(
    house: &House,
    organization: OrganizationId,
    stage: &str,
) -> app::Result<()> {
    let found = connections::find_stage(&house.app, organization, stage).await?;
    house
        .app
        .write(move |app, conn| {
            connections::add_trigger_stage(app, conn, organization, &found).map(drop)
        })
        .await
}

async fn is_connected(house: &House, organization: OrganizationId) -> io::Result<bool> {
    let shown = connections::show(&house.app, organization, ConnectionKind::Lever).await;
    Ok(shown.map_err(io::Error::other)?.state.works())
}

async fn log_in(house: &House, story: &Story) -> io::Result<()> {
    let organization = story.organization;
    let authorize = house
        .app
        .write(move |app, conn| {
            let by = MadeBy::Key;
            connections::authorize(app, conn, organization, ConnectionKind::Lever, &by)
        })
        .await
        .map_err(io::Error::other)?;
    let accept = json!({ "account_id": story.lever.account, "url": authorize });
    let accepted = story.control.post("lever/authorize", accept).await?;
    let back = text(&accepted, "redirect_to")?;
    let answer = story.control.http.get(back).send().await;
    answer
        .and_then(reqwest::Response::error_for_status)
        .map_err(io::Error::other)?;
    if is_connected(house, organization).await? {
        Ok(())
    } else {
        Err(io::Error::other("Lever is not connected after all"))
    }
}

#[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
async fn shows_tag(story: &Story, opportunity: &str, status: &str) -> io::Result<()> {
    let tag = format!("{WALKED} - {status}");
    until(
        &format!("Lever did not get the tag “{tag}”"),
        async || {
            let tags = story.lever.tags(&story.control, opportunity).await?;
            Ok(tags.contains(&tag).then_some(()))
        },
    )
    .await?;
    println!("Lever: the tag is now “{tag}”.");
    Ok(())
}

async fn note(story: &Story, opportunity: &str) -> io::Result<String> {
    let path = format!("lever/opportunities/{opportunity}");
    until("Lever did not get the results note", async || {
        let shown = story.control.get(&path).await?;
        Ok(shown["notes"][0]["value"].as_str().map(str::to_owned))
    })
    .await
}

fn indented(note: &str) -> String {
    let lines: Vec<String> = note.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}
