//! Users, their addresses, and sources.

use serde_json::Value;

use super::ask::Ask;
use super::list::{By, Wanted, flag, values};
use super::problem::Problem;
use crate::answer::Answer;
use crate::harvest::views;

/// `GET /users`
pub(super) fn users(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let service = wanted.get("show_service_accounts");
    let service = service.map_or(Ok(false), |value| flag("show_service_accounts", value))?;
    let email = wanted.get("primary_email");
    let fits = |user: &&crate::harvest::records::User| {
        let main = user.emails.first();
        let is = |email: &str| main.is_some_and(|main| main.eq_ignore_ascii_case(email));
        (service || !user.service_account) && email.is_none_or(is)
    };
    let users = ask.harvest().users_of(ask.organization_id());
    let all: Vec<Value> = users.filter(fits).map(views::user).collect();
    let own = [
        ("primary_email", By::Otherwise),
        ("show_service_accounts", By::Otherwise),
        ("deactivated", By::Flag("deactivated")),
        ("agency_ids", By::Ids("agency_id")),
        ("linked_candidate_ids", By::AnyId("linked_candidate_ids")),
        ("office_ids", By::AnyId("office_ids")),
        ("department_ids", By::AnyId("department_ids")),
        ("interviewer_tag_ids", By::Nothing),
        ("employee_ids", By::Nothing),
        ("external_office_id", By::Nothing),
        ("external_department_id", By::Nothing),
        ("custom_field_option_id", By::Nothing),
    ];
    wanted.page(ask, all, &own)
}

/// `GET /user_emails`
pub(super) fn user_emails(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let named = wanted.get("email").map(|value| values("email", value));
    let named = named.transpose()?;
    let fits = |email: &str| {
        let mut named = named.iter().flatten();
        wanted.get("email").is_none() || named.any(|named| named.eq_ignore_ascii_case(email))
    };
    let users = ask.harvest().users_of(ask.organization_id());
    let all: Vec<Value> = users
        .flat_map(views::user_emails)
        .filter(|row| row["email"].as_str().is_some_and(fits))
        .collect();
    let own = [
        ("email", By::Otherwise),
        ("user_ids", By::Ids("user_id")),
        ("verified", By::Flag("verified")),
        (
            "verification_token_sent_at",
            By::Time("verification_token_sent_at"),
        ),
    ];
    wanted.page(ask, all, &own)
}

/// `GET /sources`
pub(super) fn sources(ask: &mut Ask<'_>) -> Result<Answer, Problem> {
    let wanted = Wanted::of(ask)?;
    let id = ask.organization_id();
    let sources = ask.harvest().sources.values();
    let of_organization = sources.filter(|source| source.organization_id == id);
    let all: Vec<Value> = of_organization.map(views::source).collect();
    wanted.page(ask, all, &[])
}
