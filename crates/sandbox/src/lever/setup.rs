//! What an administrator of an account sets up: people, stages, postings; and what can be changed of an opportunity.

mod accounts;
mod opportunities;
mod postings;

pub(crate) use accounts::{
    UserFields, add_stage, add_user, change_settings, change_user, create_account, delete_stage,
    rename_stage,
};
pub(crate) use opportunities::{OpportunityFields, change_opportunity};
pub(crate) use postings::{PostingFields, change_posting, create_posting};

use crate::refusal::Refusal;

fn required(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        let shown = field.replace('_', " ");
        let message = format!("The {shown} is missing: enter one.");
        return Err(Refusal::field(field, message));
    }
    Ok(text.to_owned())
}
