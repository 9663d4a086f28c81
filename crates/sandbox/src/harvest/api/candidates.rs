//! Candidates: listed, made, changed.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::applications;
use super::ask::Ask;
use super::fields::Fields;
use super::list::{By, Wanted};
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::doings;
use crate::harvest::records::{Candidate, Times};
use crate::harvest::settings::CreatedAnswer;
use crate::harvest::{tags, views};

/// Members that are texts.
const TEXTS: [&str; 6] = [
    "first_name",
    "last_name",
    "preferred_name",
    "company",
    "title",
    "time_zone",
];

/// Those of them that nobody is without.
const NEEDED: [&str; 2] = ["first_name", "last_name"];

/// Members that are lists of contacts, with the kinds that each takes; none for social media.
const CONTACTS: [(&str, &[&str]); 5] = [
    ("email_addresses", &["personal", "work", "other"]),
    (
        "phone_numbers",
        &["home", "work", "mobile", "skype", "other"],
    ),
    ("addresses", &["home", "work", "other"]),
    (
        "website_addresses",
        &["personal", "company", "portfolio", "blog", "other"],
    ),
    ("social_media_addresses", &[]),
];

/// `GET /candidates`
pub(super) fn list(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let (id, now) = (ask.organization_id(), ask.now);
    let (email, tag) = (wanted.get("email"), wanted.get("tag"));
    let fits = |candidate: &&Candidate| {
        let tagged = |tag: &str| candidate.tags().any(|known| known == tag);
        candidate.organization_id == id
            && candidate.visible_from <= now
            && email.is_none_or(|email| candidate.has_email(email))
            && tag.is_none_or(tagged)
    };
    let candidates = ask.harvest().candidates.values();
    let all: Vec<Value> = candidates.filter(fits).map(views::candidate).collect();
    let own = [
        ("email", By::Otherwise),
        ("tag", By::Otherwise),
        ("private", By::Otherwise),
        ("last_activity_at", By::Time("last_activity_at")),
        ("custom_field_option_id", By::Nothing),
    ];
    wanted.page(ask, all, &own)
}

/// `POST /candidates`: a second person of the same address is made without a word.
pub(super) fn create(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let fields = ask.fields()?;
    for name in NEEDED {
        fields.required_text(name)?;
    }
    let application = match fields.0.get("application") {
        None | Some(Value::Null) => None,
        Some(Value::Object(members)) => {
            let fields = Fields(members.clone());
            applications::check(ask, &fields)?;
            Some(fields)
        }
        Some(_) => return Err(Problem::field("application", "It has to be an object.")),
    };
    let members = written(&fields)?;
    let delay = i64::from(ask.settings().candidate_delay_seconds);
    let candidate = Candidate {
        id: ask.world.draw_id(),
        organization_id: ask.organization_id(),
        members,
        visible_from: ask.now + TimeDelta::seconds(delay),
        last_activity_at: ask.now,
        times: Times::at(ask.now),
    };
    let shown = views::candidate(&candidate);
    let id = candidate.id;
    ask.world.harvest.candidates.insert(id, candidate);
    tags::follow(ask.world, ask.now, id);
    let application = match application {
        Some(fields) => applications::add(ask, id, &fields)?,
        None => Value::Null,
    };
    let body = match ask.settings().created_answer {
        CreatedAnswer::Wrapped => json!({"candidate": shown, "application": application}),
        CreatedAnswer::Bare => shown,
        CreatedAnswer::Message => json!({"message": "The candidate is being processed."}),
    };
    Ok(Answer::json(201, body))
}

/// `PATCH /candidates/{id}`: members that are given, each list whole.
pub(super) fn update(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let id = ask.id.ok_or_else(Problem::not_found)?;
    ask.candidate(id).ok_or_else(Problem::not_found)?;
    let members = written(&ask.fields()?)?;
    let now = ask.now;
    let candidates = &mut ask.world.harvest.candidates;
    let candidate = candidates.get_mut(&id).ok_or_else(Problem::not_found)?;
    candidate.members.extend(members);
    candidate.times.updated_at = now;
    candidate.last_activity_at = now;
    let shown = views::candidate(candidate);
    tags::follow(ask.world, now, id);
    doings::carry_over(ask.world, id);
    doings::updated(ask.world, now, id);
    Ok(Answer::json(200, shown))
}

/// What a body sets, by the names under which it is read.
fn written(fields: &Fields) -> Result<Map<String, Value>, Problem> {
    let mut members = Map::new();
    for name in TEXTS {
        if let Some(text) = fields.text(name)? {
            let cleared = text.is_empty() && !NEEDED.contains(&name);
            let value = if cleared { Value::Null } else { text.into() };
            members.insert(name.into(), value);
        }
    }
    for (name, kinds) in CONTACTS {
        if fields.has(name) {
            members.insert(name.into(), contacts(fields, name, kinds)?);
        }
    }
    if let Some(tags) = fields.texts("tags")? {
        members.insert("tags".into(), tags.into());
    }
    for (written, read) in [("is_private", "private"), ("can_email", "can_email")] {
        match fields.0.get(written) {
            None | Some(Value::Null) => {}
            Some(Value::Bool(flag)) => drop(members.insert(read.into(), (*flag).into())),
            Some(_) => return Err(Problem::field(written, "It has to be true or false.")),
        }
    }
    if fields.has("linked_user_ids") {
        let ids = fields.ids("linked_user_ids")?;
        members.insert("linked_user_ids".into(), ids.into());
    }
    Ok(members)
}

fn contacts(fields: &Fields, name: &str, kinds: &[&str]) -> Result<Value, Problem> {
    let bad = || Problem::field(name, "It has to be a list of objects with value and type.");
    let given = fields.0.get(name).and_then(Value::as_array);
    let contacts = given.ok_or_else(bad)?.iter().map(|contact| {
        let value = contact["value"]
            .as_str()
            .filter(|value| !value.is_empty())?;
        let kind = contact["type"].as_str();
        if kinds.is_empty() {
            return Some(json!({"value": value}));
        }
        let kind = kind.filter(|kind| kinds.contains(kind))?;
        Some(json!({"value": value, "type": kind}))
    });
    let contacts: Option<Vec<Value>> = contacts.collect();
    contacts.map(Value::from).ok_or_else(bad)
}
