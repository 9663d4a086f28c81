//! Who takes the assessment in a walk: over HTTP and mail, as a person would.

use std::io;
use std::time::Duration;

use domain::{Assessment, Question};

use crate::house::House;
use crate::story::Story;

/// How long each step may take.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOKS_EVERY: Duration = Duration::from_millis(50);

/// A person.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) first: String,
    pub(crate) last: String,
}

impl Candidate {
    /// With this name.
    pub(crate) fn called(first: &str, last: &str) -> Self {
        Self {
            first: first.to_owned(),
            last: last.to_owned(),
        }
    }

    /// With a name that nobody had in an earlier walk.
    pub(crate) fn new(first: &str, last: &str, house: &House) -> Self {
        let number = house.mail.messages().len() + 1;
        Self::called(first, &format!("{last}{number}"))
    }

    /// First and last name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// The address.
    pub(crate) fn email(&self) -> String {
        format!("{}.{}@candidate.example", self.first, self.last).to_lowercase()
    }

    /// Waits for the invitation and takes the assessment with four of five right; `between` Start and Submit.
    ///
    /// # Errors
    /// The step that failed, in words.
    #[expect(clippy::print_stdout, reason = "the walk is told at the terminal")]
    pub(crate) async fn take(
        &self,
        house: &House,
        story: &Story,
        between: impl AsyncFnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let link = self.invitation(house).await?;
        println!("Mail: the invitation is there, with a link of its own.\n  {link}");
        let (organization, assessment) = (story.organization, story.assessment);
        let assessment = house
            .app
            .read(move |_, conn| app::assessments::find(conn, organization, assessment))
            .await
            .map_err(io::Error::other)?;
        post(story, &format!("{link}/start"), &[]).await?;
        println!("Candidate: opened the link, pressed Start.");
        between().await?;
        post(story, &format!("{link}/submit"), &four_right(&assessment)).await?;
        println!("Candidate: got four of five right, pressed Submit.");
        Ok(())
    }

    async fn invitation(&self, house: &House) -> io::Result<String> {
        let address = self.email();
        let mail = house
            .mail
            .wait_for(|mail| mail.recipients.contains(&address), PATIENCE)
            .await
            .ok_or_else(|| io::Error::other("no invitation came"))?;
        let link = mail.link().map(str::to_owned);
        link.ok_or_else(|| io::Error::other("the invitation holds no link"))
    }
}

/// The right choice of each question but the last, and a wrong one there.
fn four_right(assessment: &Assessment) -> Vec<(String, String)> {
    let last = assessment.questions.len().saturating_sub(1);
    let answer = |(at, question): (usize, &Question)| {
        let picked = question
            .choices
            .iter()
            .find(|choice| choice.correct == (at != last));
        picked.map(|choice| (format!("answer.{}", question.id), choice.id.to_string()))
    };
    let questions = assessment.questions.iter().enumerate();
    questions.filter_map(answer).collect()
}

/// A plain form, as a browser without scripts posts it.
async fn post(story: &Story, url: &str, fields: &[(String, String)]) -> io::Result<()> {
    let answer = story.control.http.post(url).form(fields).send().await;
    let status = answer.map_err(io::Error::other)?.status();
    if status.is_success() || status.is_redirection() {
        Ok(())
    } else {
        let why = format!("Baton answers the candidate {status}");
        Err(io::Error::other(why))
    }
}

/// Looks until there is something.
///
/// # Errors
/// Those of `look`, and `else_say` where nothing comes in time.
pub(crate) async fn until<T>(
    else_say: &str,
    look: impl AsyncFn() -> io::Result<Option<T>>,
) -> io::Result<T> {
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            return Err(io::Error::other(else_say.to_owned()));
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}
