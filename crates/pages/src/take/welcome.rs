//! The first page, and the page that leads on to the vendor's own runner.

use askama::Template;
use domain::{Assessment, Kind, QuestionKind};

use super::Asker;
use crate::clean::CleanHtml;
use crate::link::WebHref;
use crate::when::Deadline;
use crate::words;

/// `GET /take/{token}` before the start: who asks, what, how long, until when. **Start** posts to `{take_path}/start`.
#[derive(Debug, Clone, Template)]
#[template(path = "take/welcome.html")]
pub struct WelcomePage {
    /// Who asks.
    pub asker: Asker,
    /// `/take/{token}`.
    pub take_path: String,
    /// How the candidate is greeted.
    pub salutation: String,
    /// The assessment's title.
    pub title: String,
    /// What it is about.
    pub description: Option<CleanHtml>,
    /// "8 questions"; none for the vendor's own runner.
    pub questions: Option<String>,
    /// "45 minutes"; none without a time limit.
    pub time_limit: Option<String>,
    /// What the candidate should have at hand, a sentence each.
    pub needs: Vec<String>,
    /// The host that Start leads to, for the vendor's own runner.
    pub external_host: Option<String>,
    /// Until when it can be taken.
    pub deadline: Deadline,
    /// Already started: **Continue** in place of Start.
    pub started: bool,
}

impl WelcomePage {
    /// The page before the start of `assessment`.
    pub fn new(
        asker: Asker,
        take_path: String,
        salutation: &str,
        assessment: &Assessment,
        deadline: Deadline,
    ) -> Self {
        let count = assessment.questions.len();
        let questionnaire = assessment.kind == Kind::Questionnaire;
        Self {
            asker,
            take_path,
            salutation: salutation.to_owned(),
            title: assessment.title.clone(),
            description: assessment
                .description_html
                .as_deref()
                .and_then(CleanHtml::from_source),
            questions: questionnaire.then(|| words::plural(count, "question", "questions")),
            time_limit: assessment.time_limit_minutes.map(words::minutes),
            needs: needs(assessment),
            external_host: launch_host(assessment),
            deadline,
            started: false,
        }
    }

    /// The same page once the candidate has started at the vendor's runner: **Continue** leads there again.
    #[must_use]
    pub fn continued(self) -> Self {
        Self {
            started: true,
            ..self
        }
    }

    fn help_href(&self) -> Option<String> {
        let subject = format!("More time or an adjustment for {}", self.title);
        self.asker.help_href(&subject)
    }
}

/// What a candidate should have at hand for `assessment`, a sentence each.
pub fn needs(assessment: &Assessment) -> Vec<String> {
    let has = |kind| {
        assessment
            .questions
            .iter()
            .any(|question| question.kind == kind)
    };
    let mut needs = Vec::new();
    if assessment.kind == Kind::External {
        needs.push("An up-to-date browser and a stable connection.".to_owned());
    } else if has(QuestionKind::Code) {
        needs.push("A keyboard helps: at least one question asks for code.".to_owned());
    } else {
        needs.push("Any browser will do, on a phone too.".to_owned());
    }
    if assessment.time_limit_minutes.is_some() {
        needs.push("A quiet place: it is best taken in one go.".to_owned());
    }
    needs
}

fn launch_host(assessment: &Assessment) -> Option<String> {
    let external = assessment.external.as_ref()?;
    let link = WebHref::new(external.launch_url.as_deref()?)?;
    Some(link.host())
}

/// The answer to **Start** and **Continue** of an assessment on the vendor's own runner: says where the person is
/// going, with the link as a button and a refresh, since browsers drop redirects of a form to another origin.
#[derive(Debug, Clone, Template)]
#[template(path = "take/launch.html")]
pub struct LaunchPage {
    /// Who asks.
    pub asker: Asker,
    /// The assessment's title.
    pub title: String,
    /// The signed launch link.
    pub href: WebHref,
}
