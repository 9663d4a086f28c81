//! Accounts with their users and stages.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{PostingFields, create_posting, required};
use crate::faults::Faults;
use crate::lever::account::{ACCESS_ROLES, Account, ArchiveReason, SUPER_ADMIN, Stage, User};
use crate::lever::settings::Settings;
use crate::lever::world::Lever;
use crate::refusal::Refusal;
use crate::secret::Secret;

/// The stages that every account has before those of its own, with their ids.
const BUILT_IN: [(&str, &str); 4] = [
    ("lead-new", "New lead"),
    ("lead-reached-out", "Reached out"),
    ("lead-responded", "Responded"),
    ("applicant-new", "New applicant"),
];

const REASONS: [(&str, &str); 4] = [
    ("Hired", "hired"),
    ("Underqualified", "non-hired"),
    ("Withdrew", "non-hired"),
    ("Position closed", "non-hired"),
];

const PEOPLE: [(&str, &str); 3] = [
    ("Sam Superadmin", SUPER_ADMIN),
    ("Ada Admin", "admin"),
    ("Rosa Recruiter", "team member"),
];

/// Creates an account with people, stages, archive reasons and one posting; its id.
///
/// # Errors
/// No name, or a setting at fault.
pub(crate) fn create_account(
    lever: &mut Lever,
    now: i64,
    name: &str,
    settings: Map<String, Value>,
) -> Result<String, Refusal> {
    let name = required("name", name)?;
    let settings = Settings::default().changed(settings)?;
    let id = lever.ids.draw();
    let reasons = REASONS.map(|(text, kind)| ArchiveReason {
        id: lever.ids.draw(),
        text: text.to_owned(),
        kind: kind.to_owned(),
    });
    let account = Account {
        id: id.clone(),
        name: name.clone(),
        api_key: Secret::draw(24),
        settings,
        users: Vec::new(),
        stages: first_stages(lever),
        archive_reasons: reasons.to_vec(),
        known_tags: BTreeSet::new(),
        enabled_events: BTreeSet::new(),
        faults: Faults::default(),
        allowances: BTreeMap::new(),
    };
    lever.accounts.insert(id.clone(), account);
    let host: String = name
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    for (person, role) in PEOPLE {
        let first = person.split(' ').next().unwrap_or(person).to_lowercase();
        let fields = UserFields {
            name: Some(person.to_owned()),
            email: Some(format!("{first}@{host}.customer.example")),
            access_role: Some(role.to_owned()),
            deactivated: None,
        };
        add_user(lever, now, &id, fields)?;
    }
    let posting = PostingFields {
        text: Some("Systems engineer".to_owned()),
        team: Some("Platform".to_owned()),
        department: Some("Engineering".to_owned()),
        location: Some("Lisbon".to_owned()),
        commitment: Some("Full-time".to_owned()),
        ..PostingFields::default()
    };
    create_posting(lever, now, &id, posting)?;
    Ok(id)
}

/// Those that every account has, two of the customer's own, and one of its own after the offer.
fn first_stages(lever: &mut Lever) -> Vec<Stage> {
    let stage = |id: &str, text: &str| Stage {
        id: id.to_owned(),
        text: text.to_owned(),
    };
    let mut stages: Vec<Stage> = BUILT_IN.iter().map(|(id, text)| stage(id, text)).collect();
    stages.push(stage(&lever.ids.draw(), "Assessment"));
    stages.push(stage(&lever.ids.draw(), "On-site interview"));
    stages.push(stage("offer", "Offer"));
    stages.push(stage(&lever.ids.draw(), "Background check"));
    stages
}

/// Changes settings; what is not named stays.
///
/// # Errors
/// The account is unknown, or a setting is at fault.
pub(crate) fn change_settings(
    lever: &mut Lever,
    id: &str,
    mut change: Map<String, Value>,
) -> Result<(), Refusal> {
    let account = lever.account_mut(id)?;
    let name = match change.remove("name") {
        Some(name) => required("name", name.as_str().unwrap_or_default())?,
        None => account.name.clone(),
    };
    account.settings = account.settings.changed(change)?;
    account.name = name;
    Ok(())
}

/// Members given are changed, the others stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UserFields {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) access_role: Option<String>,
    pub(crate) deactivated: Option<bool>,
}

