//! What a draft may say: lengths, ranges, names that have to be known. Every fault is named, with the member at fault.

use std::collections::HashSet;

use domain::{
    Assessment, Choice, Competency, EmailTemplate, External, Question, QuestionId, QuestionKind,
};

use super::draft::{Draft, DraftChoice, DraftQuestion};
use crate::texts::{Faults, capped, required, web_link};
use crate::{Fault, Result};

const TITLE: usize = 200;
const DESCRIPTION: usize = 100_000;
const PROMPT: usize = 10_000;
const CHOICE: usize = 2_000;
const KEY: usize = 60;
const MOST_QUESTIONS: usize = 200;
const MOST_CHOICES: usize = 50;
const MOST_COMPETENCIES: usize = 50;

/// Trims a draft's texts and names all that is at fault. `old` is what it changes: only ids known there may be given back.
pub(super) fn check(draft: &mut Draft, old: Option<&Assessment>, loopback: bool) -> Result<()> {
    let mut faults = Faults::default();
    faults.place(capped("title", &draft.title, TITLE), &mut draft.title);
    check_optional(
        &mut faults,
        "description_html",
        &mut draft.description_html,
        DESCRIPTION,
    );
    check_optional(
        &mut faults,
        "greenhouse_job_id",
        &mut draft.greenhouse_job_id,
        TITLE,
    );
    check_times(&mut faults, draft);
    if let Some(template) = &mut draft.email_template {
        check_template(&mut faults, template);
    }
    if let Some(external) = &mut draft.external {
        check_launch_url(&mut faults, external, loopback);
    }
    check_competencies(&mut faults, &mut draft.competencies);
    check_questions(&mut faults, draft, old);
    faults.into_result()
}

/// A text that may be missing; one that says nothing is missing.
fn check_optional(faults: &mut Faults, field: &str, text: &mut Option<String>, most: usize) {
    if let Some(given) = text {
        faults.place(capped(field, given, most), given);
    }
    text.take_if(|given| given.is_empty());
}

fn check_times(faults: &mut Faults, draft: &Draft) {
    let minutes = draft.time_limit_minutes;
    if minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
        faults.add(
            "time_limit_minutes",
            "has to lie between 1 and 1440 (24 hours)",
        );
    }
    let days = draft.invite_valid_days;
    if !(days > 0.0 && days <= 365.0) {
        faults.add("invite_valid_days", "has to be above 0 and at most 365");
    }
}

fn check_template(faults: &mut Faults, template: &mut EmailTemplate) {
    for (field, most, text) in [
        ("email_template.subject", TITLE, &mut template.subject),
        ("email_template.body", PROMPT, &mut template.body),
    ] {
        check_optional(faults, field, text, most);
        let unknown = text.as_deref().map(mail::check_template);
        if let Some(Err(unknown)) = unknown {
            faults.add(field, format!("holds {{{{{}}}}}, which is no placeholder; use {{{{first_name}}}}, {{{{assessment}}}}, {{{{organization}}}}, {{{{link}}}}, {{{{deadline}}}} or {{{{minutes}}}}", shortened(&unknown.name)));
        }
    }
}

/// What somebody took for a placeholder can be half a letter long.
fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

fn check_launch_url(faults: &mut Faults, external: &mut External, loopback: bool) {
    if let Some(url) = &mut external.launch_url {
        faults.place(web_link("external.launch_url", url, loopback), url);
    }
}

fn check_competencies(faults: &mut Faults, competencies: &mut [Competency]) {
    if competencies.len() > MOST_COMPETENCIES {
        return faults.add("competencies", "holds more than 50");
    }
    let mut known = HashSet::new();
    for (at, competency) in competencies.iter_mut().enumerate() {
        let field = |member| format!("competencies[{at}].{member}");
        let key = required(&field("key"), &competency.key, KEY);
        faults.place(key, &mut competency.key);
        let name = required(&field("name"), &competency.name, TITLE);
        faults.place(name, &mut competency.name);
        if !known.insert(competency.key.clone()) {
            faults.add(field("key"), "is used by another competency already");
        }
    }
}

fn check_questions(faults: &mut Faults, draft: &mut Draft, old: Option<&Assessment>) {
    if draft.questions.len() > MOST_QUESTIONS {
        return faults.add("questions", "holds more than 200");
    }
    let competencies = &draft.competencies;
    let mut given_back = HashSet::new();
    for (at, question) in draft.questions.iter_mut().enumerate() {
        let field = format!("questions[{at}]");
        let before = question.id.and_then(|id| known_question(old, id));
        check_question(faults, &field, question, before, competencies);
        if let Some(id) = question.id
            && (before.is_none() || !given_back.insert(id))
        {
            faults.add(format!("{field}.id"), UNKNOWN_ID);
        }
    }
}

const UNKNOWN_ID: &str =
    "is not one of this assessment's, or is used twice; leave it out for a new one";

fn known_question(old: Option<&Assessment>, id: QuestionId) -> Option<&Question> {
    old?.questions.iter().find(|question| question.id == id)
}

fn check_question(
    faults: &mut Faults,
    field: &str,
    question: &mut DraftQuestion,
    before: Option<&Question>,
    competencies: &[Competency],
) {
    let prompt = capped(&format!("{field}.prompt"), &question.prompt, PROMPT);
    faults.place(prompt, &mut question.prompt);
    if !(0.0..=1000.0).contains(&question.points) {
        faults.add(format!("{field}.points"), "has to lie between 0 and 1000");
    }
    let known = |key: &String| competencies.iter().any(|competency| competency.key == *key);
    if question.competency.as_ref().is_some_and(|key| !known(key)) {
        faults.add(
            format!("{field}.competency"),
            "is not the key of one of the competencies",
        );
    }
    let before = before.map_or(&[][..], |question| &question.choices);
    check_choices(faults, field, question.kind, &mut question.choices, before);
}

fn check_choices(
    faults: &mut Faults,
    field: &str,
    kind: QuestionKind,
    choices: &mut [DraftChoice],
    before: &[Choice],
) {
    let field = format!("{field}.choices");
    if !kind.scores_itself() && !choices.is_empty() {
        return faults.add(
            field,
            "belongs to questions of kind single_choice or multiple_choice only",
        );
    }
    if choices.len() > MOST_CHOICES {
        return faults.add(field, "holds more than 50");
    }
    let mut given_back = HashSet::new();
    for (at, choice) in choices.iter_mut().enumerate() {
        let field = format!("{field}[{at}]");
        check_choice(faults, &field, choice);
        if let Some(id) = choice.id {
            let known = before.iter().any(|choice| choice.id == id);
            if !known || !given_back.insert(id) {
                faults.add(format!("{field}.id"), UNKNOWN_ID);
            }
        }
    }
}

fn check_choice(faults: &mut Faults, field: &str, choice: &mut DraftChoice) {
    let judged: Result<String, Fault> = required(&format!("{field}.text"), &choice.text, CHOICE);
    faults.place(judged, &mut choice.text);
}
