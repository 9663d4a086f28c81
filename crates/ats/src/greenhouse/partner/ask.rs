//! `send_test`, in Baton's words.

use ats_http::HostList;
use domain::{Ask, AtsFacts, CandidateDetails, Email, Origin, Target, limited};
use greenhouse_assessment::{Candidate, SendTest};

/// What an operator allows a `send_test` to say.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Where the completion may be told.
    pub callback_hosts: HostList,
}

/// A member of `send_test` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskFault {
    /// Which.
    pub field: &'static str,
    /// What is wrong and what to do; never repeats what was sent.
    pub problem: String,
}

const NAME: usize = 200;

/// Reads an ask. The `url` names it, else profile URL and test together do; it is judged now and again before it is called.
///
/// # Errors
/// [`AskFault`] for an e-mail address that cannot be mailed to, and for a `url` off the allowed hosts.
pub fn ask(sent: SendTest, rules: &Rules) -> Result<Ask, AskFault> {
    let email = Email::parse(&sent.candidate.email).map_err(|error| AskFault {
        field: "candidate.email",
        problem: error.to_string(),
    })?;
    if let Some(url) = &sent.url {
        rules
            .callback_hosts
            .check(url)
            .map_err(|refused| AskFault {
                field: "url",
                problem: refused.to_string(),
            })?;
    }
    let ids = sent.profile_ids();
    let profile_url = sent.candidate.greenhouse_profile_url.clone();
    let key = match &sent.url {
        Some(url) => format!("url {url}"),
        None => format!(
            "profile {} test {}",
            profile_url.as_deref().unwrap_or_default(),
            sent.partner_test_id
        ),
    };
    Ok(Ask {
        key,
        assessment: sent.partner_test_id.parse().ok(),
        candidate: candidate(sent.candidate, email),
        origin: Origin::Greenhouse,
        ats: AtsFacts {
            profile_url,
            person_id: ids.person.map(|id| id.to_string()),
            application_id: ids.application.map(|id| id.to_string()),
            sent_by: sent.sent_by,
            ..AtsFacts::default()
        },
        place: sent.url.map(|url| (Target::GreenhouseStatus, url)),
    })
}

fn candidate(sent: Candidate, email: Email) -> CandidateDetails {
    CandidateDetails {
        first_name: shortened(sent.first_name).unwrap_or_default(),
        last_name: shortened(sent.last_name).unwrap_or_default(),
        preferred_name: shortened(sent.preferred_name),
        email,
        phone: shortened(sent.phone_number),
        linkedin_url: None,
        erased_at: None,
    }
}

/// Names are decoration: one that is too long is cut, not refused.
fn shortened(text: Option<String>) -> Option<String> {
    let cut: String = text?.chars().take(NAME).collect();
    limited(&cut, NAME).filter(|text| !text.is_empty())
}