/// Adds a user to an account; their id. A Team Member unless another role is given.
///
/// # Errors
/// The account is unknown, name or address are missing, or the role is none.
pub(crate) fn add_user(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    fields: UserFields,
) -> Result<String, Refusal> {
    lever.account(account_id)?;
    required("name", fields.name.as_deref().unwrap_or_default())?;
    required("email", fields.email.as_deref().unwrap_or_default())?;
    let id = lever.ids.draw();
    let mut user = User {
        id: id.clone(),
        name: String::new(),
        username: String::new(),
        email: String::new(),
        access_role: "team member".to_owned(),
        created_at: now,
        deactivated_at: None,
    };
    apply(&mut user, now, fields)?;
    lever.account_mut(account_id)?.users.push(user);
    Ok(id)
}

/// Changes a user, whichever account they are in; the account's id.
///
/// # Errors
/// The user is unknown, a name or address is blank, or the role is none.
pub(crate) fn change_user(
    lever: &mut Lever,
    now: i64,
    id: &str,
    fields: UserFields,
) -> Result<String, Refusal> {
    let mut accounts = lever.accounts.values_mut();
    let found = accounts.find_map(|account| {
        let user = account.users.iter_mut().find(|user| user.id == id)?;
        Some((account.id.clone(), user))
    });
    let (account_id, user) = found.ok_or_else(|| Refusal::unknown("user", id))?;
    let mut changed = user.clone();
    apply(&mut changed, now, fields)?;
    *user = changed;
    Ok(account_id)
}

fn apply(user: &mut User, now: i64, fields: UserFields) -> Result<(), Refusal> {
    if let Some(name) = fields.name {
        user.name = required("name", &name)?;
    }
    if let Some(email) = fields.email {
        user.email = required("email", &email)?;
        user.username = user.email.split('@').next().unwrap_or_default().to_owned();
    }
    if let Some(role) = fields.access_role {
        if !ACCESS_ROLES.contains(&role.as_str()) {
            let known = ACCESS_ROLES.join(", ");
            let message = format!("The access role is one of {known}.");
            return Err(Refusal::field("access_role", message));
        }
        user.access_role = role;
    }
    match fields.deactivated {
        Some(true) => user.deactivated_at = user.deactivated_at.or(Some(now)),
        Some(false) => user.deactivated_at = None,
        None => {}
    }
    Ok(())
}

/// Adds a stage behind another one, or at the end; its id.
///
/// # Errors
/// Account or stage are unknown, or there is no name.
pub(crate) fn add_stage(
    lever: &mut Lever,
    account_id: &str,
    text: &str,
    after: Option<&str>,
) -> Result<String, Refusal> {
    let text = required("text", text)?;
    let id = lever.ids.draw();
    let account = lever.account_mut(account_id)?;
    let at = match after {
        Some(after) => {
            account.stage(after)?;
            account
                .stage_index(after)
                .map_or(account.stages.len(), |at| at + 1)
        }
        None => account.stages.len(),
    };
    let stage = Stage {
        id: id.clone(),
        text,
    };
    account.stages.insert(at, stage);
    Ok(id)
}

/// Renames a stage; its id stays.
///
/// # Errors
/// Account or stage are unknown, or there is no name.
pub(crate) fn rename_stage(
    lever: &mut Lever,
    account_id: &str,
    id: &str,
    text: &str,
) -> Result<(), Refusal> {
    let text = required("text", text)?;
    let account = lever.account_mut(account_id)?;
    let stage = account.stages.iter_mut().find(|stage| stage.id == id);
    stage.ok_or_else(|| Refusal::unknown("stage", id))?.text = text;
    Ok(())
}

/// Deletes a stage. Whoever is in it goes on being there, as in an account whose records are older than its pipeline.
///
/// # Errors
/// Account or stage are unknown, or it is one that every account has.
pub(crate) fn delete_stage(lever: &mut Lever, account_id: &str, id: &str) -> Result<(), Refusal> {
    let account = lever.account_mut(account_id)?;
    let name = account.stage(id)?.text.clone();
    if id == "offer" || BUILT_IN.iter().any(|(built_in, _)| *built_in == id) {
        let why = format!("{name} is a stage that every account has: it cannot be deleted.");
        return Err(Refusal::Conflict(why));
    }
    account.stages.retain(|stage| stage.id != id);
    Ok(())
}
