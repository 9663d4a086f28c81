//! Whether an application in Greenhouse brings an invitation: decided from what Greenhouse says of it now, and from what we did
//! before. The rules of who is new are those of Lever's moves.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AssessmentId, AtsFacts, CandidateDetails, Email, InviteId, Status};
use greenhouse_harvest::{Application, ApplicationStage, ApplicationStatus, Candidate};

use super::reason::Reason;

/// A move so long ago brings no mail: whoever connects again after a long time writes to nobody out of the blue.
pub const REACHES_BACK: TimeDelta = TimeDelta::days(7);

/// A stage whose newcomers are invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The stage's id there.
    pub stage: i64,
    /// What they are invited to.
    pub assessment: AssessmentId,
    /// Its title.
    pub title: String,
    /// Can anybody be invited to it: is it published?
    pub is_published: bool,
    /// Only who enters after this moment counts, by Greenhouse's clock.
    pub configured_at: DateTime<Utc>,
}

/// An invite that came of the application before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Which.
    pub invite: InviteId,
    /// To which assessment.
    pub assessment: AssessmentId,
    /// Its status now.
    pub status: Status,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// What is known on our side.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// All stages that invite.
    pub mappings: &'a [Mapping],
    /// When Greenhouse was connected, by Greenhouse's clock, where that was told.
    pub connected_at: Option<DateTime<Utc>>,
    /// The present.
    pub now: DateTime<Utc>,
    /// What came of this application before, the latest of each assessment.
    pub before: &'a [Before],
}

/// What Greenhouse says of an application.
#[derive(Clone)]
pub struct Seen {
    /// Its id there.
    pub application: i64,
    /// The person's id there.
    pub person: i64,
    is_running: bool,
    is_prospect: bool,
    may_be_mailed: bool,
    is_private: bool,
    /// The stage it is in, of the job.
    pub stage: Option<i64>,
    entered_at: Option<DateTime<Utc>>,
    emails: Vec<String>,
    details: Option<CandidateDetails>,
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seen({} of {})", self.application, self.person)
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new invite, in the place of an earlier one that is over, where there is one.
    Invite {
        /// To what.
        assessment: AssessmentId,
        /// Whose place it takes.
        instead_of: Option<InviteId>,
    },
    /// Nothing, and why.
    Nothing(Reason),
}

