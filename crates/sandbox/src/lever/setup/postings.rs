//! Postings.

use serde::Deserialize;

use super::required;
use crate::lever::account::Posting;
use crate::lever::tags;
use crate::lever::world::Lever;
use crate::refusal::Refusal;

const STATES: [&str; 6] = [
    "published",
    "internal",
    "closed",
    "draft",
    "pending",
    "rejected",
];

/// Members given are changed, the others stay.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PostingFields {
    pub(crate) text: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) department: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) commitment: Option<String>,
    /// All additional tags.
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) confidential: Option<bool>,
}

/// Creates a posting; its id.
///
/// # Errors
/// The account is unknown, there is no title, or the state is none.
pub(crate) fn create_posting(
    lever: &mut Lever,
    now: i64,
    account_id: &str,
    fields: PostingFields,
) -> Result<String, Refusal> {
    lever.account(account_id)?;
    required("text", fields.text.as_deref().unwrap_or_default())?;
    let mut posting = Posting {
        id: lever.ids.draw(),
        account_id: account_id.to_owned(),
        text: String::new(),
        state: "published".to_owned(),
        team: String::new(),
        department: String::new(),
        location: String::new(),
        commitment: String::new(),
        tags: Vec::new(),
        confidential: false,
        owner: None,
        created_at: now,
        updated_at: now,
    };
    apply(&mut posting, now, fields)?;
    let id = posting.id.clone();
    keep(lever, posting);
    Ok(id)
}

/// Changes a posting. A new title takes the place of the old one on opportunities.
///
/// # Errors
/// The posting is unknown, the title is blank, or the state is none.
pub(crate) fn change_posting(
    lever: &mut Lever,
    now: i64,
    id: &str,
    fields: PostingFields,
) -> Result<(), Refusal> {
    let mut posting = lever.posting(id)?.clone();
    let old = posting.text.clone();
    apply(&mut posting, now, fields)?;
    let new = posting.text.clone();
    keep(lever, posting);
    if new != old {
        tags::rename(lever, now, id, &old, &new);
    }
    Ok(())
}

fn keep(lever: &mut Lever, posting: Posting) {
    let given: Vec<String> = posting.given_tags().cloned().collect();
    tags::learn(lever, &posting.account_id, &given);
    lever.postings.insert(posting.id.clone(), posting);
}

fn apply(posting: &mut Posting, now: i64, fields: PostingFields) -> Result<(), Refusal> {
    if let Some(text) = fields.text {
        posting.text = required("text", &text)?;
    }
    if let Some(state) = fields.state {
        if !STATES.contains(&state.as_str()) {
            let message = format!("The state is one of {}.", STATES.join(", "));
            return Err(Refusal::field("state", message));
        }
        posting.state = state;
    }
    let places = [
        (&mut posting.team, fields.team),
        (&mut posting.department, fields.department),
        (&mut posting.location, fields.location),
        (&mut posting.commitment, fields.commitment),
    ];
    for (place, text) in places {
        if let Some(text) = text {
            text.trim().clone_into(place);
        }
    }
    if let Some(tags) = fields.tags {
        posting.tags = tags
            .into_iter()
            .filter(|tag| !tag.trim().is_empty())
            .collect();
    }
    posting.confidential = fields.confidential.unwrap_or(posting.confidential);
    posting.updated_at = now;
    Ok(())
}
