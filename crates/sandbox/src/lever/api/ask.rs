//! What an endpoint is given to work with.

use std::collections::BTreeMap;

use serde_json::Value;

use super::answer::Problem;
use super::credential::Caller;
use super::query::Query;
use crate::lever::account::Account;
use crate::lever::opportunity::{Actor, Opportunity};
use crate::lever::world::Lever;

/// One call of someone who may make it.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) lever: &'a mut Lever,
    /// Milliseconds by the sandbox's clock.
    pub(crate) now: i64,
    pub(crate) caller: Caller,
    /// Below the API's home.
    pub(crate) path: &'a str,
    pub(crate) ids: &'a BTreeMap<String, String>,
    pub(crate) query: &'a Query,
    pub(crate) body: &'a [u8],
    pub(crate) content_type: &'a str,
    /// The sandbox's address without a slash at its end.
    pub(crate) base: &'a str,
}

impl<'a> Ask<'a> {
    /// An id of the path.
    pub(crate) fn id(&self, name: &str) -> &'a str {
        self.ids.get(name).map_or("", String::as_str)
    }

    /// The caller's account.
    ///
    /// # Errors
    /// 404: it is gone, which cannot be while its credential is known.
    pub(crate) fn account(&self) -> Result<&Account, Problem> {
        Ok(self.lever.account(&self.caller.account_id)?)
    }

    /// The opportunity that the path names.
    ///
    /// # Errors
    /// 404: the account has none of that id. 403, or as the account has it set: it is confidential.
    pub(crate) fn opportunity(&self) -> Result<&Opportunity, Problem> {
        let id = self.id("id");
        let account = self.account()?;
        let known = self.lever.opportunities.get(id);
        let known = known.filter(|known| known.account_id == account.id);
        let not_found = || Problem::not_found("Opportunity", id);
        let opportunity = known.ok_or_else(not_found)?;
        if !opportunity.confidential || self.sees_confidential() {
            return Ok(opportunity);
        }
        if account.settings.confidential_status == 404 {
            return Err(not_found());
        }
        Err(Problem::new(403, "The opportunity is confidential."))
    }

    /// Whether confidential data may be shown.
    pub(crate) fn sees_confidential(&self) -> bool {
        self.caller.has("confidential:access:admin")
    }

    /// In whose name the call is made: `perform_as`, or nobody's.
    ///
    /// # Errors
    /// 400: there is no such user. 403: they were deactivated.
    pub(crate) fn actor(&self) -> Result<Actor, Problem> {
        let Some(id) = self.query.first("perform_as") else {
            return Ok(self.caller.acting_for(None));
        };
        let mut users = self.account()?.users.iter();
        let user = users.find(|user| user.id == id).ok_or_else(|| {
            Problem::bad_request(format!("perform_as {id} is no user of this account."))
        })?;
        if user.deactivated_at.is_some() {
            return Err(Problem::new(
                403,
                format!("perform_as {id} was deactivated."),
            ));
        }
        Ok(self.caller.acting_for(Some(user.id.clone())))
    }

    /// The same where the endpoint insists on a user.
    ///
    /// # Errors
    /// As [`actor`](Self::actor), and 400 where `perform_as` is missing.
    pub(crate) fn required_actor(&self) -> Result<Actor, Problem> {
        if self.query.first("perform_as").is_none() {
            return Err(Problem::bad_request("perform_as is required."));
        }
        self.actor()
    }

    /// The body as a JSON object.
    ///
    /// # Errors
    /// 400: it is none.
    pub(crate) fn json(&self) -> Result<Fields, Problem> {
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            _ => Err(Problem::bad_request("The body has to be a JSON object.")),
        }
    }
}

/// The members of a body.
#[derive(Debug)]
pub(crate) struct Fields(pub(crate) serde_json::Map<String, Value>);

impl Fields {
    /// A text; none where it is missing or null.
    ///
    /// # Errors
    /// 400: it is something else.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Problem::bad_request(format!("{name} has to be a string."))),
        }
    }

    /// A list of texts; empty where it is missing.
    ///
    /// # Errors
    /// 400: it is something else.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let refused = || Problem::bad_request(format!("{name} has to be an array of strings."));
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let texts = items
                    .iter()
                    .map(|item| item.as_str().map(ToOwned::to_owned));
                texts.collect::<Option<_>>().ok_or_else(refused)
            }
            Some(_) => Err(refused()),
        }
    }

    /// A list of texts that holds at least one.
    ///
    /// # Errors
    /// 400: it is missing, empty or something else.
    pub(crate) fn some_texts(&self, name: &str) -> Result<Vec<String>, Problem> {
        let texts = self.texts(name)?;
        if texts.is_empty() {
            return Err(Problem::bad_request(format!("{name} is missing.")));
        }
        Ok(texts)
    }

    /// `true`, or `false` where it is missing.
    ///
    /// # Errors
    /// 400: it is something else.
    pub(crate) fn truth(&self, name: &str) -> Result<bool, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(_) => Err(Problem::bad_request(format!(
                "{name} has to be true or false."
            ))),
        }
    }

    /// A time in milliseconds, or another whole number.
    ///
    /// # Errors
    /// 400: it is something else.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(Problem::bad_request(format!(
                    "{name} has to be a whole number."
                ))),
            },
        }
    }
}