impl Seen {
    /// What an application, the stage it is in now, and its candidate say together.
    pub fn new(
        application: &Application,
        stages: &[ApplicationStage],
        candidate: &Candidate,
    ) -> Self {
        let row = stages
            .iter()
            .find(|row| row.current && row.application_id == Some(application.id));
        let stage = application
            .job_interview_stage_id
            .or(row.and_then(|row| row.job_interview_stage_id));
        let emails: Vec<String> = candidate
            .email_addresses
            .iter()
            .map(|contact| contact.value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect();
        Self {
            application: application.id.get(),
            person: candidate.id.get(),
            is_running: application.status == Some(ApplicationStatus::InProcess),
            is_prospect: application.prospect,
            may_be_mailed: candidate.can_email,
            is_private: candidate.private == Some(true),
            stage: stage.map(|id| id.get()),
            entered_at: row
                .filter(|row| {
                    row.job_interview_stage_id
                        .is_none_or(|id| Some(id) == stage)
                })
                .and_then(|row| row.entered_at)
                .map(|at| at.utc()),
            details: details(candidate, emails.first()),
            emails,
        }
    }

    /// Whom to invite; none where there is no usable address.
    pub fn candidate(&self) -> Option<&CandidateDetails> {
        self.details.as_ref()
    }

    /// What is kept of where it came from.
    pub fn facts(&self) -> AtsFacts {
        AtsFacts {
            person_id: Some(self.person.to_string()),
            application_id: Some(self.application.to_string()),
            confidential: self.is_private,
            ..AtsFacts::default()
        }
    }
}

fn details(candidate: &Candidate, email: Option<&String>) -> Option<CandidateDetails> {
    let name = |part: &Option<String>| part.as_deref().unwrap_or_default().trim().to_owned();
    let linkedin = candidate
        .social_media_addresses
        .iter()
        .map(|contact| contact.value.trim())
        .find(|value| value.contains("linkedin.com/"));
    Some(CandidateDetails {
        first_name: name(&candidate.first_name),
        last_name: name(&candidate.last_name),
        preferred_name: candidate
            .preferred_name
            .clone()
            .filter(|name| !name.trim().is_empty()),
        email: Email::parse(email?).ok()?,
        phone: candidate
            .phone_numbers
            .first()
            .map(|contact| contact.value.clone()),
        linkedin_url: linkedin.map(str::to_owned),
        erased_at: None,
    })
}

/// Decides what an application calls for; never empty. The same look again calls for nothing more.
pub fn decide(seen: &Seen, known: &Known<'_>) -> Vec<Outcome> {
    match here(seen, known) {
        Ok(mappings) => mappings
            .into_iter()
            .map(|mapping| one(seen, known, mapping))
            .collect(),
        Err(reason) => vec![Outcome::Nothing(reason)],
    }
}

/// The mappings of the stage that it is in, where it may be invited at all.
fn here<'a>(seen: &Seen, known: &Known<'a>) -> Result<Vec<&'a Mapping>, Reason> {
    if !seen.is_running {
        return Err(Reason::NotRunning);
    }
    if seen.is_prospect {
        return Err(Reason::Prospect);
    }
    let mappings: Vec<&Mapping> = known
        .mappings
        .iter()
        .filter(|mapping| Some(mapping.stage) == seen.stage)
        .collect();
    if mappings.is_empty() {
        return Err(Reason::NotMapped);
    }
    Ok(mappings)
}

fn one(seen: &Seen, known: &Known<'_>, mapping: &Mapping) -> Outcome {
    match wanted(seen, known, mapping) {
        Ok(instead_of) => Outcome::Invite {
            assessment: mapping.assessment,
            instead_of,
        },
        Err(reason) => Outcome::Nothing(reason),
    }
}

/// Who is new in the stage; answers whose place the invite takes.
fn wanted(seen: &Seen, known: &Known<'_>, mapping: &Mapping) -> Result<Option<InviteId>, Reason> {
    let entered_at = seen.entered_at.ok_or(Reason::NoMove)?;
    if entered_at <= mapping.configured_at {
        return Err(Reason::AlreadyThere);
    }
    if known.connected_at.is_some_and(|at| entered_at <= at) {
        return Err(Reason::NotConnected);
    }
    if entered_at <= known.now - REACHES_BACK {
        return Err(Reason::TooLongAgo);
    }
    let before = known
        .before
        .iter()
        .find(|before| before.assessment == mapping.assessment);
    let instead_of = match before {
        None => None,
        Some(before) if is_over(before, entered_at) => Some(before.invite),
        Some(_) => return Err(Reason::AlreadyInvited(mapping.title.clone())),
    };
    if !mapping.is_published {
        return Err(Reason::NotPublished(mapping.title.clone()));
    }
    reachable(seen)?;
    Ok(instead_of)
}

/// An invite that ran out or was called off counts no more once somebody moves the candidate in again.
fn is_over(before: &Before, entered_at: DateTime<Utc>) -> bool {
    let ended = matches!(before.status, Status::Expired | Status::Cancelled);
    ended && entered_at > before.made_at
}

