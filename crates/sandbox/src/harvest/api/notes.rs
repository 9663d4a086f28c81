//! Notes: listed and written, never changed.

use serde_json::Value;

use super::ask::Ask;
use super::fields::Fields;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::records::{Note, Times};
use crate::harvest::views;

/// What is written, and what is read.
const VISIBILITIES: [(&str, &str); 3] = [
    ("public", "publicly_visible"),
    ("private", "privately_visible"),
    ("admin_only", "admin_only_visible"),
];

const READ: [(&str, &str); 3] = [
    ("publicly_visible", "publicly_visible"),
    ("privately_visible", "privately_visible"),
    ("admin_only_visible", "admin_only_visible"),
];

const KINDS: [(&str, &str); 3] = [
    ("NOTE", "NOTE"),
    ("ACTIVITY", "ACTIVITY"),
    ("EMAIL", "EMAIL"),
];

/// What can be listed: those, and kinds that nobody writes here.
const LISTED: [(&str, &str); 13] = [
    ("NOTE", "NOTE"),
    ("ACTIVITY", "ACTIVITY"),
    ("EMAIL", "EMAIL"),
    ("INTERVIEW", "INTERVIEW"),
    ("FOLLOW_UP", "FOLLOW_UP"),
    ("TAKE_HOME_TEST", "TAKE_HOME_TEST"),
    ("LINKEDIN_NOTE", "LINKEDIN_NOTE"),
    ("LINKEDIN_INMAIL", "LINKEDIN_INMAIL"),
    ("AVAILABILITY_REQUEST", "AVAILABILITY_REQUEST"),
    ("MIGRATION_ERROR", "MIGRATION_ERROR"),
    ("TOUCHPOINT", "TOUCHPOINT"),
    ("FORM", "FORM"),
    ("FEEDBACK", "FEEDBACK"),
];

/// What an e-mail has besides, and nothing else has.
const OF_EMAILS: [&str; 3] = ["email_from", "email_to", "email_cc"];

/// `GET /notes`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let id = ask.organization_id();
    let notes = ask.harvest().notes.values();
    let of_organization = notes.filter(|note| note.organization_id == id);
    let all: Vec<Value> = of_organization.map(views::note).collect();
    let own = [
        ("candidate_ids", By::Ids("candidate_id")),
        ("application_ids", By::Ids("application_id")),
        ("user_ids", By::Ids("user_id")),
        ("type", By::Word("type", &LISTED)),
        ("visibility", By::Word("visibility", &READ)),
    ];
    wanted.page(ask, all, &own)
}

/// `POST /notes`
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.fields()?;
    let candidate_id = fields.required_id("candidate_id")?;
    let unknown = || Problem::field("candidate_id", "There is no such candidate.");
    ask.candidate(candidate_id).ok_or_else(unknown)?;
    let application_id = application(ask, &fields, candidate_id)?;
    let user_id = match fields.id("user_id")? {
        Some(id) => ask.user("user_id", id)?.id,
        None => ask.caller.user_id,
    };
    let visibility = fields.word("visibility", &VISIBILITIES)?;
    let kind = fields.word("note_type", &KINDS)?;
    let body = fields.required_text("body")?;
    let email = email(&fields, kind == "EMAIL")?;
    let note = Note {
        id: ask.world.draw_id(),
        organization_id: ask.organization_id(),
        candidate_id,
        application_id,
        user_id,
        kind: kind.to_owned(),
        visibility: visibility.to_owned(),
        body,
        subject: fields.text("subject")?,
        email_from: email.as_ref().map(|email| email[0].join(", ")),
        email_to: email.as_ref().map(|email| email[1].join(", ")),
        email_cc: email.map(|[_, _, cc]| cc).unwrap_or_default(),
        times: Times::at(ask.now),
    };
    let shown = views::note(&note);
    stir(ask, &note);
    ask.world.harvest.notes.insert(note.id, note);
    Ok(Answer::json(201, shown))
}

/// The application has to be the candidate's.
fn application(ask: &Ask<'_>, fields: &Fields, candidate_id: u64) -> Result<Option<u64>, Problem> {
    let Some(id) = fields.id("application_id")? else {
        return Ok(None);
    };
    let record = ask.harvest().applications.get(&id);
    if record.is_some_and(|record| record.candidate_id == candidate_id) {
        return Ok(Some(id));
    }
    let why = "It is no application of this candidate.";
    Err(Problem::field("application_id", why))
}

/// Sender, recipients, and who else got it: all of them for an e-mail, none for anything else.
fn email(fields: &Fields, is_email: bool) -> Result<Option<[Vec<String>; 3]>, Problem> {
    if !is_email {
        let stray = OF_EMAILS.iter().find(|name| fields.has(name));
        return stray.map_or(Ok(None), |name| {
            Err(Problem::field(name, "It goes with e-mails only."))
        });
    }
    fields.required_text("subject")?;
    let mut lists: [Vec<String>; 3] = Default::default();
    for (list, name) in lists.iter_mut().zip(OF_EMAILS) {
        let missing = || Problem::field(name, "It must be given.");
        *list = fields.texts(name)?.ok_or_else(missing)?;
    }
    Ok(Some(lists))
}

/// A note is an activity of its candidate and application.
fn stir(ask: &mut Ask<'_>, note: &Note) {
    let now = ask.now;
    let harvest = &mut ask.world.harvest;
    if let Some(candidate) = harvest.candidates.get_mut(&note.candidate_id) {
        candidate.last_activity_at = now;
    }
    let id = note.application_id.unwrap_or_default();
    if let Some(record) = harvest.applications.get_mut(&id) {
        record.last_activity_at = now;
    }
}
