//! The candidate's side: opened, started, saved and submitted by the link alone.

use std::collections::BTreeMap;

use domain::{
    Answer, Assessment, Command, Kind, Organization, Question, QuestionId, QuestionKind, Status,
};
use storage::attempts::{self, Paper};
use storage::invites::{InviteRecord, Link};
use storage::secrets::Place;
use storage::{AnyConnection, invites, organizations};
use vault::{launch_signature, token_hash};

use crate::invites::{begin, carry_out, hand_in, load};
use crate::links::Links;
use crate::{App, Error, Result, secrets};

/// How long a launch link can be used, in seconds.
const LAUNCH_SECONDS: i64 = 300;
/// The longest text taken as one answer, in characters.
const LONGEST_ANSWER: usize = 20_000;

/// What a candidate's link leads to.
#[derive(Debug, Clone)]
pub struct Sitting {
    /// The invite; its status is the one to be seen now.
    pub record: InviteRecord,
    /// Who asks.
    pub organization: Organization,
    /// What is taken, at the invite's version.
    pub assessment: Assessment,
    /// What is saved so far.
    pub paper: Paper,
}

impl Sitting {
    /// Where the candidate is.
    pub fn status(&self) -> Status {
        self.record.invite.status
    }
}

/// Opens a candidate's link. Changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for a link that never was, [`Error::Gone`] for one that a reset or another invite ended.
pub fn open(app: &App, conn: &mut AnyConnection, token: &str) -> Result<Sitting> {
    let record = by_token(app, conn, token)?;
    sitting(app, conn, record)
}

/// Begins the sitting; again while it runs changes nothing.
///
/// # Errors
/// As [`open`], and [`Error::Conflict`] once it is over.
pub fn start(app: &App, conn: &mut AnyConnection, token: &str) -> Result<Sitting> {
    let record = by_token(app, conn, token)?;
    let (_, assessment) = load(conn, &record)?;
    let record = carry_out(app, conn, record, begin(&assessment))?;
    sitting(app, conn, record)
}

/// Answers as a page sends them: one for each question, blank ones too.
pub type Answers = BTreeMap<QuestionId, Answer>;

/// What became of one save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// False where a newer save was there already.
    pub kept: bool,
    /// The number of the newest save that is held.
    pub seq: i64,
}

/// Saves answers while the sitting runs. `seq` counts a browser's saves: one that
/// comes late does not undo a newer one.
///
/// # Errors
/// As [`open`], [`Error::Conflict`] when the sitting does not run, [`Error::Unprocessable`] for an answer that is too long.
pub fn save(
    app: &App,
    conn: &mut AnyConnection,
    token: &str,
    seq: Option<i64>,
    answers: &Answers,
) -> Result<Saved> {
    let record = by_token(app, conn, token)?;
    keep(app, conn, &record, seq, answers)
}

/// Saves what is given and ends the sitting; again afterwards changes nothing.
///
/// # Errors
/// As [`save`].
pub fn submit(
    app: &App,
    conn: &mut AnyConnection,
    token: &str,
    answers: Option<&Answers>,
) -> Result<Sitting> {
    let record = by_token(app, conn, token)?;
    let running = record.invite.status_at(app.now()) == Status::Started;
    if let (Some(answers), true) = (answers, running) {
        keep(app, conn, &record, None, answers)?;
    }
    let record = hand_in(app, conn, record, |result| Command::Submit { result })?;
    sitting(app, conn, record)
}

/// Where a started `external` assessment is taken: a link that works for five minutes, fresh at each call.
///
/// # Errors
/// As [`open`], and [`Error::Conflict`] when the sitting does not run or there is nowhere to go.
pub fn launch(app: &App, conn: &mut AnyConnection, token: &str) -> Result<String> {
    let record = by_token(app, conn, token)?;
    let (organization, assessment) = load(conn, &record)?;
    if record.invite.status_at(app.now()) != Status::Started || assessment.kind != Kind::External {
        return Err(Error::conflict(
            "not_running",
            "this assessment is not under way",
        ));
    }
    let target = record
        .launch_url
        .clone()
        .or(assessment.external.and_then(|external| external.launch_url))
        .ok_or(Error::Internal(
            "a published external assessment has a launch address",
        ))?;
    let place = Place::SigningSecret(organization.organization.id);
    let secret = secrets::open(app, &place, &organization.signing_secret)?;
    let secret = std::str::from_utf8(&secret).map_err(|_| Error::Internal("a secret is text"))?;
    signed(
        &target,
        secret,
        &record,
        app.now().timestamp() + LAUNCH_SECONDS,
    )
}

