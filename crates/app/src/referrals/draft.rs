//! An interview is filed.

use chrono::{Days, NaiveDate};
use domain::{
    CandidateDetails, CandidateId, Email, Interview, InterviewScore, OrganizationId, Referral,
    ReferralId,
};
use serde_json::json;
use storage::invites::EmailState;
use storage::referrals::{self, ReferralRecord};
use storage::{AnyConnection, candidates, events, jobs, organizations};

use super::read::{ReferralDetails, details};
use super::thread;
use crate::audit::{self, Action};
use crate::jobs::MailInvite;
use crate::links::Links;
use crate::mails::MailId;
use crate::reactions::note_about;
use crate::texts::{Faults, capped, required};
use crate::{App, Error, Fault, Result};

/// The longest name of a person or of what was judged.
const NAME: usize = 200;
/// The longest comments.
const COMMENTS: usize = 10_000;
/// The most scores.
const SCORES: usize = 50;
/// The longest link.
const LINK: usize = 2048;

/// An interview as somebody files it.
#[derive(Clone)]
pub struct NewInterview {
    /// The candidate's first name.
    pub first_name: String,
    /// The candidate's last name.
    pub last_name: String,
    /// Where the candidate is asked.
    pub email: String,
    /// The candidate's profile; empty where there is none.
    pub linkedin_url: String,
    /// Who interviewed.
    pub interviewer_name: String,
    /// On which day, such as `2026-09-28`.
    pub interviewed_on: String,
    /// 1 to 4 each.
    pub scores: Vec<InterviewScore>,
    /// In the interviewer's words; may be empty.
    pub comments: String,
    /// Would the interviewer go on?
    pub advance: bool,
    /// For which of Greenhouse's jobs; empty for a prospect.
    pub greenhouse_job_id: String,
    /// Does Baton ask the candidate by mail?
    pub send_email: bool,
}

// It tells of a person.
impl std::fmt::Debug for NewInterview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewInterview(…)")
    }
}

/// Keeps an interview, and has the candidate asked where the interviewer would go on.
///
/// # Errors
/// [`Error::Unprocessable`] naming the members at fault.
pub fn file(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    new: &NewInterview,
) -> Result<ReferralDetails> {
    let now = app.now();
    let checked = check(app, new)?;
    let owner = organizations::find(conn, organization)?.ok_or(Error::NotFound("organization"))?;
    let id: ReferralId = app.draw();
    let mails = new.send_email && new.advance;
    let record = ReferralRecord {
        id,
        organization,
        candidate_id: candidate_of(app, conn, organization, &checked.candidate.email)?,
        candidate: checked.candidate,
        interview: checked.interview,
        greenhouse_job_id: checked.greenhouse_job_id,
        link_hash: Links::of(app, &owner)?.consent_hash(id),
        mails,
        email_state: if mails {
            EmailState::Queued
        } else {
            EmailState::None
        },
        referral: Referral::filed(new.advance),
        steps: String::new(),
        created_at: now,
        edition: 1,
    };
    referrals::insert(conn, &record)?;
    let detail = json!({ "advance": new.advance, "mails": mails });
    let fact = note_about(
        app,
        now,
        (organization, thread(id)),
        "interview.filed",
        detail,
    );
    events::insert(conn, &[fact])?;
    if mails {
        let job = MailInvite::job(app, now, organization, MailId::consent(id));
        jobs::enqueue(conn, &[job], now)?;
    }
    let (object, action) = (format!("interview:{id}"), Action::InterviewFiled);
    audit::note(app, conn, Some(organization), action, object, json!({}))?;
    details(app, conn, record)
}

/// One person for each address, as with invites.
fn candidate_of(
    app: &App,
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: &Email,
) -> Result<CandidateId> {
    let key = email.key();
    let known = candidates::by_email(conn, &[(organization, key.clone())])?;
    if let Some((_, _, id)) = known.first() {
        return Ok(*id);
    }
    let offered = app.draw();
    candidates::make(conn, &[(organization, key, offered)], app.now())?;
    Ok(offered)
}