fn reachable(seen: &Seen) -> Result<(), Reason> {
    if !seen.may_be_mailed {
        return Err(Reason::MayNotBeContacted);
    }
    if seen.emails.is_empty() {
        return Err(Reason::NoEmail);
    }
    match seen.details {
        Some(_) => Ok(()),
        None => Err(Reason::EmailUnusable),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const ENTERED: &str = "2026-11-20T10:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn merged(mut base: Value, more: &Value) -> Value {
        for (name, value) in more.as_object().expect("an object") {
            base[name] = value.clone();
        }
        base
    }

    fn seen(application: &Value, stage: &Value, candidate: &Value) -> Seen {
        let times = json!({ "created_at": ENTERED, "updated_at": ENTERED });
        let base = merged(
            times,
            &json!({ "id": 5, "candidate_id": 4, "status": "in_process", "prospect": false, "job_interview_stage_id": 7 }),
        );
        let application =
            serde_json::from_value(merged(base, application)).expect("an application");
        let row = json!({ "id": 1, "application_id": 5, "job_interview_stage_id": 7, "entered_at": ENTERED, "current": true, "created_at": ENTERED, "updated_at": ENTERED });
        let row = serde_json::from_value(merged(row, stage)).expect("a stage");
        let person = json!({
            "id": 4, "first_name": "Kim", "last_name": "Lee", "can_email": true, "created_at": ENTERED, "updated_at": ENTERED,
            "email_addresses": [{ "value": "kim@candidate.example", "type": "personal" }],
            "social_media_addresses": [{ "value": "https://www.linkedin.com/in/kim" }],
        });
        let candidate = serde_json::from_value(merged(person, candidate)).expect("a candidate");
        Seen::new(&application, &[row], &candidate)
    }

    fn mapping() -> Mapping {
        Mapping {
            stage: 7,
            assessment: id(1).into(),
            title: "Backend".into(),
            is_published: true,
            configured_at: at("2026-11-19T10:00:00Z"),
        }
    }

    fn before(status: Status, made_at: &str) -> Before {
        Before {
            invite: id(9).into(),
            assessment: id(1).into(),
            status,
            made_at: at(made_at),
        }
    }

    fn decided(seen: &Seen, mapping: Mapping, before: &[Before]) -> Outcome {
        let known = Known {
            mappings: &[mapping],
            connected_at: Some(at("2026-11-18T10:00:00Z")),
            now: at("2026-11-20T10:05:00Z"),
            before,
        };
        decide(seen, &known).remove(0)
    }

    fn invited(instead_of: Option<InviteId>) -> Outcome {
        Outcome::Invite {
            assessment: id(1).into(),
            instead_of,
        }
    }

    #[test]
    fn whoever_newly_came_into_the_stage_is_invited() {
        let seen = seen(&json!({}), &json!({}), &json!({}));
        assert_eq!(decided(&seen, mapping(), &[]), invited(None));
        let details = seen.candidate().expect("an address");
        assert_eq!(details.email.as_str(), "kim@candidate.example");
        assert_eq!(
            details.linkedin_url.as_deref(),
            Some("https://www.linkedin.com/in/kim")
        );
        assert_eq!(seen.facts().application_id.as_deref(), Some("5"));
    }

    #[rstest]
    #[case::rejected(json!({ "status": "rejected" }), json!({}), json!({}), Reason::NotRunning)]
    #[case::hired(json!({ "status": "hired" }), json!({}), json!({}), Reason::NotRunning)]
    #[case::converted(json!({ "status": "converted" }), json!({}), json!({}), Reason::NotRunning)]
    #[case::a_new_status(json!({ "status": "paused" }), json!({}), json!({}), Reason::NotRunning)]
    #[case::a_prospect(json!({ "prospect": true }), json!({}), json!({}), Reason::Prospect)]
    #[case::another_stage(json!({ "job_interview_stage_id": 8 }), json!({ "job_interview_stage_id": 8 }), json!({}), Reason::NotMapped)]
    #[case::never_entered(json!({}), json!({ "entered_at": null }), json!({}), Reason::NoMove)]
    #[case::not_current(json!({}), json!({ "current": false }), json!({}), Reason::NoMove)]
    #[case::moved_on_between_two_answers(json!({}), json!({ "job_interview_stage_id": 8 }), json!({}), Reason::NoMove)]
    #[case::there_before(json!({}), json!({ "entered_at": "2026-11-19T10:00:00Z" }), json!({}), Reason::AlreadyThere)]
    #[case::no_mails(json!({}), json!({}), json!({ "can_email": false }), Reason::MayNotBeContacted)]
    #[case::no_address(json!({}), json!({}), json!({ "email_addresses": [] }), Reason::NoEmail)]
    #[case::a_blank_address(json!({}), json!({}), json!({ "email_addresses": [{ "value": " ", "type": "work" }] }), Reason::NoEmail)]
    #[case::no_usable_address(json!({}), json!({}), json!({ "email_addresses": [{ "value": "nobody", "type": "work" }] }), Reason::EmailUnusable)]
    fn everybody_else_is_not_and_the_reason_says_why(
        #[case] application: Value,
        #[case] stage: Value,
        #[case] candidate: Value,
        #[case] reason: Reason,
    ) {
        let seen = seen(&application, &stage, &candidate);
        assert_eq!(
            decided(&seen, mapping(), &[]),
            Outcome::Nothing(reason.clone())
        );
        assert!(!reason.to_string().is_empty());
    }

    #[test]
    fn the_stage_is_told_by_the_history_where_the_application_does_not_have_it() {
        let seen = seen(
            &json!({ "job_interview_stage_id": null }),
            &json!({}),
            &json!({}),
        );
        assert_eq!(decided(&seen, mapping(), &[]), invited(None));
    }

    #[test]
    fn what_came_before_the_connection_or_long_ago_brings_no_mail() {
        let old = seen(
            &json!({}),
            &json!({ "entered_at": "2026-11-12T10:00:00Z" }),
            &json!({}),
        );
        let long_chosen = || Mapping {
            configured_at: at("2026-11-01T10:00:00Z"),
            ..mapping()
        };
        assert_eq!(
            decided(&old, long_chosen(), &[]),
            Outcome::Nothing(Reason::NotConnected)
        );
        let known = Known {
            mappings: &[long_chosen()],
            connected_at: None,
            now: at("2026-11-20T10:05:00Z"),
            before: &[],
        };
        assert_eq!(decide(&old, &known), [Outcome::Nothing(Reason::TooLongAgo)]);
    }

    #[test]
    fn an_assessment_that_is_not_published_is_named() {
        let draft = Mapping {
            is_published: false,
            ..mapping()
        };
        let seen = seen(&json!({}), &json!({}), &json!({}));
        let reason = Reason::NotPublished("Backend".into());
        assert!(reason.to_string().contains("\"Backend\""));
        assert_eq!(decided(&seen, draft, &[]), Outcome::Nothing(reason));
    }

    #[rstest]
    #[case::open(Status::Invited, "2026-11-01T00:00:00Z", false)]
    #[case::under_way(Status::Started, "2026-11-01T00:00:00Z", false)]
    #[case::handed_in(Status::Submitted, "2026-11-01T00:00:00Z", false)]
    #[case::done(Status::Completed, "2026-11-01T00:00:00Z", false)]
    #[case::run_out_before_this_move(Status::Expired, "2026-11-01T00:00:00Z", true)]
    #[case::called_off_before_this_move(Status::Cancelled, "2026-11-01T00:00:00Z", true)]
    #[case::called_off_after_this_move(Status::Cancelled, "2026-11-20T10:01:00Z", false)]
    fn whoever_has_an_invite_gets_another_only_after_it_is_over(
        #[case] status: Status,
        #[case] made_at: &str,
        #[case] again: bool,
    ) {
        let seen = seen(&json!({}), &json!({}), &json!({}));
        let outcome = decided(&seen, mapping(), &[before(status, made_at)]);
        let expected = if again {
            invited(Some(id(9).into()))
        } else {
            Outcome::Nothing(Reason::AlreadyInvited("Backend".into()))
        };
        assert_eq!(outcome, expected);
    }
}
