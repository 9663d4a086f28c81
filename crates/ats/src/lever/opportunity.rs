//! An opportunity as the decision reads it, and the person in it.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::{AtsFacts, CandidateDetails, Email, EmailError, limited};

/// One entry of an opportunity's history of stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Into which stage.
    pub to: String,
    /// When, by Lever's clock.
    pub at: DateTime<Utc>,
}

/// What Lever says of an opportunity when it is read; never what an answer to a write says, since those leave the person out.
#[derive(Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// The person's id.
    pub contact: Option<String>,
    /// The person's name; may be empty.
    pub name: String,
    /// The person's addresses; the first one counts.
    pub emails: Vec<String>,
    /// The person's first number.
    pub phone: Option<String>,
    /// The person's links.
    pub links: Vec<String>,
    /// The page that a recruiter opens.
    pub page: Option<String>,
    /// The application, where there is one.
    pub application: Option<String>,
    /// The stage it is in.
    pub stage: Option<String>,
    /// Its history, oldest first.
    pub moves: Vec<Move>,
    /// Is it over?
    pub is_archived: bool,
    /// Was the person's data removed?
    pub is_anonymized: bool,
    /// May the person be written to?
    pub may_be_contacted: bool,
    /// Is it kept from most eyes?
    pub is_confidential: bool,
    /// Its tags, those of its posting among them, in no order.
    pub tags: Vec<String>,
}

// It tells of a person.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seen(…)")
    }
}

const NAME: usize = 200;
const URL: usize = 2_048;

impl Seen {
    /// The person to be asked.
    ///
    /// # Errors
    /// [`EmailError`] where the first address cannot be mailed to, or there is none.
    pub fn candidate(&self) -> Result<CandidateDetails, EmailError> {
        let email = Email::parse(self.emails.first().map_or("", String::as_str))?;
        let name = shortened(&self.name);
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        Ok(CandidateDetails {
            first_name: first.to_owned(),
            last_name: last.trim().to_owned(),
            preferred_name: None,
            email,
            phone: self
                .phone
                .as_deref()
                .map(shortened)
                .filter(|it| !it.is_empty()),
            linkedin_url: self.links.iter().find(|link| is_linkedin(link)).cloned(),
            erased_at: None,
        })
    }

    /// What else Lever told.
    pub fn facts(&self) -> AtsFacts {
        AtsFacts {
            profile_url: self.page.clone(),
            person_id: self.contact.clone(),
            application_id: self.application.clone(),
            opportunity_id: Some(self.id.clone()),
            confidential: self.is_confidential,
            sent_by: None,
            traceparent: None,
        }
    }
}

/// Names are decoration: one that is too long is cut, not refused.
fn shortened(text: &str) -> String {
    let cut: String = text.trim().chars().take(NAME).collect();
    limited(&cut, NAME).unwrap_or_default()
}

fn is_linkedin(link: &str) -> bool {
    let after = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"));
    let host = after
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    link.len() <= URL && (host == "linkedin.com" || host.ends_with(".linkedin.com"))
}