struct Checked {
    candidate: CandidateDetails,
    interview: Interview,
    greenhouse_job_id: Option<String>,
}

/// All that is at fault, at once.
fn check(app: &App, new: &NewInterview) -> Result<Checked> {
    let mut faults = Faults::default();
    let mut text = |judged: Result<String, Fault>| {
        let mut kept = String::new();
        faults.place(judged, &mut kept);
        kept
    };
    let first_name = text(required("candidate.first_name", &new.first_name, NAME));
    let last_name = text(required("candidate.last_name", &new.last_name, NAME));
    let linkedin_url = text(linkedin(&new.linkedin_url));
    let interviewer_name = text(required("interviewer_name", &new.interviewer_name, NAME));
    let comments = text(capped("comments", &new.comments, COMMENTS));
    let greenhouse_job_id = text(job_id(&new.greenhouse_job_id));
    let email =
        Email::parse(&new.email).map_err(|error| faults.add("candidate.email", error.to_string()));
    let interviewed_on =
        day(app, &new.interviewed_on).map_err(|fault| faults.add(fault.field, fault.problem));
    let scores = scores(&new.scores, &mut faults);
    faults.into_result()?;
    let (Ok(email), Ok(interviewed_on)) = (email, interviewed_on) else {
        return Err(Error::Internal("a fault that was found is answered"));
    };
    Ok(Checked {
        candidate: CandidateDetails {
            first_name,
            last_name,
            preferred_name: None,
            email,
            phone: None,
            linkedin_url: given(linkedin_url),
            erased_at: None,
        },
        interview: Interview {
            interviewer_name,
            interviewed_on,
            scores,
            comments,
        },
        greenhouse_job_id: given(greenhouse_job_id),
    })
}

fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn linkedin(text: &str) -> Result<String, Fault> {
    const FIELD: &str = "candidate.linkedin_url";
    let text = capped(FIELD, text, LINK)?;
    let is_link = url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let problem = "has to be a link such as https://www.linkedin.com/in/name";
    (text.is_empty() || is_link)
        .then_some(text)
        .ok_or_else(|| Fault::new(FIELD, problem))
}

fn job_id(text: &str) -> Result<String, Fault> {
    const FIELD: &str = "greenhouse_job_id";
    let text = capped(FIELD, text, NAME)?;
    let is_id = text.parse::<i64>().is_ok_and(|id| id > 0);
    let problem = "has to be the number at the end of the job's address in Greenhouse, such as 4000123; leave it out for a prospect";
    (text.is_empty() || is_id)
        .then_some(text)
        .ok_or_else(|| Fault::new(FIELD, problem))
}

/// A day that has come somewhere on Earth.
fn day(app: &App, text: &str) -> Result<NaiveDate, Fault> {
    const FIELD: &str = "interviewed_on";
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| Fault::new(FIELD, "has to be a day such as 2026-09-28"))?;
    let latest = app.now().date_naive().checked_add_days(Days::new(1));
    let earliest = NaiveDate::from_ymd_opt(2000, 1, 1);
    let possible = latest.is_some_and(|latest| day <= latest)
        && earliest.is_some_and(|earliest| day >= earliest);
    possible.then_some(day).ok_or_else(|| {
        Fault::new(
            FIELD,
            "has to be a day that has come, in the year 2000 or later",
        )
    })
}

fn scores(given: &[InterviewScore], faults: &mut Faults) -> Vec<InterviewScore> {
    if given.len() > SCORES {
        faults.add("scores", format!("are more than {SCORES}"));
        return Vec::new();
    }
    let mut kept = Vec::new();
    for (at, score) in given.iter().enumerate() {
        let mut name = String::new();
        let field = format!("scores[{at}]");
        faults.place(
            required(&format!("{field}.name"), &score.name, NAME),
            &mut name,
        );
        // A name is one line of the note.
        let name = name.replace(['\n', '\t'], " ");
        if !(1.0..=4.0).contains(&score.score) {
            faults.add(format!("{field}.score"), "has to be a number from 1 to 4");
        }
        kept.push(InterviewScore {
            name,
            score: score.score,
        });
    }
    kept
}