fn signed(target: &str, secret: &str, record: &InviteRecord, expires: i64) -> Result<String> {
    let invite = &record.invite;
    let signature = launch_signature(secret, invite.id, invite.attempt.number, expires)
        .map_err(|error| Error::Secret(error.to_string()))?;
    let mut url =
        url::Url::parse(target).map_err(|_| Error::Internal("a launch address is a URL"))?;
    url.query_pairs_mut()
        .append_pair("baton_invite", &invite.id.to_string())
        .append_pair("baton_attempt", &invite.attempt.number.to_string())
        .append_pair("baton_expires", &expires.to_string())
        .append_pair("baton_signature", &signature);
    Ok(url.into())
}

fn by_token(app: &App, conn: &mut AnyConnection, token: &str) -> Result<InviteRecord> {
    let hash = token_hash(token);
    match invites::by_link(conn, &hash)? {
        Some(Link::Live(record)) => still_given_out(app, conn, *record, &hash),
        Some(Link::Dead) => Err(Error::Gone("link")),
        None => Err(Error::NotFound("link")),
    }
}

/// Links made with a key that the organization has given up are over, also those whose hash still waits to be rewritten.
fn still_given_out(
    app: &App,
    conn: &mut AnyConnection,
    record: InviteRecord,
    hash: &[u8],
) -> Result<InviteRecord> {
    if record.candidate.is_erased() {
        return Err(Error::Gone("link"));
    }
    let invite = &record.invite;
    let organization = organizations::find(conn, invite.organization)?
        .ok_or(Error::Internal("an invite's organization is kept"))?;
    let present = Links::of(app, &organization)?.take_hash(invite.id, invite.attempt.number);
    (present == hash)
        .then_some(record)
        .ok_or(Error::Gone("link"))
}

fn sitting(app: &App, conn: &mut AnyConnection, mut record: InviteRecord) -> Result<Sitting> {
    let (organization, assessment) = load(conn, &record)?;
    record.invite.status = record.invite.status_at(app.now());
    let invite = &record.invite;
    let paper = attempts::find(conn, invite.organization, invite.id, invite.attempt.number)?;
    Ok(Sitting {
        organization: organization.organization,
        assessment,
        paper,
        record,
    })
}

fn keep(
    app: &App,
    conn: &mut AnyConnection,
    record: &InviteRecord,
    seq: Option<i64>,
    answers: &Answers,
) -> Result<Saved> {
    let invite = &record.invite;
    if invite.status_at(app.now()) != Status::Started {
        return Err(Error::conflict(
            "not_running",
            "this assessment is not under way, so nothing more can be saved",
        ));
    }
    let (_, assessment) = load(conn, record)?;
    check(&assessment, answers)?;
    let attempt = invite.attempt.number;
    let mut paper = attempts::find(conn, invite.organization, invite.id, attempt)?;
    let seq = seq.unwrap_or(paper.seq + 1);
    if seq <= paper.seq {
        return Ok(Saved {
            kept: false,
            seq: paper.seq,
        });
    }
    paper.seq = seq;
    paper.answers.extend(answers.clone());
    attempts::save(conn, invite.organization, invite.id, attempt, &paper)?;
    Ok(Saved { kept: true, seq })
}

fn check(assessment: &Assessment, answers: &Answers) -> Result<()> {
    for (id, answer) in answers {
        let question = assessment
            .questions
            .iter()
            .find(|question| question.id == *id)
            .ok_or_else(|| Error::fault(id.to_string(), "is not a question of this assessment"))?;
        if !fits(question, answer) {
            let problem =
                "does not fit its question: pick from the choices, or write a shorter text";
            return Err(Error::fault(id.to_string(), problem));
        }
    }
    Ok(())
}

fn fits(question: &Question, answer: &Answer) -> bool {
    match (question.kind, answer) {
        (QuestionKind::SingleChoice, Answer::Choices(picked)) => {
            picked.len() <= 1 && are_choices(question, picked)
        }
        (QuestionKind::MultipleChoice, Answer::Choices(picked)) => are_choices(question, picked),
        (
            QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Code,
            Answer::Text(text),
        ) => text.chars().count() <= LONGEST_ANSWER,
        _ => false,
    }
}

fn are_choices(question: &Question, picked: &[domain::ChoiceId]) -> bool {
    picked
        .iter()
        .all(|id| question.choices.iter().any(|choice| choice.id == *id))
}
