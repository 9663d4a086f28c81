//! What a candidate sees under `/consent/{token}`: whether they want to go on after an interview.

use askama::Template;

use crate::take::Asker;

/// `GET /consent/{token}`: who interviewed, what would be passed on, and to whom. Its buttons post `interested`.
#[derive(Debug, Clone, Template)]
#[template(path = "consent/page.html")]
pub struct ConsentPage {
    /// Who would go on with the candidate.
    pub asker: Asker,
    /// `/consent/{token}`.
    pub path: String,
    /// How the candidate is greeted.
    pub salutation: String,
    /// Who interviewed.
    pub interviewer: String,
    /// "28 September 2026".
    pub day: String,
    /// What would be passed on: "Name", "Zoë Nowak".
    pub shared: Vec<(&'static str, String)>,
    /// Where things are.
    pub answer: ConsentAnswer,
}

/// Where things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// Nothing said yet.
    Open,
    /// Said yes; it can be taken back for now.
    Yes,
    /// Said yes, and it is passed on.
    PassedOn,
    /// Said no; there may be another thought.
    No,
    /// The interviewer would not go on, so nothing is asked.
    NotAsked,
}

impl ConsentPage {
    fn heading(&self) -> String {
        let organization = &self.asker.organization;
        match self.answer {
            ConsentAnswer::Open => format!("Would you like to go on with {organization}?"),
            ConsentAnswer::Yes => "You said yes".to_owned(),
            ConsentAnswer::PassedOn => format!("{organization} has your details"),
            ConsentAnswer::No => "You said no".to_owned(),
            ConsentAnswer::NotAsked => "Nothing is asked of you".to_owned(),
        }
    }

    fn help_href(&self) -> Option<String> {
        self.asker.help_href("My interview")
    }
}
